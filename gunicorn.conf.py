"""Gunicorn as Vertex wants it: one process with many threads, and the threads that run jobs."""

import os

from gunicorn.arbiter import Arbiter
from gunicorn.workers.base import Worker

from vertex.jobs import JobLoop
from vertex.settings import Settings, SettingsError
from vertex.web.first_start import announce
from vertex.web.logs import gunicorn_config

try:
    settings = Settings.from_env()
except SettingsError as error:
    raise SystemExit(str(error)) from None

wsgi_app = "wsgi:app"
bind = f"127.0.0.1:{os.environ.get('PORT') or 8000}"
worker_class = "gthread"
workers = settings.workers
threads = settings.threads  # a phone on a bad line holds one
timeout = 60
graceful_timeout = 20
keepalive = 5
# whom to believe is told to the app (VERTEX_TRUSTED_PROXIES), once
forwarded_allow_ips = ""
control_socket_disable = True
logconfig_dict = gunicorn_config()

loops: dict[int, JobLoop] = {}


def post_worker_init(worker: Worker) -> None:
    """Begin to run jobs, in each process that serves."""
    announce(worker.wsgi)
    loops[worker.pid] = JobLoop(worker.wsgi)
    loops[worker.pid].start()


def worker_exit(server: Arbiter, worker: Worker) -> None:
    """Let the jobs under way end."""
    loop = loops.pop(worker.pid, None)
    if loop is not None:
        loop.stop()
