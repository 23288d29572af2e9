"""What the engine says by code, in the reader's language. The codes are closed lists of the engine; a test holds them equal to these."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from saphan.agreements.following.names import named
from saphan.agreements.procedures.entering import Hindrance
from saphan.agreements.procedures.terms import Length

HINDRANCES = {
    "not_bound": gettext_lazy("This subject does not follow the procedure."),
    "unknown_stage": gettext_lazy("The procedure has no stage “{stage}”."),
    "already_there": gettext_lazy("It stands at “{stage}” already."),
    "closed": gettext_lazy("The procedure has ended for this subject."),
    "not_foreseen": gettext_lazy("The stage “{stage}” is not foreseen in this situation."),
    "blocked": gettext_lazy("{say}"),
    "suspended": gettext_lazy("The procedure is suspended."),
    "not_next": gettext_lazy("“{stage}” does not follow on “{present}”."),
    "check_open": gettext_lazy("Not done yet: {name}."),
    "consent_not_asked": gettext_lazy("The person has not yet been asked for: {name}."),
    "consent_not_given": gettext_lazy("The person does not agree at present to: {name}."),
    "document_missing": gettext_lazy("Not on file yet: {name}."),
    "signature_missing": gettext_lazy("{name}: not yet signed by {role}."),
    "message_missing": gettext_lazy("Not come yet: {name}."),
}
DEVIATIONS = {
    "field_not_agreed": gettext_lazy("A field crossed that the agreement does not let cross: {name}."),
    "wrong_party": gettext_lazy("“{name}” went from or to another party than agreed."),
    "message_not_foreseen": gettext_lazy("“{name}” was sent although it is not foreseen in this situation."),
    "no_consent": gettext_lazy("A message crossed without the consent it needs: {name}."),
    "too_early": gettext_lazy("“{name}” was sent before its stage."),
    "other_stage": gettext_lazy("“{name}” was sent at another stage."),
    "unknown_message": gettext_lazy("A message crossed of which the agreement knows nothing: {name}."),
    "promise_late": gettext_lazy("Not kept in time: {name}."),
    "promise_dropped": gettext_lazy("The case was ended by the party that still owed this: {name}."),
    "stage_late": gettext_lazy("The stage was not left in time: {name}."),
    "not_told": gettext_lazy("The other party was not told of a departure in time."),
}
KINDS = {
    "skipped": gettext_lazy("skipped"),
    "late": gettext_lazy("late"),
    "order": gettext_lazy("out of order"),
    "over_disclosure": gettext_lazy("said too much"),
    "missing_document": gettext_lazy("document missing"),
}
STATES = {
    "not_started": gettext_lazy("not begun"),
    "running": gettext_lazy("running"),
    "kept": gettext_lazy("kept"),
    "kept_late": gettext_lazy("kept late"),
    "not_kept": gettext_lazy("not kept"),
    "excused": gettext_lazy("excused"),
    "void": gettext_lazy("no longer owed"),
}
STATE_TONES = {"not_started": "still", "running": "warm", "kept": "good", "kept_late": "warm", "not_kept": "bad", "excused": "still", "void": "still"}
EVENTS = {
    "bound": gettext_lazy("began to follow the procedure"),
    "fact_set": gettext_lazy("became known: {name}"),
    "fact_cleared": gettext_lazy("no longer so: {name}"),
    "entered": gettext_lazy("entered: {name}"),
    "checked": gettext_lazy("done: {name}"),
    "unchecked": gettext_lazy("taken back: {name}"),
    "consent_given": gettext_lazy("consent given: {name}"),
    "consent_refused": gettext_lazy("consent refused: {name}"),
    "consent_withdrawn": gettext_lazy("consent withdrawn: {name}"),
    "consent_lapsed": gettext_lazy("consent ran out: {name}"),
    "document_filed": gettext_lazy("on file: {name}"),
    "signed": gettext_lazy("signed: {name}"),
    "message_sent": gettext_lazy("sent: {name}"),
    "message_received": gettext_lazy("came: {name}"),
    "departed": gettext_lazy("departure: {name}"),
    "told": gettext_lazy("the other party was told of a departure"),
    "suspended": gettext_lazy("suspended"),
    "resumed": gettext_lazy("resumed"),
    "corrected": gettext_lazy("an earlier step was put right"),
    "rebound": gettext_lazy("follows another version"),
}


def said(hindrance: Hindrance, identity: str = "") -> str:
    """Why not, in the reader's language, with the article. `identity` is the id of the procedure, for the names in it."""
    words = {key: named(value, identity) if key != "say" or identity else value for key, value in hindrance.parameters}
    return with_article(hindrance.article, str(HINDRANCES[hindrance.code]).format(**words))


def with_article(number: str, sentence: str) -> str:
    """A sentence with the article from which it comes."""
    return _("Art. %(number)s: %(sentence)s") % {"number": number, "sentence": sentence} if number else sentence


def deviation_said(code: str, name: str, identity: str = "") -> str:
    """What a finding says."""
    parts = [part for part in name.split(":") if not part.isdigit() and part not in ("promise", "stage", "tell")]
    if code in DEVIATIONS:
        return str(DEVIATIONS[code]).format(name=" ".join(named(part, identity) for part in parts))
    found = {
        "name": named(parts[0], identity) if parts else "",
        "role": named(parts[-1], identity) if parts else "",
        "stage": named(name, identity),
        "present": "…",
        "say": named(name, identity),
    }
    return str(HINDRANCES[code]).format(**found)


def length_said(length: str) -> str:
    """A length of time in words."""
    found = Length.read(length)
    words = {
        "h": ngettext("%(n)s hour", "%(n)s hours", found.amount),
        "d": ngettext("%(n)s day", "%(n)s days", found.amount),
        "wd": ngettext("%(n)s working day", "%(n)s working days", found.amount),
        "mo": ngettext("%(n)s month", "%(n)s months", found.amount),
    }
    return words[found.unit] % {"n": found.amount}


def event_said(kind: str, name: str, identity: str = "") -> str:
    """What happened, in the reader's language."""
    return str(EVENTS[kind]).format(name=named(name, identity))
