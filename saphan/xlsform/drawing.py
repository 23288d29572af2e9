"""From a page form to the blocks its templates show."""

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from saphan.xlsform.blocks import Block, Medium, Option, Words
from saphan.xlsform.dates import written_date, written_moment
from saphan.xlsform.definition import Choice, Node, Question, Repeat, Text, Wording
from saphan.xlsform.fields import Asked, steps_of
from saphan.xlsform.kinds import SELECTS
from saphan.xlsform.pages import shown
from saphan.xlsform.places import Place

if TYPE_CHECKING:
    from saphan.xlsform.forms import PageForm

NOTHING = Words("")


class Drawing:
    """Draws one page. Lives as long as it takes."""

    def __init__(self, form: "PageForm") -> None:
        self.form = form
        self.filling = form.filling
        self.wanted = set(form.places)
        self.repeat = form.page.repeat

    def blocks(self) -> tuple[Block, ...]:
        """The blocks of the page. The heading of the page is not repeated as the legend of its only group."""
        if not self.wanted and self.repeat is not None:
            node = self.filling.form.by_code[self.repeat.code]
            return (self._repeat(node, self.repeat.numbers, inside=False),) if isinstance(node, Repeat) else ()
        return self._without_title(self._below(self.filling.form.children, ()))

    def _without_title(self, blocks: tuple[Block, ...]) -> tuple[Block, ...]:
        inner = blocks
        while len(inner) == 1 and inner[0].kind == "group":
            if inner[0].words.text == self.form.title.text:
                return self._without_title(inner[0].children)
            inner = inner[0].children
        return blocks

    def _below(self, children: tuple[Node, ...], index: tuple[int, ...]) -> tuple[Block, ...]:
        found: list[Block] = []
        for node in children:
            if not self.filling.relevant_at(node.code, index):
                continue
            if isinstance(node, Question):
                place = Place.of(node.code, index)
                found += [self._question(node, place)] if place in self.wanted and shown(node) else []
            elif isinstance(node, Repeat):
                block = self._repeat(node, index, inside=True)
                found += [block] if block.children or (block.can_add and self.repeat == Place.of(node.code, index)) else []
            elif inner := self._below(node.children, index):
                words, second = self._two(node.label, index, node.code)
                found.append(Block("group", words, second, hint=self._words(node.hint, node.code, index), children=inner))
        return tuple(found)

    def _repeat(self, repeat: Repeat, index: tuple[int, ...], *, inside: bool) -> Block:
        place = Place.of(repeat.code, index)
        count = self.filling.instances(repeat.code, index)
        own = self.filling.plan.tree(repeat.code, "repeat_count") is None and (not inside or self._whole(repeat, index))
        words, second = self._two(repeat.label, index, repeat.code)
        instances = [
            Block("instance", words, second, place=place, number=number, can_remove=own, children=self._below(repeat.children, (*index, number)))
            for number in range(1, count + 1)
        ]
        if inside:
            instances = [block for block in instances if block.children]
        return Block("repeat", words, second, place=place, number=count, can_add=own, children=tuple(instances))

    def _whole(self, repeat: Repeat, index: tuple[int, ...]) -> bool:
        """Whether the page shows all instances of a repeat, so that one can be added or taken out here."""
        page = self.form.page
        return page.repeat is not None and (page.repeat == Place.of(repeat.code, index) or len(self.wanted) > 1)

    def _question(self, question: Question, place: Place) -> Block:
        bound = self.form[place] if place in self.form.fields else None
        words, second = self._two(question.label, place.numbers, question.code)
        asked = self.form.fields.get(place)
        block: dict[str, Any] = {
            "words": words if words else Words(question.name),
            "second": second,
            "hint": self._words(question.hint, question.code, place.numbers),
            "second_hint": self._second(question.hint, question.code, place.numbers),
            "guidance": self._words(question.guidance, question.code, place.numbers),
            "why": self._why(question, place.numbers),
            "media": self._media(question.media, words),
            "place": place,
        }
        if not isinstance(asked, Asked) or bound is None:
            value = "" if question.kind == "note" else self._shown(question, place)
            return Block("question", control="note" if question.kind == "note" else "output", value=value, **block)
        errors = self._errors(place)
        return Block(
            "question",
            **block,
            control=asked.control,
            bound=bound,
            id=bound.auto_id,
            name=bound.html_name,
            needed=self.filling.is_required(place),
            errors=errors,
            described_by=_described(bound.auto_id, block, errors, self._example(asked)),
            options=self._options(asked, bound),
            ranks=self._ranks(asked, bound),
            value=self._typed(asked, bound),
            limit=f"{self.form.host.max_bytes / 1024 / 1024:g}",
            example=self._example(asked),
        )

    # words

    def _words(self, text: Text, code: str, index: tuple[int, ...]) -> Words:
        wording = self.filling.form.words(text, self.form.language)
        return Words.of(Wording(self._said(wording, code, index), wording.language))

    def _second(self, text: Text, code: str, index: tuple[int, ...]) -> Words:
        """The words in the second language; nothing where the form has none in it, or where it is the first."""
        other = self.form.second_language
        if other is None or other == self.form.language or not text.get(other):
            return NOTHING
        return Words.of(Wording(self._said(Wording(text[other], other), code, index), other))

    def _said(self, wording: Wording, code: str, index: tuple[int, ...]) -> str:
        return self.filling.words({wording.language: wording.text}, Place.of(code, index), wording.language) if wording.text else ""

    def _two(self, text: Text, index: tuple[int, ...], code: str) -> tuple[Words, Words]:
        return self._words(text, code, index), self._second(text, code, index)

    def _why(self, question: Question, index: tuple[int, ...]) -> Words:
        why = question.extra.get("why", "")
        return self._words({"": why} if isinstance(why, str) else why, question.code, index)

    def _errors(self, place: Place) -> tuple[Words, ...]:
        if place in self.form.faults:
            return tuple(Words.of(fault.words(self.filling.form, self.form.language)) for fault in self.form.faults[place])
        return tuple(Words(str(error)) for error in self.form.errors.get(place, ()))

    def _media(self, media: dict[str, Text], words: Words) -> tuple[Medium, ...]:
        found = []
        for kind, text in media.items():
            name = self.filling.form.words(text, self.form.language).text
            if name:
                found.append(Medium("image" if kind == "big-image" else kind, self.form.host.medium(name), name, words))
        return tuple(found)

    # answers

    def _options(self, asked: Asked, bound: Any) -> tuple[Option, ...]:
        if asked.control not in ("radios", "checks", "select"):
            return ()
        value = bound.value()
        chosen = set(value) if isinstance(value, list) else {str(value or "")}
        found = [self._option(choice, number, bound, choice.name in chosen) for number, choice in enumerate(_choices(asked))]
        if asked.control == "radios" and chosen - {""} and not self.filling.is_required(bound.name):
            found.append(Option(f"{bound.auto_id}_{len(found)}", "", Words(_("No answer")), NOTHING, chosen=False, aside=True))
        return tuple(found)

    def _option(self, choice: Choice, number: int, bound: Any, chosen: bool) -> Option:
        words = Words.of(self.filling.form.words(choice.label, self.form.language)) or Words(choice.name)
        second = self._second(choice.label, Place(bound.name).code, ())
        return Option(f"{bound.auto_id}_{number}", choice.name, words, second, chosen, self._media(choice.media, words))

    def _ranks(self, asked: Asked, bound: Any) -> tuple[tuple[Option, ...], ...]:
        """For each rank the answers to choose from, the one that has it chosen."""
        if asked.control != "rank":
            return ()
        value = bound.value() or []
        return tuple(
            tuple(self._option(choice, rank, bound, rank < len(value) and value[rank] == choice.name) for choice in asked.choices)
            for rank in range(len(asked.choices))
        )

    def _typed(self, asked: Asked, bound: Any) -> str:
        if asked.control == "file":
            return self.filling.value(bound.name)
        value = bound.value()
        if asked.control == "tick":
            return "OK" if value is True or value == "OK" else ""
        return "" if value is None or isinstance(value, list) else str(value)

    def _example(self, asked: Asked) -> str:
        kind = asked.question.kind
        if kind == "date":
            return _("For example 2569, or 2026.") if "year" in asked.question.appearance.split() else _("For example 23/11/2026 or 23/11/2569.")
        if kind == "range" and asked.control == "line":
            steps = steps_of(asked.question)
            return _("From %(start)s to %(end)s.") % {"start": steps[0], "end": steps[-1]}
        examples = {"time": "14:30", "datetime": "23/11/2569 14:30", "geopoint": "13.7563 100.5018"}
        return _("For example %(example)s.") % {"example": examples[kind]} if kind in examples else ""

    def _shown(self, question: Question, place: Place) -> str:
        """A value that is not asked for, as a person reads it."""
        value = self.filling.value(place)
        if question.kind in SELECTS:
            labels = {choice.name: self.filling.form.words(choice.label, self.form.language).text for choice in self.filling.choices(place)}
            return ", ".join(labels.get(name) or name for name in value.split())
        if question.kind == "datetime":
            return written_moment(value, self.form.language)
        return written_date(value, self.form.language) if question.kind == "date" else value


def _choices(asked: Asked) -> tuple[Choice, ...]:
    return tuple(Choice(step, {"": step}) for step in steps_of(asked.question)) if asked.question.kind == "range" else asked.choices


def _described(auto_id: str, block: dict[str, Any], errors: tuple[Words, ...], example: str) -> str:
    """The ids of everything that explains a control, in the order in which it stands on the page."""
    there = [("error", bool(errors)), ("why", bool(block["why"])), ("hint", bool(block["hint"] or block["second_hint"])), ("example", bool(example))]
    return " ".join(f"{auto_id}_{part}" for part, is_there in there if is_there)
