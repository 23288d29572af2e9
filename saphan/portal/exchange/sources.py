"""What search, feeds and the newsletter find of this room: open needs, in each language. A need has no address nearer than its province."""

from collections.abc import Iterator

from django.conf import settings
from django.utils.translation import override

from saphan.core.ids import permanent_name
from saphan.core.outbox import enqueue, handler
from saphan.portal.exchange.models import Need
from saphan.portal.search.services import refresh
from saphan.portal.search.sources import Row

LANGUAGES = [code for code, _name in settings.LANGUAGES]
AGAIN = "exchange.need"


class NeedSource:
    """Needs that passed their review, while they are open or just met."""

    name = "need"

    def row(self, key: str) -> Row | None:
        _source, pk, language = key.split(":")
        need = Need.objects.public().select_related("province").filter(pk=pk).first()
        return need_row(need, language) if need else None

    def rows(self) -> Iterator[Row]:
        for need in Need.objects.public().select_related("province").order_by("pk"):
            for language in LANGUAGES:
                yield need_row(need, language)


def need_row(need: Need, language: str) -> Row:
    """A need as it is found in one language; the words are those of its writers, names of places and kinds the reader's."""
    with override(language):
        facts = [str(need.get_kind_display()), str(need.get_item_display()), str(need.province), need.alias]
        texts = [need.title_en, need.title_th, need.title_own, need.text_en, need.text_th, need.text_own]
        return Row(
            key=f"need:{need.pk}:{language}",
            kind="need",
            url=f"/{language}/needs/{need.reference}/",
            language=language,
            title=need.title,
            summary=" · ".join(facts),
            text="\n".join([*facts, *(text for text in texts if text)]),
            published_on=need.opened_at.date() if need.opened_at else None,
            countries=[need.province.country_id],
            permanent=permanent_name(need.pk),
        )


def shown_again(need: Need) -> None:
    """What search and feeds hold of a need is made equal to it, now."""
    for language in LANGUAGES:
        refresh(f"need:{need.pk}:{language}")


def shown_soon(need: Need) -> None:
    """As `shown_again`, after the commit and by the worker: a promise must not wait for the search."""
    enqueue(AGAIN, key=f"{need.pk} {need.state} {need.version} {need.promised}", payload={"need": str(need.pk)})


@handler(AGAIN)
def bring_up_to_date(payload: dict[str, str], *, key: str) -> None:  # noqa: ARG001  # the shape of a handler
    """Does it; harmless when done twice."""
    need = Need.objects.filter(pk=payload["need"]).first()
    if need is not None:
        shown_again(need)
