"""Gunicorn as Vertex wants it: one process, many threads, those that run jobs among them."""

import os
import socket

from gunicorn.arbiter import Arbiter
from gunicorn.workers.base import Worker

from vertex.jobs import JobLoop, Ticker
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

_STALLED = 60_000  # ms that a reader may take nothing before its thread is wanted back

background: dict[int, tuple[JobLoop, Ticker]] = {}


def when_ready(server: Arbiter) -> None:
    """Have the kernel end connections whose other end takes nothing: they inherit this."""
    for listener in server.LISTENERS:
        if listener.sock.family != socket.AF_UNIX:
            listener.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, _STALLED)


def post_worker_init(worker: Worker) -> None:
    """Begin to run jobs, in each process that serves; Celery's workers do it where there are."""
    announce(worker.wsgi)
    if settings.jobs == "celery":
        return
    background[worker.pid] = JobLoop(worker.wsgi), Ticker(worker.wsgi)
    for part in background[worker.pid]:
        part.start()


def worker_exit(server: Arbiter, worker: Worker) -> None:
    """Let the jobs under way end."""
    for part in reversed(background.pop(worker.pid, ())):
        part.stop()
