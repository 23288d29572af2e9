"""Which version binds a case that begins today: by its date where it is shipped, by the events of force where it is signed, on days of Bangkok."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from saphan.access.seeds import People
from saphan.agreements.codes import ForceKind
from saphan.agreements.following import kept, rebinding, services
from saphan.agreements.following.forms import VersionForm
from saphan.agreements.following.kept import NotInForce, in_force, in_use, keep_in_force, keep_shipped, shipped, shipped_folder, shipped_versions
from saphan.agreements.following.models import KeptProcedure
from saphan.agreements.following.services import Subject
from saphan.agreements.models import AgreementVersion, ForceEvent
from saphan.agreements.procedures.canonical import canonical
from saphan.agreements.procedures.compiling import compile_procedure
from saphan.agreements.procedures.loading import load
from saphan.agreements.tests.making import agreed_version, an_agreement, bring_into_force, sign_for_all
from saphan.core import clock
from saphan.core.errors import Invalid
from tests.people import NOON

pytestmark = pytest.mark.django_db

RETURN = "th-la-return"
FIRST, SECOND = date(2026, 3, 1), date(2026, 11, 23)  # the days of the two shipped versions
LAST_EVENING = datetime(2026, 11, 22, 16, 59, 59, tzinfo=UTC)  # 23:59:59 of the day before in Bangkok
MIDNIGHT = datetime(2026, 11, 22, 17, 0, tzinfo=UTC)  # still the day before by UTC
NEXT_NOON = datetime(2026, 11, 24, 5, 0, tzinfo=UTC)
BEFORE_ALL = datetime(2026, 2, 28, 16, 59, tzinfo=UTC)


def text(version: str, effective: date) -> str:
    return words().replace("version: 3.0.0", f"version: {version}").replace("effective: 2026-01-01", f"effective: {effective}")


def words() -> str:
    return (REAL / f"{RETURN}.yaml").read_text(encoding="utf-8")


REAL = Path(__file__).resolve().parents[4] / "seeds" / "reference" / "procedures"


@pytest.fixture
def two(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Two versions are shipped: 3.0.0 from March, 3.1.0 from the day of the story."""
    (tmp_path / f"{RETURN}.yaml").write_text(text("3.0.0", FIRST), encoding="utf-8")
    (tmp_path / f"{RETURN}-3.1.0.yaml").write_text(text("3.1.0", SECOND), encoding="utf-8")
    monkeypatch.setattr(kept, "shipped_folder", lambda: tmp_path)
    shipped_versions.cache_clear()
    yield tmp_path
    shipped_versions.cache_clear()


def number(at: datetime) -> str:
    found = in_force(RETURN, at)
    return found.compiled.procedure.version if found else ""


@pytest.mark.parametrize(
    ("at", "version"),
    [(BEFORE_ALL, ""), (BEFORE_ALL + timedelta(minutes=1), "3.0.0"), (LAST_EVENING, "3.0.0"), (MIDNIGHT, "3.1.0"), (NEXT_NOON, "3.1.0")],
)
def test_the_day_before_the_day_and_the_day_after_in_bangkok(two: Path, at: datetime, version: str) -> None:
    assert number(at) == version


def test_before_its_day_nothing_is_kept_and_the_page_still_has_words(two: Path) -> None:
    assert keep_in_force(RETURN, BEFORE_ALL) is None
    with pytest.raises(NotInForce):
        keep_shipped(RETURN, BEFORE_ALL)
    assert not KeptProcedure.objects.exists()
    assert in_use(RETURN, BEFORE_ALL).procedure.version == "3.0.0"
    assert shipped(RETURN).procedure.version == "3.1.0"


def test_a_case_that_began_the_evening_before_keeps_the_earlier_version(two: Path, people: People, subject: Subject) -> None:
    earlier = keep_in_force(RETURN, LAST_EVENING)
    assert earlier is not None
    binding = services.bind(subject=subject, procedure=earlier, by=people.owner, at=LAST_EVENING)
    services.note_check(binding_id=binding.pk, check="rights_explained", by=people.owner, at=NEXT_NOON)
    binding.refresh_from_db()
    assert binding.procedure.number == "3.0.0"


def test_a_version_that_lacks_what_a_room_calls_by_name_is_passed_over(two: Path) -> None:
    (two / f"{RETURN}-3.1.0.yaml").write_text(text("3.1.0", SECOND).replace("ob_confirm", "ob_other"), encoding="utf-8")
    shipped_versions.cache_clear()
    assert number(NOON) == "3.1.0"
    found = in_force(RETURN, NOON, frozenset({"tracing", "ob_confirm", "trace_report"}))
    assert found is not None
    assert found.compiled.procedure.version == "3.0.0"


def signed(people: People, semver: str, from_day: date | None) -> AgreementVersion:
    major, minor, patch = map(int, semver.split("."))
    procedure = load(text(semver, date(2026, 1, 1))).procedure
    officer, at = people.agreement_officer, NOON - timedelta(days=60)
    version = agreed_version(
        an_agreement(officer, f"TH-LA-{semver}"), officer, at, (major, minor, patch), procedure="x", canonical=canonical(procedure).decode(),
        digest=compile_procedure(procedure).digest,
    )  # fmt: skip
    sign_for_all(version, officer, people.agreement_colleague, at)
    return bring_into_force(version, officer, from_day, at) if from_day else version


def test_a_signed_version_binds_from_the_day_of_its_force_and_goes_before_what_is_shipped(two: Path, people: People) -> None:
    signed(people, "2.0.0", SECOND)
    assert [number(at) for at in (LAST_EVENING, MIDNIGHT, NEXT_NOON)] == ["3.0.0", "2.0.0", "2.0.0"]
    found = keep_in_force(RETURN, NOON)
    assert found is not None
    assert (found.number, found.version is not None) == ("2.0.0", True)


def test_a_signed_version_without_force_binds_nobody(two: Path, people: People) -> None:
    signed(people, "9.0.0", None)
    signed(people, "9.1.0", date(2026, 12, 1))
    assert number(NOON) == "3.1.0"


def test_when_the_signed_version_ends_the_shipped_one_stays(two: Path, people: People) -> None:
    version = signed(people, "2.0.0", date(2026, 4, 1))
    ForceEvent.objects.create(
        agreement=version.agreement, version=version, kind=ForceKind.TERMINATED, on=SECOND, entered_at=NOON, entered_by=people.agreement_officer
    )
    assert [number(at) for at in (LAST_EVENING, MIDNIGHT)] == ["2.0.0", "3.1.0"]


def test_nobody_is_bound_anew_to_a_version_whose_day_has_not_come(two: Path, people: People, subject: Subject) -> None:
    earlier, later = keep_shipped(RETURN, LAST_EVENING), keep_shipped(RETURN, MIDNIGHT)
    binding = services.bind(subject=subject, procedure=earlier, by=people.owner, at=LAST_EVENING)
    with clock.stopped_at(LAST_EVENING):
        assert not VersionForm(binding=binding).fields["after"].queryset.exists()  # type: ignore[attr-defined]  # a ModelChoiceField
    with pytest.raises(Invalid) as refused:
        rebinding.ask(binding_id=binding.pk, after=later, by=people.supervisor, at=LAST_EVENING)
    assert refused.value.fields == {"after": "That version is not in force."}
    with clock.stopped_at(MIDNIGHT):
        assert list(VersionForm(binding=binding).fields["after"].queryset) == [later]  # type: ignore[attr-defined]  # a ModelChoiceField
    assert rebinding.ask(binding_id=binding.pk, after=later, by=people.supervisor, at=MIDNIGHT).after == later


def test_what_is_shipped_is_in_force_as_it_is_shipped() -> None:
    for file in shipped_folder().glob("*.yaml"):
        assert in_force(file.stem, NOON) is not None
