"""Each row of an article as a sentence that an officer reads and a translator can translate."""

from collections.abc import Callable, Iterable
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from saphan.agreements.procedures.entering import spoken
from saphan.agreements.procedures.terms import Condition, Length
from saphan.agreements.workspace.articles import Plain, Row
from saphan.agreements.workspace.vocabulary import Vocabulary

Say = Callable[[Plain, Vocabulary], list[str]]


def sentence_of(row: Row, vocabulary: Vocabulary) -> str:
    """The row in plain words."""
    return " ".join(SAY[row.kind](row.content, vocabulary))


def length_said(text: str) -> str:
    """A length of time in words."""
    length = Length.read(text)
    n = length.amount
    said = {
        "h": ngettext("%(n)d hour", "%(n)d hours", n),
        "d": ngettext("%(n)d day", "%(n)d days", n),
        "wd": ngettext("%(n)d working day", "%(n)d working days", n),
        "mo": ngettext("%(n)d month", "%(n)d months", n),
    }[length.unit]
    return said % {"n": n}


def condition_said(text: str) -> str:
    """A condition in words: only if …, not if …."""
    condition = Condition.read(text)
    parts = [spoken(name) if wanted else _("not %(fact)s") % {"fact": spoken(name)} for name, wanted in condition.needs]
    return joined(parts, _("and"))


def joined(words: Iterable[str], word: str) -> str:
    """a, b and c."""
    found = list(words)
    if len(found) < 2:  # noqa: PLR2004  # two are joined, one stands alone
        return "".join(found)
    return f"{', '.join(found[:-1])} {word} {found[-1]}"


def names_said(names: Iterable[str], word: str | None = None) -> str:
    return joined([f"“{spoken(name)}”" for name in names], word or _("and"))


def _stage(row: Plain, _vocabulary: Vocabulary) -> list[str]:
    said = [_("Stage “%(stage)s”, in the hands of: %(role)s.") % {"stage": spoken(row["id"]), "role": spoken(row["by"])}]
    if row.get("next"):
        said.append(_("Then follows %(stages)s.") % {"stages": names_said(row["next"], _("or"))})
    if row.get("due"):
        said.append(_("To be left within %(length)s.") % {"length": length_said(row["due"])})
    if row.get("needs_message"):
        said.append(_("Not without the message “%(message)s”.") % {"message": spoken(row["needs_message"])})
    if row.get("final"):
        said.append(_("Here it ends."))
    if row.get("lasting"):
        said.append(_("A lasting solution: it may always be entered."))
    return said


def _check(row: Plain, _vocabulary: Vocabulary) -> list[str]:
    return [_("To be done: %(name)s.") % {"name": spoken(row["id"])}, *_placed(row), *_only_if(row)]


def _consent(row: Plain, _vocabulary: Vocabulary) -> list[str]:
    form = _("in writing") if row["form"] == "written" else _("in writing or spoken")
    said = [_("The person is asked: %(to)s (%(form)s).") % {"to": row["to"], "form": form}]
    if row.get("covers"):
        said.append(_("It covers: %(groups)s.") % {"groups": names_said(row["covers"])})
    if row.get("guardian_if"):
        said.append(_("With a guardian if: %(condition)s.") % {"condition": condition_said(row["guardian_if"])})
    if row.get("renew"):
        said.append(_("Asked again after %(length)s.") % {"length": length_said(row["renew"])})
    return said + _placed(row)


def _document(row: Plain, _vocabulary: Vocabulary) -> list[str]:
    said = [_("On file: %(name)s, written by: %(role)s.") % {"name": spoken(row["id"]), "role": spoken(row["by"])}]
    if row.get("signed_by"):
        said.append(_("Signed by: %(roles)s.") % {"roles": joined(map(spoken, row["signed_by"]), _("and"))})
    return said + _placed(row) + _only_if(row)


def _send(row: Plain, vocabulary: Vocabulary) -> list[str]:
    said = [
        _("Message “%(name)s” from %(sender)s to %(receiver)s.")
        % {"name": spoken(row["id"]), "sender": vocabulary.party(row["from"]), "receiver": vocabulary.party(row["to"])}
    ]
    crossing = [name for group in row.get("fields", ()) for name in vocabulary.plain.get("fields", {}).get(group, ())]
    said.append(_("What crosses: %(fields)s.") % {"fields": ", ".join(map(spoken, crossing))} if crossing else _("No field about the person crosses."))
    if row.get("needs"):
        said.append(_("Only with her consent: %(consents)s.") % {"consents": names_said(row["needs"])})
    if row.get("answer"):
        said.append(_("Answered by “%(message)s”.") % {"message": spoken(row["answer"])})
    if row.get("readers"):
        said.append(_("Read only by: %(readers)s.") % {"readers": joined(map(spoken, row["readers"]), _("and"))})
    if row.get("keep"):
        said.append(_("Kept for %(length)s.") % {"length": length_said(row["keep"])})
    return said + _placed(row)


def _oblige(row: Plain, vocabulary: Vocabulary) -> list[str]:
    named = {"party": vocabulary.party(row["party"]), "name": spoken(row["id"]), "role": spoken(row["by"])}
    said = [_("%(party)s promises “%(name)s” (%(role)s).") % named]
    if row.get("due"):
        said.append(_("Within %(length)s.") % {"length": length_said(row["due"])})
    if row.get("every"):
        said.append(_("After %(lengths)s.") % {"lengths": joined(map(length_said, row["every"]), _("and"))})
    if row.get("on"):
        said.append(_("Counted from the message “%(message)s”.") % {"message": spoken(row["on"])})
    if row.get("kept_by"):
        said.append(_("Kept by “%(name)s”.") % {"name": spoken(row["kept_by"])})
    if row.get("late_to"):
        said.append(_("When it is late, told: %(role)s.") % {"role": spoken(row["late_to"])})
    if row.get("very_late"):
        to = spoken(row.get("very_late_to", "")) or _("nobody")
        said.append(_("Very late after %(length)s, told: %(role)s.") % {"length": length_said(row["very_late"]), "role": to})
    return said + _placed(row) + _only_if(row)


def _block(row: Plain, _vocabulary: Vocabulary) -> list[str]:
    named = {"stage": spoken(row["to"]), "condition": condition_said(row["if"]), "say": row["say"]}
    return [_("Forbids the stage “%(stage)s” if: %(condition)s. Shown is: “%(say)s”.") % named]


def _depart(row: Plain, _vocabulary: Vocabulary) -> list[str]:
    named = {
        "what": joined([str(shortened(what)) for what in row["allow"]], _("and")),
        "roles": joined(map(spoken, row["approve"]), _("or")),
        "length": length_said(row["tell"]),
    }
    return [_("In an emergency may be shortened: %(what)s. Approved by %(roles)s, with the reason in writing; the other party is told within %(length)s.") % named]


def shortened(what: str) -> str:
    """Which kind of rule an emergency shortens."""
    return {"due": _("dates"), "check": _("things to be done"), "document": _("documents"), "message": _("messages")}.get(what, what)


def _lifecycle(row: Plain, _vocabulary: Vocabulary) -> list[str]:
    running = _("keep the version they began under") if row["running_cases"] == "keep_version" else _("may move to the new version with fresh consent")
    return [
        _("Suspended by notice of %(length)s; changed when both have signed; cases under way %(running)s.")
        % {"length": length_said(row["suspend"]), "running": running}
    ]


def _score(row: Plain, _vocabulary: Vocabulary) -> list[str]:
    every = {"month": _("month"), "quarter": _("quarter"), "year": _("year")}[row["every"]]
    named = {"every": every, "promises": names_said(row["over"]), "target": f"{row['target'] * 100:g}", "least": row["publish_min"]}
    return [_("Counted each %(every)s: %(promises)s. Target %(target)s %%; no figure below %(least)s.") % named]


def _placed(row: Plain) -> list[str]:
    return [_("At the stage “%(stage)s”.") % {"stage": spoken(row["at"])}] if row.get("at") else []


def _only_if(row: Plain) -> list[str]:
    return [_("Only if: %(condition)s.") % {"condition": condition_said(row["if"])}] if row.get("if") else []


SAY: dict[str, Say] = {
    "stage": _stage, "check": _check, "consent": _consent, "document": _document, "send": _send, "oblige": _oblige, "block": _block,
    "depart": _depart, "lifecycle": _lifecycle, "score": _score,
}  # fmt: skip


def field_said(value: Any) -> str:
    """A plain value of a head list in words."""
    return ", ".join(map(spoken, value)) if isinstance(value, list) else spoken(str(value))
