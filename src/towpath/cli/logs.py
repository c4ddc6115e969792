"""How servers and workers log: on stderr, one line for each event, as text or as JSON for programs."""

from __future__ import annotations

import json
import logging
import sys
import time
from collections.abc import Mapping

from towpath.errors import InputError

LEVELS = ("debug", "info", "warning", "error")
FORMATS = ("text", "json")
TEXT = "%(asctime)s %(levelname)s %(name)s: %(message)s"
# Loggers of libraries that tell of every call below a warning.
_CHATTY = ("asyncio", "uvicorn", "procrastinate", "celery", "kombu", "amqp", "psycopg")


class JsonLines(logging.Formatter):
    """One JSON object for each event: time (UTC), level, logger, message, and the trace of an error."""

    def format(self, record: logging.LogRecord) -> str:
        """The line."""
        seconds = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(record.created))
        said = {
            "time": f"{seconds}.{int(record.msecs):03d}Z", "level": record.levelname.lower(), "logger": record.name,
            "message": record.getMessage(), "process": record.process, "thread": record.threadName,
        }  # fmt: skip
        if record.exc_info:
            said["error"] = self.formatException(record.exc_info)
        return json.dumps(said, ensure_ascii=False)


def set_up_logs(environment: Mapping[str, str]) -> None:
    """Log as ``TOWPATH_LOG`` (text or json) and ``TOWPATH_LOG_LEVEL`` say; InputError for other words."""
    kind = _chosen(environment, "TOWPATH_LOG", FORMATS, "text")
    level = _chosen(environment, "TOWPATH_LOG_LEVEL", LEVELS, "info")
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonLines() if kind == "json" else logging.Formatter(TEXT))
    logging.basicConfig(level=level.upper(), handlers=[handler], force=True)
    for name in _CHATTY:
        logging.getLogger(name).setLevel(max(logging.getLogger().level, logging.WARNING))


def _chosen(environment: Mapping[str, str], name: str, known: tuple[str, ...], default: str) -> str:
    written = environment.get(name) or default
    if written.lower() not in known:
        raise InputError(
            f"{name} is {written!r}", code="settings.log", hint=f"Known: {', '.join(known)}.", params={"name": name}
        )
    return written.lower()
