"""IOM's own case data form comes in unchanged and is asked part by part, where its workbook is at hand."""

import os
from pathlib import Path

import pytest
from django.conf import settings

from saphan.access.seeds import People
from saphan.care.screening import instrument_acts, services
from saphan.care.screening.board import board_of, section_of
from saphan.care.screening.story import SAFE
from saphan.care.screening.tests.conftest import person_of
from tests.people import NOON, client_of

SHARED = Path(os.environ.get("SAPHAN_SHARED") or settings.PACKAGE.parent.parent / "shared")
WORKBOOK = SHARED / "data" / "htcds" / "htcds_xlsform.xlsx"
pytestmark = [pytest.mark.skipif(not WORKBOOK.exists(), reason="IOM's workbook is not here"), pytest.mark.once]


def test_the_case_data_form_is_brought_in_asked_completed_and_printed(people: People) -> None:
    upload = instrument_acts.look_at(file_name=WORKBOOK.name, content=WORKBOOK.read_bytes(), by=people.supervisor, at=NOON)
    supervisor, owner = client_of(people.supervisor), client_of(people.owner)
    assert supervisor.get(f"/desk/screening/instruments/bring/{upload.pk}/").status_code == 200
    version = instrument_acts.bring_in(upload_id=upload.pk, by=people.supervisor, at=NOON)
    assert version.kind == "form"
    assert supervisor.get(f"/desk/screening/instruments/versions/{version.pk}/").status_code == 200

    interview = services.prepare(person=person_of(people.owner), version=version, by=people.owner, at=NOON)
    services.check_safety(interview_id=interview.pk, points=SAFE, by=people.owner, at=NOON)
    services.start(interview_id=interview.pk, present="", by=people.owner, at=NOON)
    board = board_of(interview, by=people.owner, at=NOON)
    for code in dict.fromkeys(section_of(one.question) for one in board.asked):
        assert owner.get(f"/desk/screening/interviews/{interview.pk}/parts/{code}/").status_code == 200
    for one in board.asked:
        shown = owner.get(f"/desk/screening/interviews/{interview.pk}/questions/{one.place}/")
        assert shown.status_code == 200, one.place
    choice = next(one for one in board.asked if one.question.kind == "select_one")
    first = version.form.choices[version.form.question(choice.question.code).choices][0].name
    sent = {f"x-{choice.place}": first, "note": "", "seen": 0, "then": "next"}
    assert owner.post(f"/desk/screening/interviews/{interview.pk}/questions/{choice.place}/", sent).status_code == 302

    done = services.complete(interview_id=interview.pk, by=people.owner, at=NOON)
    assert (done.result_code, done.formal) == ("profile", False)
    for name in ("", "print/"):
        assert owner.get(f"/desk/screening/interviews/{interview.pk}/{name}").status_code == 200
