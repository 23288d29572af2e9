"""What the search finds of public agreements: their facts and every word of their text, in each language of the site."""

from collections.abc import Iterator

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import override

from saphan.core.ids import permanent_name
from saphan.portal.agreements.models import PublicAgreement
from saphan.portal.search.sources import Row


class AgreementSource:
    """The public agreements."""

    name = "agreement"

    def row(self, key: str) -> Row | None:
        _source, pk, code = key.split(":")
        agreement = PublicAgreement.objects.filter(pk=pk).first()
        return agreement_row(agreement, code) if agreement else None

    def rows(self) -> Iterator[Row]:
        for agreement in PublicAgreement.objects.order_by("pk"):
            for code, _name in settings.LANGUAGES:
                yield agreement_row(agreement, code)


def agreement_row(agreement: PublicAgreement, language: str) -> Row:
    """An agreement as it is found in one language: with its words in that language, else in the first of those that bind."""
    with override(language):
        told = agreement.languages()
        words = agreement.articles(language if language in told else told[0]) if told else []
        names = agreement.party_names()
        return Row(
            key=f"agreement:{agreement.pk}:{language}",
            kind="agreement",
            url=agreement.address,
            language=language,
            title=str(agreement),
            summary=summary_of(agreement, names),
            text="\n".join([agreement.code, agreement.note, *names, *(f"{_('Article')} {one.number} {one.heading}\n{one.prose}" for one in words)]),
            published_on=agreement.signed_on,
            countries=[code for code in agreement.countries.split(",") if code],
            permanent=permanent_name(agreement.pk),
        )


def summary_of(agreement: PublicAgreement, names: list[str]) -> str:
    """One line on an agreement: kind, parties, year."""
    parts = [agreement.kind_name.capitalize(), ", ".join(names[:6]), str(agreement.year or "")]
    return " · ".join(part for part in parts if part)
