"""Logs: one JSON object a line on stderr, ours and the libraries', with what is bound to it."""

import logging
import sys
from typing import Any, TextIO

import structlog
from flask import Flask
from structlog.processors import ExceptionRenderer
from structlog.tracebacks import ExceptionDictTransformer
from structlog.typing import Processor

from vertex.runtime import Runtime
from vertex.settings import Settings

_SHARED: tuple[Processor, ...] = (
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_log_level,
    structlog.stdlib.add_logger_name,
    structlog.stdlib.PositionalArgumentsFormatter(),
    structlog.stdlib.ExtraAdder(),
    structlog.processors.TimeStamper(fmt="iso", utc=True, key="time"),
)


class StderrHandler(logging.StreamHandler[TextIO]):
    """Writes to what sys.stderr is at that moment."""

    def __init__(self) -> None:
        logging.Handler.__init__(self)

    @property
    def stream(self) -> TextIO:
        """The standard error of now, which a test or a server may have replaced."""
        return sys.stderr

    @stream.setter
    def stream(self, value: TextIO) -> None:
        raise AttributeError("this handler always writes to sys.stderr")


def init_app(app: Flask) -> None:
    """Set logging up for this process, as the app's settings say."""
    collaborators: Runtime = app.extensions["vertex"]
    configure(collaborators.settings)


def configure(settings: Settings) -> None:
    """Send every line of this process through one formatter; doing it again replaces it."""
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *_SHARED,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=False,
    )
    handler = StderrHandler()
    handler.setFormatter(formatter(settings.log_format))
    root = logging.getLogger()
    root.handlers = [other for other in root.handlers if not isinstance(other, StderrHandler)]
    root.addHandler(handler)
    root.setLevel(settings.log_level)
    # its line a request repeats ours, without the request id
    logging.getLogger("werkzeug").setLevel(logging.WARNING)
    logging.getLogger("alembic").setLevel(logging.WARNING)


def formatter(log_format: str = "json") -> structlog.stdlib.ProcessorFormatter:
    """A formatter for any logging handler, in JSON or for a person's eyes."""
    last: list[Processor] = [structlog.stdlib.ProcessorFormatter.remove_processors_meta]
    if log_format == "json":
        last += [
            # without locals: they hold passwords and pictures
            ExceptionRenderer(ExceptionDictTransformer(show_locals=False, max_frames=12)),
            structlog.processors.JSONRenderer(ensure_ascii=False, default=str),
        ]
    else:
        last += [structlog.dev.ConsoleRenderer(colors=False)]
    return structlog.stdlib.ProcessorFormatter(foreign_pre_chain=_SHARED, processors=last)


def gunicorn_config() -> dict[str, Any]:
    """Gunicorn's own lines in our format; its access log stays off, the app writes one."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"json": {"()": "vertex.web.logs.formatter"}},
        "handlers": {"stderr": {"class": "vertex.web.logs.StderrHandler", "formatter": "json"}},
        "root": {"level": "INFO", "handlers": ["stderr"]},
        "loggers": {"gunicorn.error": {"level": "INFO", "propagate": True, "handlers": []}},
    }
