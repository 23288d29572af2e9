"""No address stands in a line of the log: it may hold the token of a reader or the id of a person."""

import io
import logging
from types import SimpleNamespace

import pytest

from saphan.core.loglines import NOWHERE, Line
from saphan.core.serverlog import ServerLog

TOKEN = "WyIwMTk5Il0:1vPX5k:pG0l_5bYH-7Ry0Zt0Q2c9XwqvJmY3Kf1dRkq8"


def written(name, message, *arguments, exc_info=None):
    record = logging.LogRecord(name, logging.WARNING, __file__, 1, message, arguments, exc_info)
    return Line("%(name)s %(message)s").format(record)


@pytest.mark.parametrize("path", [f"/en/newsletter/own/{TOKEN}/", f"/th/newsletter/leave/{TOKEN}/?from=own", f"/km/needs/follow/{TOKEN}/"])
def test_a_page_is_named_by_its_route(path):
    line = written("django.request", "Unprocessable Entity: %s", path)
    assert TOKEN not in line
    assert "newsletter:" in line or "exchange:" in line


def test_a_mistyped_address_is_no_address():
    for path in ("/en/newsletter/own/secret-token", "/nowhere/secret-token", "/"):
        assert "secret-token" not in written("django.request", "Not Found: %s", path)
    assert NOWHERE in written("django.request", "Not Found: %s", "/nowhere/secret-token")


def test_a_token_in_a_traceback_is_hidden_and_its_files_are_told():
    try:
        raise ValueError(f"Reverse for 'own' with arguments ('{TOKEN}',)")
    except ValueError as error:
        line = written(
            "django.request", "Internal Server Error: %s", f"/en/newsletter/own/{TOKEN}/", exc_info=(ValueError, error, error.__traceback__)
        )
    assert TOKEN not in line
    assert "test_loglines.py" in line


def test_other_lines_stay_as_they_are():
    assert written("saphan.core", "cannot write %s", "/srv/data/rendered") == "saphan.core cannot write /srv/data/rendered"
    assert written("gunicorn.error", "Listening at: http://127.0.0.1:8000 (7)") == "gunicorn.error Listening at: http://127.0.0.1:8000 (7)"


def test_the_web_servers_log_of_accesses_names_routes_and_not_where_the_reader_came_from():
    from gunicorn.config import Config

    config = Config()
    config.set("accesslog", "-")
    log, kept = ServerLog(config), io.StringIO()
    for handler in log.access_log.handlers:
        handler.setStream(kept)
    request = SimpleNamespace(headers=[("REFERER", f"http://localhost/en/newsletter/own/{TOKEN}/")])
    environ = {
        "REQUEST_METHOD": "POST", "RAW_URI": f"/en/newsletter/leave/{TOKEN}/", "SERVER_PROTOCOL": "HTTP/1.1", "REMOTE_ADDR": "192.0.2.1",
        "HTTP_REFERER": f"http://localhost/en/newsletter/own/{TOKEN}/",
    }  # fmt: skip
    from datetime import timedelta

    log.access(SimpleNamespace(status="200 OK", sent=1, headers=[]), request, environ, timedelta(seconds=1))
    assert "(newsletter:leave)" in kept.getvalue()
    assert TOKEN not in kept.getvalue()
