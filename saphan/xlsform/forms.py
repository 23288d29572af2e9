"""One page of a questionnaire as a Django form: fields in the reader's language, errors at the field, values as ODK would submit them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext as _

from saphan.xlsform.blocks import Block, Words
from saphan.xlsform.drawing import Drawing
from saphan.xlsform.faults import Fault
from saphan.xlsform.fields import ACCEPTED, Asked
from saphan.xlsform.filling import Filling
from saphan.xlsform.kinds import FILES, SELECTS
from saphan.xlsform.pages import Page
from saphan.xlsform.places import Place

PREFIX = "x"


@dataclass(frozen=True)
class Act:
    """A button of a repeat that was pressed: `add` an instance, or `remove` the one with this number."""

    verb: str
    repeat: Place
    number: int = 0


def nowhere(_name: str) -> str:
    """The address of a medium for a host that keeps none."""
    return ""


@dataclass(frozen=True)
class Host:
    """What the page needs of whoever shows it: where media of the form are kept, what becomes of files, how large they may be.

    `store` takes the place and the file and gives back the value that is kept (a name, never a path); without it no file is taken.
    """

    medium: Callable[[str], str] = nowhere
    store: Callable[[Place, UploadedFile], str] | None = None
    max_bytes: int = 8 * 1024 * 1024
    accepted: Mapping[str, str] = field(default_factory=lambda: ACCEPTED)


class PageForm(forms.Form):
    """The questions of one page. `values` gives what was answered, by place; `filling_after` the filling with it."""

    def __init__(
        self,
        data: Any = None,
        files: "MultiValueDict[str, UploadedFile] | None" = None,
        *,
        filling: Filling,
        page: Page,
        language: str,
        second_language: str | None = None,
        host: Host | None = None,
    ) -> None:
        super().__init__(data, files, prefix=PREFIX)
        self.filling = filling
        self.page = page
        self.language = language
        self.second_language = second_language
        self.host = host or Host()
        self._faults: dict[str, list[Fault]] = {}
        self.places = tuple(place for place in page.places if place.code in filling.form.by_code and filling.is_relevant(place))
        for place in self.places:
            question = filling.form.question(place.code)
            if question.asked and not filling.is_read_only(place):
                self.fields[place] = Asked(question, filling.choices(place), filling, language, initial=filling.value(place))

    @property
    def faults(self) -> dict[str, list[Fault]]:
        """What speaks against the answers sent, by place, with codes and in the words of the form; what could not be read stands in `errors` only."""
        return self._faults if self.errors else {}

    # what was sent

    @cached_property
    def act(self) -> Act | None:
        """Which button of a repeat was pressed, if one was. A repeat that is not on this page is not acted upon."""
        for verb in ("add", "remove"):
            sent = self.data.get(f"{PREFIX}-{verb}") if self.is_bound else None
            if sent:
                place, _sign, number = str(sent).partition("#")
                if self._may(Place(place)) and (verb == "add" or (number.isascii() and number.isdigit())):
                    return Act(verb, Place(place), int(number or 0))
        return None

    def _may(self, repeat: Place) -> bool:
        plan = self.filling.plan
        known = repeat.code in plan.index.repeats and plan.form.by_code[repeat.code].node == "repeat"
        return known and plan.tree(repeat.code, "repeat_count") is None and self.filling.is_relevant(repeat)

    def clean(self) -> dict[str, Any]:
        """Looks at every answer in the light of all answers of this page."""
        found: dict[str, Any] = super().clean() or {}
        self._take_files(found)
        after = self.filling.having({Place(name): value for name, value in found.items() if isinstance(value, str)})
        for name in list(self.fields):
            if name in found and after.is_relevant(name) and (faults := after.problems(name, found[name])):
                self._faults[name] = faults
                for fault in faults:
                    self.add_error(name, fault.words(after.form, self.language).text)
        return found

    def _take_files(self, found: dict[str, Any]) -> None:
        """Files replace their field's value by what the host made of them; without a new file the kept one stays, unless it is taken back."""
        for name, asked in self.fields.items():
            if not isinstance(asked, Asked) or asked.question.kind not in FILES:
                continue
            sent = self.files.get(self.add_prefix(name))
            if sent is None:
                found[name] = "" if self.data.get(f"{self.add_prefix(name)}-clear") else self.filling.value(name)
            elif wrong := self._against(asked, sent):
                self.add_error(name, wrong)
            elif self.host.store is not None:
                found[name] = self.host.store(Place(name), sent)

    def _against(self, asked: Asked, sent: UploadedFile) -> str:
        limit = self.host.max_bytes
        if (sent.size or 0) > limit:
            return _("The file is larger than %(limit)s MB. Choose a smaller one.") % {"limit": f"{limit / 1024 / 1024:g}"}
        wanted = self.host.accepted.get(asked.question.kind, "")
        kind = wanted.partition("/")[0]
        if wanted.endswith("/*") and not (sent.content_type or "").startswith(f"{kind}/"):
            return str(Fault("file"))
        return "" if self.host.store is not None else _("Files cannot be taken here.")

    def values(self) -> dict[Place, str]:
        """What was answered on this page, by place; empty where an answer was taken back. Answers with an error are left out."""
        wrong = self.errors
        found = self.cleaned_data if self.is_bound else {}
        return {Place(name): value for name, value in found.items() if name not in wrong and isinstance(value, str)}

    @cached_property
    def filling_after(self) -> Filling:
        """The filling with the answers of this page, and with the instance added or removed that a button asked for."""
        after = self.filling.having(self.values())
        if self.act is None:
            return after
        return after.with_instance(self.act.repeat) if self.act.verb == "add" else after.without_instance(self.act.repeat, self.act.number)

    def appeared(self) -> tuple[Place, ...]:
        """Places of this page that are asked, or offer other answers, only since these answers: the host shows the page once more when there are any."""
        by = "section" if self.page.key in {page.key for page in self.filling.pages("section")} else "question"
        now = next((page for page in self.filling_after.pages(by) if page.key == self.page.key), None)
        return tuple(place for place in now.places if self._is_new(place)) if now else ()

    def _is_new(self, place: Place) -> bool:
        before, after = self.filling, self.filling_after
        question = after.form.question(place.code)
        if place not in self.places:
            return question.asked
        if question.kind not in SELECTS or before.choices(place) == after.choices(place):
            return False
        names = {choice.name for choice in after.choices(place)}
        return bool(names) and not set(after.value(place).split()) & names

    # what is shown

    @cached_property
    def blocks(self) -> tuple[Block, ...]:
        """What the template shows, in order and nested as the form is."""
        for name, asked in self.fields.items():
            if self.is_bound and isinstance(asked, Asked):
                asked.choices = self.filling_after.choices(name)  # answers of this page may have changed what others offer
        return Drawing(self).blocks()

    @cached_property
    def title(self) -> Words:
        """The heading of the page, empty for questions that stand in no group."""
        return Words.of(self.filling.form.words(self.page.label, self.language))

    @cached_property
    def mistakes(self) -> list[tuple[str, str, Words]]:
        """For a summary above the page: the id to lead to, the question, the sentence."""
        return [
            (f"{block.id}_0" if block.in_fieldset else block.id, block.words.text, error)
            for block in _questions(self.blocks)
            for error in block.errors
        ]


def _questions(blocks: tuple[Block, ...]) -> list[Block]:
    found: list[Block] = []
    for block in blocks:
        found += [block] if block.kind == "question" else _questions(block.children)
    return found
