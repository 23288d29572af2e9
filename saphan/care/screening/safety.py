"""The points of the safety check, each with the sentence that says what is missing. Source: WHO ethical recommendations for interviewing."""

from collections.abc import Iterator, Mapping
from typing import Any

from django.utils.translation import gettext as _

from saphan.care.screening.codes import Interpreter, Known, Risk, YesNo

NEEDED = ("language", "private_place", "interpreter", "consent", "may_skip", "referrals_ready", "person_risk", "worker_risk")


def is_met(check: Mapping[str, Any]) -> bool:
    """Whether the interview may start: every point was asked, and none stands against it. A check that was broken off is not met."""
    return all(check.get(name) for name in NEEDED) and not failing_points(check)


def failing_points(check: Mapping[str, Any]) -> dict[str, str]:
    """What stands against beginning now, by field; empty when the interview may start."""
    return dict([*_place_and_consent(check), *_interpreter(check), *_danger(check)])


def _place_and_consent(check: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    if check["private_place"] != YesNo.YES:
        yield "private_place", _("Find a place where nobody can listen or watch, or wait.")
    if check["consent"] != YesNo.YES:
        yield "consent", _("Ask for consent in the person's own language first. Without it there is no interview, and help goes on all the same.")
    if check["may_skip"] != YesNo.YES:
        yield "may_skip", _("Tell the person that every question may be left out and that the interview may stop at any time.")
    if check["referrals_ready"] != YesNo.YES:
        yield "referrals_ready", _("Have the list of services at hand: who tells you of a need must get an answer.")


def _interpreter(check: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    if check["interpreter"] == Interpreter.MISSING:
        yield "interpreter", _("Wait for an interpreter. Family, employers and fellow workers must not interpret.")
    if check["interpreter"] != Interpreter.PRESENT:
        return
    if check["same_village"] != Known.NO:
        yield "same_village", _("An interpreter from the same village may know the people concerned. Ask, and take another one if it is so.")
    if check["same_community"] != Known.NO:
        yield "same_community", _("An interpreter from the community of those who did harm is not safe. Ask, and take another one if it is so.")
    if check["sex_asked"] != Known.YES:
        yield "sex_asked", _("Ask whether the person wishes a woman or a man to interpret.")


def _danger(check: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    if check["person_risk"] == Risk.DANGER:
        yield "person_risk", _("The person feels in danger now. Go to the emergency steps first.")
    if check["worker_risk"] == Risk.DANGER:
        yield "worker_risk", _("You see danger now. Go to the emergency steps first.")
