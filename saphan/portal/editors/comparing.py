"""A translation beside its original, field by field, with what has changed in the original since."""

from dataclasses import dataclass

from wagtail.models import Page

from saphan.portal.editors.models import TranslationMark
from saphan.portal.editors.reading import passages


@dataclass(frozen=True)
class Pair:
    """One field in both languages; `before` is the original's as it was translated, when it has changed since."""

    label: str
    original: str
    before: str
    translation: str

    @property
    def changed(self) -> bool:
        return bool(self.before) and self.before != self.original


def side_by_side(original: Page, translation: Page, mark: TranslationMark | None) -> list[Pair]:
    """The fields of both that hold words, in the order of the form."""
    now = {p.name: p for p in passages(original) if p.name != "slug" and not p.is_address}
    there = {p.name: p.words for p in passages(translation)}
    labels = {p.name: p.label for p in passages(translation)}
    made_from = mark.made_from.as_object() if mark and mark.made_from else None
    before = {p.name: p.words for p in passages(made_from)} if made_from else {}
    names = [*now, *(name for name in there if name not in now and name != "slug" and there[name])]
    pairs = [
        Pair(now[name].label if name in now else labels[name], now[name].words if name in now else "", before.get(name, ""), there.get(name, ""))
        for name in names
    ]
    return [pair for pair in pairs if pair.original or pair.translation or pair.before]
