"""The doors between two machines: as carried files, and over a web server."""

import json
from pathlib import Path

import pytest

from saphan.releases.tests.conftest import Machine, call

pytestmark = pytest.mark.installations

Pair = tuple[Machine, Machine]
CANARY = "canary-51C9"

PUBLISH = """
from datetime import UTC, datetime
from saphan.access.seeds import plant_people
from saphan.access.models import User
from saphan.directory.models import Service
from saphan.releases.directory import publish_service_directory
at = datetime(2026, 11, 23, 5, tzinfo=UTC)
if not User.objects.exists():
    people = plant_people(password="a long demo password", at=at, second_step=False)
    people.owner.grants.update(role="statistics_officer")
Service.objects.create(organisation=User.objects.get(email="somsri@demo.example").org, name_en="Legal aid {n}", kind="legal_aid", public={public})
publish_service_directory(by=User.objects.get(email="somsri@demo.example"), at=at)
"""
SHOWN = (
    "from saphan.releases.selectors import current; p = current('service_directory', 'all'); print(p and [s['name_en'] for s in p.body['services']])"
)
SEAL = f"""
from datetime import UTC, datetime
from saphan.releases.reports import seal_report
seal_report(kind="concern", body={{"text": "Somebody is locked in. {CANARY}"}}, at=datetime(2026, 11, 23, 5, tzinfo=UTC))
"""
OUTCOMES = "from saphan.releases.models import ReportReceipt; print([r.outcome for r in ReportReceipt.objects.all()])"


def publish(casework: Machine, n: int, public: bool = True) -> None:
    casework.python(PUBLISH.format(n=n, public=public))


def test_the_public_machine_has_no_table_below_the_wall_and_the_casework_none_of_the_portal(two_machines: Pair) -> None:
    public, casework = two_machines
    assert [table for table in public.tables() if table.startswith("care_")] == []
    assert [table for table in casework.tables() if table.startswith(("wagtail", "news_", "site_"))] == []
    assert [table for table in casework.tables() if table.startswith("care_persons")] != []


def test_releases_travel_as_a_file_and_never_go_back(two_machines: Pair, tmp_path: Path) -> None:
    public, casework = two_machines
    publish(casework, 1)
    casework.saphan("releases", "export", tmp_path / "old.jsonl")
    casework.python(PUBLISH.format(n=2, public=False) + PUBLISH.format(n=3, public=True))
    casework.saphan("releases", "export", tmp_path)
    new = tmp_path / "releases.jsonl"
    assert "ok" in public.saphan("releases", "import", tmp_path)
    assert "ok" in public.saphan("releases", "import", new)  # a replay is harmless
    assert "newer release" in public.saphan("releases", "import", tmp_path / "old.jsonl", fails=True)
    (tmp_path / "forged.jsonl").write_text(new.read_text().replace("Legal aid 3", "Legal aid 9"))
    assert (tmp_path / "forged.jsonl").read_bytes() != new.read_bytes()
    public.saphan("releases", "import", tmp_path / "forged.jsonl", fails=True)
    assert public.python(SHOWN) == "['Legal aid 1', 'Legal aid 3']"


def test_a_public_machine_that_pinned_another_key_takes_nothing(two_machines: Pair, tmp_path: Path) -> None:
    public, casework = two_machines
    publish(casework, 1)
    casework.saphan("releases", "export", tmp_path / "one.jsonl")
    other = Machine("casework", tmp_path / "other")
    (public.data / "keys" / "peers" / "casework.pub").write_text(other.saphan("keys", "show-public"))
    public.saphan("releases", "import", tmp_path / "one.jsonl", fails=True)
    assert public.python(SHOWN) == "None"


def test_reports_travel_sealed_as_a_file_and_are_deleted_after_the_acknowledgement(two_machines: Pair, tmp_path: Path) -> None:
    public, casework = two_machines
    publish(casework, 1)  # the casework has people who answer
    public.python(SEAL)
    assert CANARY.encode() not in public.bytes_of_database()
    sealed = tmp_path / "reports.jsonl"
    public.saphan("reports", "export", sealed)
    assert CANARY.encode() not in sealed.read_bytes()
    assert "no private key" in public.saphan("reports", "import", sealed, fails=True)
    casework.saphan("reports", "import", sealed)
    casework.saphan("reports", "import", sealed)  # a second reading opens nothing twice
    assert casework.python(OUTCOMES) == "['received']"
    assert "1 reports deleted" in public.saphan("reports", "acknowledge", tmp_path / "reports.jsonl.acknowledged")
    assert "0 sealed" in public.saphan("reports", "export", sealed)


def test_both_doors_over_the_web(two_machines: Pair, public_address: str) -> None:
    public, casework = two_machines
    publish(casework, 1)
    casework.saphan("releases", "push", "--public", public_address)
    casework.saphan("releases", "push", "--public", public_address)
    assert public.python(SHOWN) == "['Legal aid 1']"
    public.python(SEAL)
    assert json.loads(casework.saphan("reports", "pull", "--public", public_address, "--json"))[0]["error"] == ""
    assert casework.saphan("reports", "pull", "--public", public_address) == ""
    assert casework.python(OUTCOMES) == "['received']"
    assert CANARY.encode() not in public.bytes_of_database()
    token = (casework.data / "keys" / "door_token").read_text().strip()
    assert call(public_address + "/doors/reports/", token) == (200, {"reports": []})
    assert call(public_address + "/doors/reports/", "wrong")[0] == 401
    assert call(public_address + "/doors/releases/", token, {"v": 1})[0] == 422
    (casework.data / "keys" / "door_token").write_text("wrong")
    assert "401" in casework.saphan("releases", "push", "--public", public_address, fails=True)


def test_a_door_that_does_not_answer_is_a_sentence(two_machines: Pair) -> None:
    _public, casework = two_machines
    (casework.data / "keys" / "door_token").write_text("token")
    assert "could not be reached" in casework.saphan("reports", "pull", "--public", "http://127.0.0.1:9", fails=True)
    assert "https" in casework.saphan("reports", "pull", "--public", "http://example.org", fails=True)
