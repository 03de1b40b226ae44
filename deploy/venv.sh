#!/usr/bin/env bash
# Makes the virtual environment; Debian keeps the part of Python that does so in a package of its own.
set -euo pipefail
venv=$1

python=$(command -v python3.11 || command -v python3 || true)
if [ -z "$python" ] || ! "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))'; then
  echo "Python 3.11 or newer is needed: apt-get install python3" >&2
  exit 1
fi
if ! "$python" -c 'import ensurepip, venv' 2>/dev/null; then
  if [ "$(id -u)" != 0 ]; then
    echo "One package is missing. As root: apt-get update && apt-get install -y python3-venv" >&2
    exit 1
  fi
  apt-get update -qq
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq python3-venv > /dev/null
fi
[ -x "$venv/bin/python" ] || "$python" -m venv "$venv"
