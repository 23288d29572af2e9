"""What a form asks for each kind of row: the words of the schema, asked in plain language, with the names of this very procedure as choices."""

from dataclasses import dataclass
from typing import Literal

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Sort = Literal["name", "text", "one", "several", "length", "lengths", "condition", "flag", "choice", "choices", "percent", "number", "words"]
Words = str | Promise


@dataclass(frozen=True)
class Question:
    """One word of a row, and how it is asked."""

    word: str
    sort: Sort
    label: Words
    of: str = ""  # the list of names among which to choose
    hint: Words = ""
    required: bool = False
    offered: tuple[tuple[str, Words], ...] = ()


@dataclass(frozen=True)
class Kind:
    """One kind of row: what it is called, what it says, what is asked."""

    name: Words
    says: Words
    questions: tuple[Question, ...]


Q = Question
NAME = Q("id", "name", _("Name in the rules"), hint=_("Short, in Latin letters: other articles point to it."), required=True)
AT = Q("at", "one", _("At which stage"), "stages", _("Only where this article has no stage of its own."))
ONLY_IF = Q("if", "condition", _("Only if"), "facts", _("Nothing ticked: always."))
KINDS: dict[str, Kind] = {
    "stage": Kind(_("stage"), _("Where a case stands, who owns it, and what may follow."), (
        NAME,
        Q("by", "one", _("In whose hands"), "roles", required=True),
        Q("next", "several", _("What may follow"), "stages"),
        Q("due", "length", _("To be left within")),
        Q("needs_message", "one", _("Not without this message"), "messages"),
        Q("lasting", "flag", _("A lasting solution: it may always be entered, whatever is still open")),
        Q("final", "flag", _("Here the procedure ends")),
    )),
    "check": Kind(_("thing to be done"), _("Must be done before the stage is left."), (NAME, ONLY_IF, AT)),
    "consent": Kind(_("consent"), _("What the person is asked, and in which form she answers."), (
        NAME,
        Q("to", "text", _("What she is asked"), hint=_("As it goes on after “Do you agree to …”"), required=True),
        Q("form", "choice", _("Form"), required=True, offered=(("written", _("in writing")), ("spoken_or_written", _("in writing or spoken")))),
        Q("covers", "several", _("Which fields she is told of"), "groups", _("Nothing ticked: not said here.")),
        Q("guardian_if", "condition", _("A guardian agrees too if"), "facts"),
        Q("renew", "length", _("Asked again after")),
        AT,
    )),
    "document": Kind(_("document"), _("Must be on file before the stage is left."), (
        NAME,
        Q("by", "one", _("Written by"), "roles", required=True),
        Q("signed_by", "several", _("Signed by"), "roles"),
        ONLY_IF,
        AT,
    )),
    "send": Kind(_("message"), _("What may cross from one party to another, and under which consent."), (
        NAME,
        Q("from", "one", _("From"), "parties", required=True),
        Q("to", "one", _("To"), "parties", required=True),
        Q("fields", "several", _("Which fields cross"), "groups", _("Nothing ticked: no field about the person.")),
        Q("needs", "several", _("Only with her consent to"), "consents"),
        Q("answer", "one", _("Answered by the message"), "messages"),
        Q("keep", "length", _("The receiver keeps it for")),
        Q("readers", "words", _("Read only by"), hint=_("Names of roles there, parted by commas; empty: everybody of that case.")),
        AT,
    )),
    "oblige": Kind(_("promise"), _("What a party owes by when, and who is told when it is late."), (
        NAME,
        Q("party", "one", _("Which party promises"), "parties", required=True),
        Q("by", "one", _("By which role"), "roles", required=True),
        Q("due", "length", _("Within"), hint=_("Working days are counted by the calendar of the party that promises.")),
        Q("every", "lengths", _("Or several times, after"), hint=_("Lengths parted by commas, for example 30d, 90d, 6mo.")),
        Q("on", "one", _("Counted from the message"), "messages", _("Nothing chosen: from entering the stage.")),
        Q("kept_by", "one", _("Kept by"), "keepers", _("Nothing chosen: the one message of this article that the party sends.")),
        Q("late_to", "one", _("When it is late, who is told"), "roles"),
        Q("very_late", "length", _("Very late after")),
        Q("very_late_to", "one", _("When it is very late, who is told"), "roles"),
        ONLY_IF,
        AT,
    )),
    "block": Kind(_("bar"), _("A fact that forbids a stage, with the sentence that is shown."), (
        Q("if", "condition", _("If"), "facts", required=True),
        Q("to", "one", _("Which stage is forbidden"), "stages", required=True),
        Q("say", "text", _("The sentence shown"), required=True),
    )),
    "depart": Kind(_("emergency"), _("Which rules an emergency may shorten, and who approves it."), (
        Q("allow", "choices", _("What may be shortened"), required=True, offered=(
            ("due", _("dates")), ("check", _("things to be done")), ("document", _("documents")), ("message", _("messages")))),
        Q("approve", "several", _("Approved by one of"), "roles", required=True),
        Q("tell", "length", _("The other party is told within"), required=True),
    )),
    "lifecycle": Kind(_("suspension and change"), _("How it is suspended and changed, and what happens to cases under way."), (
        Q("suspend", "length", _("Suspended by notice of"), required=True),
        Q("running_cases", "choice", _("Cases under way"), required=True, offered=(
            ("keep_version", _("keep the version they began under")), ("rebind_with_consent", _("may move to the new version with fresh consent")))),
    )),
    "score": Kind(_("scorecard"), _("Which promises are counted, how often, against which target."), (
        Q("every", "choice", _("How often"), required=True, offered=(("month", _("each month")), ("quarter", _("each quarter")), ("year", _("each year")))),
        Q("over", "several", _("Which promises"), "promises", required=True),
        Q("target", "percent", _("Target, in per cent"), required=True),
        Q("publish_min", "number", _("No figure below"), hint=_("At least 3: smaller numbers could point to a person."), required=True),
    )),
}  # fmt: skip
# Words that the schema wants and that have one value only.
FIXED: dict[str, dict[str, str]] = {"depart": {"reason": "required"}, "lifecycle": {"amend": "both_sign"}}
