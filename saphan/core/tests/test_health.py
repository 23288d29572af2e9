import os
import time

import pytest
from django.db import OperationalError, connection
from django.db.migrations.executor import MigrationExecutor

from saphan.core import middleware
from saphan.core.outbox import beat, heartbeat_file

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def data(settings, tmp_path):
    settings.DATA = tmp_path
    return tmp_path


def test_a_site_that_can_read_and_write_is_ready(client):
    response = client.get("/healthz", headers={"host": "any.name.example"})
    assert response.status_code == 200
    assert response.json() == {"status": "ready", "database": "ready", "data": "ready", "migrations": "ready", "worker": "absent"}
    assert "no-store" in response["Cache-Control"]
    assert not response.cookies


def test_health_is_only_asked(client):
    assert client.post("/healthz").status_code == 405


def test_a_data_directory_that_cannot_be_written_is_not_ready(client, settings, data):
    settings.DATA = data / "gone"
    response = client.get("/healthz")
    assert response.status_code == 503
    assert response.json()["data"] == "not writable"


def test_a_database_that_is_away_is_not_ready(client, monkeypatch):
    def away():
        raise OperationalError("CANARY")

    monkeypatch.setattr(connection, "cursor", away)
    response = client.get("/healthz")
    assert response.status_code == 503
    assert response.json()["database"] == "away"
    assert b"CANARY" not in response.content


def test_missing_migrations_are_not_ready(client, monkeypatch):
    monkeypatch.setattr(middleware.HealthMiddleware, "migrated", False)
    monkeypatch.setattr(MigrationExecutor, "migration_plan", lambda *_: ["one"])
    assert client.get("/healthz").json()["migrations"] == "missing"


def test_the_worker_is_seen_by_its_sign_of_life(client):
    beat()
    assert client.get("/healthz").json()["worker"] == "alive"
    os.utime(heartbeat_file(), (time.time() - 300,) * 2)
    response = client.get("/healthz")
    assert response.json()["worker"] == "late"
    assert response.status_code == 200
