"""Pages that show several things of one kind, each under an address of its own below the page's: provinces of a country, topics.

Such a part has no row in the editors' tree, but for readers, search and feeds it is a page: it has one address for ever, the same
name of it in each language, and an unknown name is 404.
"""

from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from django.urls import Resolver404

from saphan.core.ids import permanent_name
from saphan.portal.heads import absolute, permanent_url
from saphan.portal.pages import PublicPage, Tongue


@dataclass(frozen=True)
class Part:
    """One of them. `languages` are those in which it exists, wherever the page above it does; `identity` is the same in all of them."""

    slug: str
    title: str
    summary: str
    languages: frozenset[str]
    identity: UUID
    shown: Any


class PageWithParts(PublicPage):
    """A page with parts. `part_template` shows one of them."""

    part_template = ""

    class Meta:
        abstract = True

    def part_named(self, slug: str) -> Part | None:
        """The part of this name, None when there is none."""
        raise NotImplementedError

    def part_context(self, part: Part) -> dict[str, Any]:
        """What its template shows."""
        raise NotImplementedError

    def page_context(self) -> dict[str, Any]:
        """What the template of the page itself shows."""
        raise NotImplementedError

    def url_of_part(self, slug: str) -> str:
        """Where a part stands."""
        return f"{self.get_url() or '/'}{slug}/"

    def resolve_subpage(self, path: str) -> Part:
        """Redirects ask this when the page has moved: they lead on to the part where there is one. Raises Resolver404 otherwise."""
        part = self.part_named(path.strip("/"))
        if part is None:
            raise Resolver404
        return part

    def get_template(self, request: HttpRequest, *args: Any, part: Part | None = None, **kwargs: Any) -> str:
        return self.part_template if part else str(super().get_template(request, *args, **kwargs))

    def get_context(self, request: HttpRequest, *args: Any, part: Part | None = None, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context(request, *args, **kwargs)
        if part is None:
            return {**context, **self.page_context()}
        return {**context, **self._frame_of(part, context), **self.part_context(part)}

    def _frame_of(self, part: Part, context: dict[str, Any]) -> dict[str, Any]:
        """What surrounds a part where it differs from the page above it: head, languages, permanent link."""
        tongues, path, name = (
            [_of_part(tongue, part) for tongue in context["translations"]],
            self.url_of_part(part.slug),
            permanent_name(part.identity),
        )
        thing = {"@type": "WebPage", "@id": permanent_url(name, self.locale.language_code), "url": absolute(path), "name": part.title}
        head = replace(
            context["head"],
            title=part.title,
            summary=part.summary,
            path=path,
            alternates=[(tongue.code, absolute(tongue.url)) for tongue in tongues if tongue.exact],
            trail=[*context["head"].trail, (part.title, path)],
            thing={**thing, "inLanguage": self.locale.language_code, "description": part.summary},
        )
        return {
            "part": part,
            "head": head,
            "translations": tongues,
            "same_page": [tongue for tongue in tongues if tongue.exact and not tongue.current],
            "permanent": permanent_url(name),
            "summary": part.summary,
            "unreviewed": False,
        }


def _of_part(tongue: Tongue, part: Part) -> Tongue:
    """The same language of the part; of the page above it, where the part does not exist in that language."""
    if not tongue.exact:
        return tongue
    if tongue.code not in part.languages:
        return replace(tongue, url=f"{tongue.url}?untranslated", exact=False)
    return replace(tongue, url=f"{tongue.url}{part.slug}/")
