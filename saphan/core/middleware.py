"""The outermost edge: whether the site is ready, and one calm page when the store is not."""

import logging
import sys
import tempfile
import time
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.core.signals import got_request_exception
from django.db import Error as StoreError
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, JsonResponse
from django.template.loader import render_to_string
from django.utils.cache import add_never_cache_headers

from saphan.core.outbox import heartbeat_file
from saphan.core.storage import is_storage_failure

Respond = Callable[[HttpRequest], HttpResponse]
WORKER_LATE_AFTER = 120  # seconds; a mail may take a worker as long as the mail server's patience
RETRY_AFTER = "30"
log = logging.getLogger(__name__)


class HealthMiddleware:
    """Answers /healthz before anything else: no session, any host name. 200 when the site can read and write, else 503."""

    migrated = False

    def __init__(self, get_response: Respond) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path_info != "/healthz":
            return self.get_response(request)
        if request.method not in {"GET", "HEAD"}:
            return HttpResponseNotAllowed(["GET", "HEAD"])
        return self._answer()

    def _answer(self) -> HttpResponse:
        findings = {"database": _database(), "data": _data_directory()}
        findings["migrations"] = self._migrations() if findings["database"] == "ready" else "unknown"
        ready = set(findings.values()) == {"ready"}
        response = JsonResponse({"status": "ready" if ready else "unready", **findings, "worker": _worker()}, status=200 if ready else 503)
        add_never_cache_headers(response)
        return response

    def _migrations(self) -> str:
        """Asked until the answer is yes; afterwards it stays yes as long as this process lives."""
        if not HealthMiddleware.migrated:
            try:
                executor = MigrationExecutor(connection)
                HealthMiddleware.migrated = not executor.migration_plan(executor.loader.graph.leaf_nodes())
            except StoreError:
                return "unknown"
        return "ready" if HealthMiddleware.migrated else "missing"


def _database() -> str:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except StoreError:
        return "away"
    return "ready"


def _data_directory() -> str:
    try:
        with tempfile.TemporaryFile(dir=settings.DATA) as probe:
            probe.write(b"x" * 4096)
    except OSError:
        return "not writable"
    return "ready"


def _worker() -> str:
    """The worker's own sign of life. It does not decide readiness: pages work without it, mails wait."""
    try:
        age = time.time() - heartbeat_file().stat().st_mtime
    except OSError:
        return "absent"
    return "alive" if age < WORKER_LATE_AFTER else "late"


class StorageMiddleware:
    """A store that is full, read-only, busy or away gives 503 and a plain sentence, wherever in the request it shows."""

    def __init__(self, get_response: Respond) -> None:
        self.get_response = get_response
        got_request_exception.connect(_note_failure, dispatch_uid="storage failure")

    def __call__(self, request: HttpRequest) -> HttpResponse:
        try:
            response = self.get_response(request)
        except (StoreError, OSError) as error:  # the outer handlers of Django would make it a 500
            if not is_storage_failure(error):
                raise
            return cannot_save(error)
        failure = getattr(request, "storage_failure", None)
        return cannot_save(failure) if failure and response.status_code == 500 else response

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:  # noqa: ARG002  # Django's shape
        return cannot_save(exception) if is_storage_failure(exception) else None


def _note_failure(sender: Any, request: HttpRequest | None = None, **_rest: Any) -> None:  # noqa: ARG001  # a signal's shape
    """A session or an account that could not be saved fails between the middlewares, where Django answers 500 before we see it."""
    error = sys.exc_info()[1]
    if request is not None and is_storage_failure(error):
        request.storage_failure = error  # type: ignore[attr-defined]  # read again above


def cannot_save(error: BaseException) -> HttpResponse:
    """The page of 503. Made without the database; the log gets the kind of the error and no value."""
    log.error("storage failure: %s", type(error).__name__)
    response = HttpResponse(render_to_string("503.html"), status=503, headers={"Retry-After": RETRY_AFTER})
    add_never_cache_headers(response)
    return response
