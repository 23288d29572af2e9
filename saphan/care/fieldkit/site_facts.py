"""Facts that hold for a whole site and which questions of the interviews they answer: a declared table, and the offer to a person's interview.

What holds for a site is not what a person said. It is offered at the matching question and counts in no result before the worker has confirmed it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache

from saphan.access.actions import Action
from saphan.access.models import User
from saphan.access.policy import check
from saphan.care.fieldkit.models import SiteVisit
from saphan.care.screening.codes import YesNo
from saphan.care.screening.instruments import Question
from saphan.care.screening.known import Offer
from saphan.care.screening.models import Interview
from saphan.care.screening.reference import rows_of
from saphan.core.orgkeys import KeyMissing
from saphan.core.origin import in_language


@dataclass(frozen=True)
class SiteFact:
    """One fact that may hold for everybody at a site, with the codes of the questions that it answers."""

    code: str
    label_en: str
    label_th: str
    answers: tuple[str, ...]

    @property
    def label(self) -> str:
        return in_language(self.label_en, self.label_th)


@cache
def site_facts() -> tuple[SiteFact, ...]:
    """The table, in its order. A proposal until the deploying ministry confirms it."""
    return tuple(SiteFact(row["code"], row["label_en"], row["label_th"], tuple(row["answers"].split())) for row in rows_of("site_facts.csv"))


@cache
def _by_question() -> Mapping[str, SiteFact]:
    return {code: fact for fact in site_facts() for code in fact.answers}


def wording() -> dict[str, str]:
    """By fact the words of the first question that it answers, in the worker's language; empty where no instrument is loaded."""
    first = {fact.answers[0]: fact.code for fact in site_facts()}
    asked = Question.objects.filter(code__in=first).order_by("version__number")
    return {first[question.code]: question.text for question in asked}


def offer(interview: Interview, code: str, by: User, at: datetime) -> Offer | None:
    """What the newest visit at which this person was met says to this question; opened for whoever may read that visit, on record."""
    from saphan.care.fieldkit.visits import read_facts

    fact = _by_question().get(code)
    met = SiteVisit.objects.visible_to(by).filter(people__person=interview.person_id).order_by("-visited_on", "-id") if fact else None
    visit = met.first() if met is not None else None
    if fact is None or visit is None or not check(by, Action.SITE_VISIT_READ, visit):
        return None
    try:
        said = read_facts(visit, by=by, at=at).get(fact.code, "")
    except KeyMissing:
        return None
    return Offer(said, visit.reference) if said in YesNo.values else None
