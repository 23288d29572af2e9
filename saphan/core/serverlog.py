"""The web server's own log, errors and accesses alike, written as ours is: without addresses (loglines.py)."""

from typing import Any

from gunicorn.glogging import Logger

from saphan.core.loglines import Line


class ServerLog(Logger):
    """Named to gunicorn by `--logger-class`."""

    def setup(self, cfg: Any) -> None:
        """As gunicorn does it, then with our own way to write a line."""
        super().setup(cfg)
        for log, shape in ((self.error_log, self.error_fmt), (self.access_log, self.access_fmt)):
            for handler in log.handlers:
                handler.setFormatter(Line(shape, self.datefmt))
