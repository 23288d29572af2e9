"""May this officer do this with an inquiry, and why not."""

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from saphan.access.actions import Action
from saphan.access.policy import Verdict, role_is_enough, rule
from saphan.portal.inquiries.bonds import end_of
from saphan.portal.inquiries.models import Answer, Inquiry, Way
from saphan.portal.inquiries.states import State

if TYPE_CHECKING:
    from saphan.access.models import User

rule(Action.INQUIRY_LIST, Action.INQUIRY_READ, Action.INQUIRY_REVEAL)(role_is_enough)
rule(Action.INQUIRY_ASSIGN, Action.INQUIRY_CLOSE, Action.INQUIRY_MERGE, Action.INQUIRY_SPLIT)(role_is_enough)
rule(Action.INQUIRY_TEMPLATE, Action.INQUIRY_FIGURES, Action.FAQ_WRITE, Action.INQUIRY_OVERSEE)(role_is_enough)


@rule(Action.INQUIRY_REPLY)
def answer_where_an_answer_is_wished(_user: "User", inquiry: Inquiry) -> Verdict:
    return Verdict(inquiry.way != Way.NONE, _("The asker wished for no answer."))


@rule(Action.INQUIRY_HAND_OVER, Action.INQUIRY_NOTE, Action.INQUIRY_TAG)
def no_word_after_the_hand_over(_user: "User", inquiry: Inquiry) -> Verdict:
    """Its keys are destroyed, and those of what was joined to it; a word under new ones would tell of the person again (decision 0031)."""
    return Verdict(end_of(inquiry).state != State.HANDED_OVER, _("This inquiry has been handed over already."))


@rule(Action.FAQ_APPROVE)
def another_person_makes_it_public(user: "User", answer: Answer) -> Verdict:
    """Two persons see each text before the public does (R4)."""
    return Verdict(answer.written_by_id != user.pk, _("You wrote this answer. Another officer makes it public."))
