"""The supervisor's figures equal a count by hand, show nothing of others, and say when there are too few to judge."""

import csv
import io
from datetime import timedelta

from saphan.access.models import User
from saphan.access.seeds import People
from saphan.audit.models import AuditEvent
from saphan.care.screening import decisions, services
from saphan.care.screening.figures import agreement_lines, instrument_lines, questions_left_out
from saphan.care.screening.instruments import Instrument
from saphan.care.screening.models import Hearing, Interview
from saphan.care.screening.story import FACTORY, begin
from saphan.care.screening.tests.conftest import cast_votes, person_of
from tests.counting import at_most
from tests.people import NOON, client_of

DECLINED, CLEAR = "AL.D5.VIOL", "trafficking_indicated"


def interviewed(owner: User, minutes: int, answers: dict[str, tuple[str, str]] | None = None) -> Interview:
    interview = begin(owner, person_of(owner), FACTORY if answers is None else answers, NOON - timedelta(minutes=minutes))
    return services.complete(interview_id=interview.pk, by=owner, at=NOON)


def test_time_is_the_sum_of_the_sittings_and_the_unclear_are_counted(people: People, instruments: None) -> None:
    for minutes in (10, 20, 30, 40, 50):
        interviewed(people.owner, minutes)
    interviewed(people.owner, 60, {"D4.HOURS": ("yes", "")})
    [line] = instrument_lines(people.supervisor, 2026)
    assert (line.completed, line.stopped, line.minutes, line.longest) == (6, 0, 35, 60)
    assert (line.undetermined, line.undetermined_share) == (1, 17)


def test_a_pause_is_no_time_at_the_table(people: People, instruments: None) -> None:
    interview = begin(people.owner, person_of(people.owner), FACTORY, NOON - timedelta(minutes=90))
    services.pause(interview_id=interview.pk, by=people.owner, at=NOON - timedelta(minutes=80))
    services.resume(interview_id=interview.pk, present="", by=people.owner, at=NOON - timedelta(minutes=5))
    services.complete(interview_id=interview.pk, by=people.owner, at=NOON)
    assert instrument_lines(people.supervisor, 2026)[0].minutes == 15


def test_fewer_than_five_say_nothing(people: People, instruments: None) -> None:
    for _ in range(4):
        interviewed(people.owner, 10)
    assert instrument_lines(people.supervisor, 2026)[0].undetermined_share is None
    assert questions_left_out(people.supervisor, 2026) == []
    interviewed(people.owner, 10)
    [first] = questions_left_out(people.supervisor, 2026)
    assert (first.asked, first.declined, first.declined_share) == (5, 5, 100)


def test_results_stand_beside_what_teams_decided(people: People, hearing: Hearing) -> None:
    cast_votes(people, hearing)
    decisions.decide(hearing_id=hearing.pk, summary="plain", by=people.supervisor, at=NOON)
    [line] = agreement_lines(people.supervisor, 2026)
    assert (line.decided, line.identified, line.not_identified, line.agreed) == (1, 1, 0, None)


def test_another_office_and_another_year_count_for_nothing(people: People, instruments: None) -> None:
    interviewed(people.owner, 10)
    assert instrument_lines(people.supervisor, 2025) == []
    assert instrument_lines(people.stranger, 2026) == []


def test_only_a_supervisor_sees_the_page(people: People, instruments: None) -> None:
    interviewed(people.owner, 10)
    client = client_of(people.supervisor)
    with at_most(20):
        shown = client.get("/desk/screening/figures/")
    assert shown.status_code == 200
    assert "too few to judge" in shown.content.decode()
    assert client_of(people.owner).get("/desk/screening/figures/").status_code == 403
    assert client_of(people.supervisor).get("/desk/screening/figures/?year=x").status_code == 200


def test_the_figures_are_taken_along_as_a_table_that_begins_no_formula(people: People, instruments: None) -> None:
    Instrument.objects.filter(pk="adult_labour").update(name_en="=HYPERLINK(1)")
    for minutes in (10, 20, 30, 40, 50):
        interviewed(people.owner, minutes)
    answer = client_of(people.supervisor).get("/desk/screening/figures/table/", {"year": "2026"})
    assert answer["Content-Type"].startswith("text/csv")
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert rows[0] == ["Year", "Table", "Instrument or result", "Question", "Figure", "Number"]
    assert ["2026", "Interviews", "'=HYPERLINK(1)", "", "Minutes, median", "30"] in rows
    assert [r[-1] for r in rows if r[4] == "Declined, percent"] == ["100"]
    assert not [cell for row in rows for cell in row if cell.startswith(("=", "+", "-", "@"))]
    assert client_of(people.owner).get("/desk/screening/figures/table/").status_code == 403
    assert AuditEvent.objects.filter(action="screening:figures", actor=str(people.supervisor.pk)).exists()


def test_a_share_that_would_say_who_is_empty_in_the_table_too(people: People, instruments: None) -> None:
    interviewed(people.owner, 10)
    rows = list(csv.reader(io.StringIO(client_of(people.supervisor).get("/desk/screening/figures/table/").content.decode("utf-8-sig"))))
    assert [r[-1] for r in rows if r[4] == "Not clear yet, percent"] == [""]
