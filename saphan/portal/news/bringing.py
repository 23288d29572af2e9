"""Brings listed pages into the news: all of them or none."""

from dataclasses import dataclass

from django.db import transaction

from saphan.core import clock
from saphan.core.errors import Invalid
from saphan.portal.news.importing import FoundArticle, article_in
from saphan.portal.news.listing import Entry
from saphan.portal.news.services import import_and_publish, import_as_draft, index_of, known

IN_PLACE, DRAFT, PUBLIC = "in place since an earlier import", "entered as a draft", "published"
HELD = "left as a draft: the check before publication stopped it"
WOULD = {DRAFT: "would be entered as a draft", PUBLIC: "would be published", HELD: "would be left as a draft: the check before publication stops it"}


@dataclass(frozen=True)
class Brought:
    """One page with the article found in it, and the language it belongs to."""

    entry: Entry
    found: FoundArticle
    language: str


def articles_in(entries: list[Entry], language: str) -> tuple[list[Brought], dict[str, str]]:
    """The articles of all files, and the reason for each file in which there is none."""
    found, faults = [], {}
    for entry in entries:
        try:
            article = article_in(entry.path, title=entry.told.title, day=entry.told.day)
            found.append(Brought(entry, article, entry.told.language or language))
        except Invalid as fault:
            faults[entry.named] = fault.sentence
    return found, faults


@transaction.atomic
def bring(found: list[Brought], *, publish: bool, dry_run: bool) -> list[tuple[Brought, str]]:
    """Enters the articles in one transaction and tells what became of each. A dry run does the same and takes it all back."""
    for language in {one.language for one in found}:
        index_of(language)
    outcomes = [(one, _outcome(one, publish)) for one in found]
    if dry_run:
        transaction.set_rollback(True)
        return [(one, WOULD.get(outcome, outcome)) for one, outcome in outcomes]
    return outcomes


def _outcome(one: Brought, publish: bool) -> str:
    before = known(one.found, one.language)
    if before is not None and not (publish and not before.live):
        return IN_PLACE
    enter = import_and_publish if publish else import_as_draft
    article = enter(found=one.found, language=one.language, by=None, at=clock.now(), told=one.entry.told)
    return DRAFT if not publish else PUBLIC if article.live else HELD
