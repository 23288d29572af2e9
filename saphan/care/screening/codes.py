"""The words of screening: codes as they are kept, labels as they are read."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from saphan.care.screening.rules import Answer, Finding

ANSWER_LABELS = {
    Answer.YES: _("Yes"),
    Answer.NO: _("No"),
    Answer.UNKNOWN: _("Not known"),
    Answer.DECLINED: _("Prefer not to say"),
    Answer.NOT_ASKED: _("Not asked yet"),
}

FINDING_LABELS = {Finding.POSITIVE: _("found"), Finding.NEGATIVE: _("not found"), Finding.UNDETERMINED: _("not clear yet")}
FINDING_TONES = {Finding.POSITIVE: "bad", Finding.NEGATIVE: "", Finding.UNDETERMINED: "warm"}

DIMENSION_LABELS = {
    "ACT": _("How it began"),
    "D1": _("Deception when the work was offered"),
    "D2": _("Pressure or force when the work was offered"),
    "D3": _("Abuse of a weak position when the work was offered"),
    "D4": _("Exploitation at work"),
    "D5": _("Pressure or force at work"),
    "D6": _("Abuse of a weak position at work"),
    "OVR": _("Protection of children"),
}

ELEMENT_LABELS = {"act": _("Act"), "means": _("Means"), "purpose": _("Purpose")}
ELEMENT_NAMES = {
    "recruitment": _("recruiting"),
    "transport": _("transporting"),
    "transfer": _("transferring"),
    "harbouring": _("harbouring or receiving"),
    "deception": _("deception or fraud"),
    "coercion": _("coercion"),
    "force": _("force"),
    "threat": _("threat"),
    "abuse_of_vulnerability": _("abuse of power or of a position of vulnerability"),
    "forced_labour": _("forced labour or services"),
    "forced_criminality": _("forced crime"),
    "sexual_exploitation": _("sexual exploitation"),
}


FIVE_VALUED = "answer5"  # the list of choices whose answers the rules count


class Audience(TextChoices):
    """For whom an instrument is made."""

    ADULT = "adult", _("adults")
    CHILD = "child", _("children")
    ANY = "any", _("everybody")


class InstrumentKind(TextChoices):
    """What a version of an instrument gives."""

    INDICATORS = "indicators", _("indicators: gives a result with reasons")
    SIGNS = "signs", _("signs: a profile, no result")
    GUIDE = "guide", _("guide for a conversation")
    FORM = "form", _("form: answers only")


class ResultCode(TextChoices):
    """The results of the combination table, and that the answers do not settle it. None is a decision."""

    TRAFFICKING = "trafficking_indicated", _("trafficking indicated")
    DECEPTION = "deception_and_exploitation", _("deception and exploitation")
    RECRUITMENT = "exploitation_with_recruitment_means", _("exploitation, with pressure when recruited")
    FORCED = "forced_exploitation_indicated_recruitment_means_unclear", _("forced exploitation; how it began is not clear")
    LABOUR_RIGHTS = "exploitation_only_labour_rights", _("exploitation; labour rights")
    CHECK_INTENT = "means_without_exploitation_check_intent", _("pressure or deception; purpose to be looked into")
    NOT_INDICATED = "not_indicated", _("not indicated by these answers")
    UNDETERMINED = "undetermined", _("not clear yet")
    PROFILE = "profile", _("answers without a result")


RESULT_TONES = {ResultCode.TRAFFICKING: "bad", ResultCode.NOT_INDICATED: "", ResultCode.UNDETERMINED: "warm"}


class YesNo(TextChoices):
    """A point of the safety check."""

    YES = "yes", _("yes")
    NO = "no", _("no")


class Known(TextChoices):
    """A point that may not be known yet; not known counts as not safe."""

    YES = "yes", _("yes")
    NO = "no", _("no")
    UNKNOWN = "unknown", _("not known")


class Interpreter(TextChoices):
    """How the language is bridged."""

    NOT_NEEDED = "not_needed", _("not needed: we speak the same language")
    PRESENT = "present", _("present, in the room or by telephone")
    MISSING = "missing", _("needed, but nobody is here")


class Risk(TextChoices):
    """How great somebody sees the risk at this time."""

    LOW = "low", _("little or none")
    SOME = "some", _("some")
    HIGH = "high", _("high")
    DANGER = "danger", _("in danger now")


class StopReason(TextChoices):
    """Why an interview ends before its end."""

    WISH = "wish", _("the person wishes to stop")
    DISTRESS = "distress", _("the person is in distress")
    UNSAFE = "unsafe", _("it is not safe here")
    INTERPRETER = "interpreter", _("the interpreter is not suitable")
    OTHER = "other", _("another reason")


class CancelReason(TextChoices):
    """Why a hearing does not take place."""

    WISH = "wish", _("the person does not wish it now")
    MENDED = "mended", _("the answers were mended: it is convened anew")
    TEAM = "team", _("the team cannot come together")
    MISTAKE = "mistake", _("it was convened by mistake")
    OTHER = "other", _("another reason")


class Source(TextChoices):
    """Where an interview was taken."""

    DESK = "desk", _("at the desk")
    KIT = "kit", _("with the field kit")
    COLLECT = "collect", _("with ODK Collect")


class Outcome(TextChoices):
    """What a team decides."""

    IDENTIFIED = "identified", _("identified as a victim of trafficking")
    NOT_IDENTIFIED = "not_identified", _("not identified as a victim of trafficking")
    MORE_INFORMATION = "more_information", _("more information is needed")
    CHILD_PROCEDURE = "child_procedure", _("goes on under the child's procedure")


OUTCOME_TONES = {Outcome.IDENTIFIED: "good", Outcome.NOT_IDENTIFIED: "", Outcome.MORE_INFORMATION: "warm", Outcome.CHILD_PROCEDURE: "warm"}


class Conflict(TextChoices):
    """What a member of the team says about a conflict of interest."""

    NOT_DECLARED = "not_declared", _("not declared yet")
    NONE = "none", _("none")
    CONFLICT = "conflict", _("has a conflict: does not vote")


class Ballot(TextChoices):
    """What a member may vote for: an outcome, or none with a reason."""

    IDENTIFIED = "identified", Outcome.IDENTIFIED.label
    NOT_IDENTIFIED = "not_identified", Outcome.NOT_IDENTIFIED.label
    MORE_INFORMATION = "more_information", Outcome.MORE_INFORMATION.label
    CHILD_PROCEDURE = "child_procedure", Outcome.CHILD_PROCEDURE.label
    ABSTAIN = "abstain", _("abstains, with a reason")


class Heard(TextChoices):
    """Whom the team heard in a sitting."""

    PERSON = "person", _("the person")
    PERSON_WITH_SUPPORT = "with_support", _("the person, with a guardian, lawyer or person of trust")
    REPRESENTATIVE = "representative", _("a guardian or lawyer for the person")
    NO_WISH = "no_wish", _("nobody: the person does not wish to be heard by the team")
    NOT_YET = "not_yet", _("nobody yet: it follows in another sitting")


class Asker(TextChoices):
    """Who asks for something on the person's behalf; never a name."""

    PERSON = "person", _("the person")
    GUARDIAN = "guardian", _("a guardian")
    LAWYER = "lawyer", _("a lawyer")
    TRUSTED = "trusted", _("a person of trust")


class RequestForm(TextChoices):
    """How a request came."""

    SPOKEN = "spoken", _("in words")
    WRITTEN = "written", _("in writing")
    MESSAGE = "message", _("by message or telephone")


class HandedHow(TextChoices):
    """How a letter reached the person."""

    READ_ALOUD = "read_aloud", _("read aloud; the paper stays with us, as the person wishes")
    PAPER = "paper", _("on paper")
    BOTH = "both", _("read aloud, and on paper")
    LAWYER = "lawyer", _("through the person's lawyer or guardian")


class Reader(TextChoices):
    """Who read a letter aloud; by part, never by name."""

    INTERPRETER = "interpreter", _("an interpreter")
    WORKER = "worker", _("the social worker")
    LAWYER = "lawyer", _("a lawyer")
    GUARDIAN = "guardian", _("a guardian or person of trust")
    NOBODY = "nobody", _("nobody: the person reads it alone")


class NoteAsker(TextChoices):
    """Who asked for a note on non-punishment."""

    PERSON = "person", _("the person")
    LAWYER = "lawyer", _("a lawyer")
    POLICE = "police", _("an inquiry official of the police")
    PROSECUTOR = "prosecutor", _("a public prosecutor")
    COURT = "court", _("a court")
    WORKER = "worker", _("the worker, for the person")


class NoteGround(TextChoices):
    """Why a note on non-punishment is made."""

    RESULT = "result", _("the result of the interview speaks of forced crime")
    MARKED = "marked", _("the worker marks it, with a reason")
