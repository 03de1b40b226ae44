#!/usr/bin/env bash
# Migrates, fills an empty installation with the demo and serves it. Usage: run.sh PORT [HTTPS]
# With HTTPS=1 it serves the address of this machine in its network, with a certificate made here:
# phones give the camera to https alone.
set -euo pipefail
cd "$(dirname "$0")/.."
export PORT=$1
https=${2:-}
bin=.venv/bin
options=()

if [ -n "$https" ]; then
  eval "$("$bin/python" deploy/lan.py)" # sets address, certificate and key
  export VERTEX_PUBLIC_URL="https://$address:$PORT"
  options=(--bind "$address:$PORT" --certfile "$certificate" --keyfile "$key")
elif [ -z "${VERTEX_PUBLIC_URL:-}" ]; then
  export VERTEX_PUBLIC_URL="http://localhost:$PORT"
fi

"$bin/flask" db upgrade
"$bin/flask" static compress
"$bin/flask" demo ${https:+--qr}
exec "$bin/gunicorn" wsgi:app "${options[@]}"
