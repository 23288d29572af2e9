"""A result from answers alone: for whoever calls the engine as a library or by `saphan screen evaluate`. Reads no database, no model, and keeps nothing.

`evaluate_answers("adult_labour", {"AL.D4.HOURS": "yes"})` gives what `saphan screen evaluate --json` prints.
"""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from saphan.care.screening.aloud import Basis, as_json, read_aloud
from saphan.care.screening.codes import FIVE_VALUED, InstrumentKind
from saphan.care.screening.heads import Head, Row, asked_rows, head_of
from saphan.care.screening.rules import Answer, Branch
from saphan.care.screening.shipped import shipped_form
from saphan.care.screening.skipping import result_of_standing, standing
from saphan.care.screening.states import VersionState
from saphan.core import clock
from saphan.core.errors import Invalid
from saphan.xlsform.definition import Form


def evaluate_answers(instrument: str, answers: Mapping[str, str], *, child: bool | None = None) -> dict[str, Any]:
    """The result of a shipped instrument for `{code: yes|no|unknown|not_asked|declined}`; a code that is not there was not asked.

    `child` chooses the child's branch; without it an instrument for children takes it. Raises KeyError for an instrument that is not
    shipped, Invalid (by code) for an answer that is none of the five or a question that the instrument does not have.
    """
    return evaluate_form(shipped_form(instrument), answers, child=child)


def evaluate_form(form: Form, answers: Mapping[str, str], *, child: bool | None = None) -> dict[str, Any]:
    """The same for any form. Raises Invalid also for a form without a question that counts in a dimension."""
    head = head_of(form)
    if head.kind != InstrumentKind.INDICATORS:
        raise Invalid(_("These questions give no result: none of them counts in a dimension."))
    rows = list(asked_rows(form))
    questions = [q for q in rows if q.kind == FIVE_VALUED]
    _refuse_unknown(questions, answers)
    branch = Branch.CHILD if (head.audience == "child" if child is None else child) else Branch.ADULT
    stood = standing(form, [q.code for q in rows if branch == Branch.CHILD or not q.child_only], answers, at=clock.now())
    found = result_of_standing(stood, [q.item for q in questions], answers, branch)
    kept = as_json(found, basis_of_form(form, head))
    return kept | {"determined": found.determined, "sentences": read_aloud(kept, rows).sentences}


def basis_of_form(form: Form, head: Head) -> Basis:
    """What the result rests on; only an approved version gives a formal one."""
    number = int(form.version) if form.version.isdigit() else 0
    return Basis(form.form_id, number, head.source_en, head.source_th, head.rule_version, head.confidence_en, head.state == VersionState.APPROVED)


def _refuse_unknown(questions: list[Row], answers: Mapping[str, str]) -> None:
    codes = {q.code for q in questions}
    known = ", ".join(list(Answer))
    wrong = {code: _("The instrument has no question of this code.") for code in answers if code not in codes}
    wrong |= {
        code: _("Not an answer. One of: %(known)s.") % {"known": known} for code, a in answers.items() if code in codes and a not in list(Answer)
    }
    if wrong:
        raise Invalid(fields=wrong)
