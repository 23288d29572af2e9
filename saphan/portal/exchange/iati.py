"""Money of the exchange as activities of the International Aid Transparency Initiative, standard 2.03.

An activity is a fund whose need or campaign is or was public. Money is told in sums of a month, so that no gift and no donor can be found in it;
a place is a province; and a month in which one single gift came in is told with the next one (`SMALLEST`).
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta
from decimal import Decimal
from xml.etree.ElementTree import Element, ElementTree, SubElement, indent, tostring

from django.conf import settings
from django.db.models import Prefetch, Q

from saphan.directory.models import Organisation
from saphan.portal.exchange.ledger_models import Fund, Line, Pot, Verb
from saphan.portal.exchange.ledger_states import FundState, PostingState
from saphan.portal.exchange.need_models import Campaign, Need
from saphan.portal.exchange.states import CampaignState, NeedState

VERSION = "2.03"
SMALLEST = 2  # gifts in one sum
XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
TRANSACTIONS = {Pot.PLEDGED: "11", Pot.FUND: "1", Pot.SPENT: "4"}  # incoming commitment, incoming funds, expenditure
Told = tuple[Decimal, bool]  # an amount, and whether it counts among those that a sum must hold
ACCOUNTABLE, IMPLEMENTING = "2", "4"
UNDER_WAY, FINISHED = "2", "4"
STARTED, ENDED = "2", "4"


def publishable() -> Iterator[Fund]:
    """Funds of organisations that take part whose purpose has passed its safety review and was public."""
    needs = Q(need__opened_at__isnull=False, need__state__in=[NeedState.OPEN, NeedState.MET, NeedState.PAUSED, NeedState.EXPIRED, NeedState.CLOSED])
    campaigns = Q(campaign__opened_at__isnull=False, campaign__state__in=[CampaignState.OPEN, CampaignState.CLOSED])
    booked = Line.objects.filter(posting__state=PostingState.BOOKED).select_related("posting__reverses")
    found = Fund.objects.filter(needs | campaigns, org__state=Organisation.State.APPROVED).select_related("need__province", "campaign", "org")
    yield from found.prefetch_related(Prefetch("accounts__lines", booked)).order_by("opened_at", "pk").iterator(chunk_size=200)


def exported(at: datetime) -> bytes:
    """All publishable funds as one file. Raises ValueError while SAPHAN_IATI_ORG names no organisation."""
    if not settings.IATI_ORG:
        raise ValueError("no organisation is named: set SAPHAN_IATI_ORG")
    root = Element("iati-activities", {"version": VERSION, "generated-datetime": at.strftime("%Y-%m-%dT00:00:00Z")})
    for fund in publishable():
        _activity(root, fund, at)
    indent(ElementTree(root))
    return bytes(tostring(root, encoding="utf-8", xml_declaration=True))


def _activity(root: Element, fund: Fund, at: datetime) -> None:
    """One fund, its elements in the order that the standard asks for."""
    purpose = fund.need or fund.campaign
    assert purpose is not None
    changed = max([line.posting.decided_at or fund.opened_at for line in _lines(fund)] + [fund.opened_at])
    activity = SubElement(root, "iati-activity", {"default-currency": fund.currency, "last-updated-datetime": changed.strftime("%Y-%m-%dT%H:%M:%SZ"),
                                                  XML_LANG: "en", "humanitarian": "0"})  # fmt: skip
    SubElement(activity, "iati-identifier").text = f"{settings.IATI_ORG}-{fund.reference}"
    reporting = SubElement(activity, "reporting-org", {"ref": settings.IATI_ORG, "type": settings.IATI_ORG_TYPE, "secondary-reporter": "1"})
    _narrative(reporting, settings.IATI_NAME, "")
    _told(activity, "title", purpose, "title")
    _told(activity, "description", purpose, "text" if purpose.text else "title", type="1")
    for role in (ACCOUNTABLE, IMPLEMENTING):
        _narrative(SubElement(activity, "participating-org", {"role": role}), fund.org.name_en, fund.org.name_th)
    SubElement(activity, "activity-status", {"code": UNDER_WAY if fund.state == FundState.OPEN else FINISHED})
    SubElement(activity, "activity-date", {"type": STARTED, "iso-date": fund.opened_at.date().isoformat()})
    if fund.closed_at:
        SubElement(activity, "activity-date", {"type": ENDED, "iso-date": fund.closed_at.date().isoformat()})
    SubElement(activity, "recipient-country", {"code": fund.need.province.country_id if fund.need else "TH", "percentage": "100"})
    if fund.need:
        _province(activity, fund.need)
    SubElement(activity, "sector", {"vocabulary": "1", "code": settings.IATI_SECTOR, "percentage": "100"})
    for code, day, amount in sums(fund, at.date()):
        _transaction(activity, code, day, amount, fund.currency)


def _told(activity: Element, name: str, purpose: Need | Campaign, field: str, **attributes: str) -> None:
    english, thai = (getattr(purpose, f"{field}_{language}") for language in ("en", "th"))
    own = getattr(purpose, f"{field}_own")
    if english or thai or own:
        _narrative(SubElement(activity, name, attributes), english, thai, own, purpose.own_language)


def _narrative(parent: Element, english: str, thai: str, own: str = "", own_language: str = "") -> None:
    """The words in each language that there are; English is the activity's own and not marked."""
    for text, language in ((english, ""), (thai, "th"), (own, own_language)):
        if text:
            SubElement(parent, "narrative", {XML_LANG: language} if language else {}).text = text


def _province(activity: Element, need: Need) -> None:
    """Where it is used: a province, marked as not exact, without a point."""
    place = SubElement(activity, "location")
    SubElement(place, "location-reach", {"code": "1"})
    _narrative(SubElement(place, "name"), need.province.name_en, need.province.name_th)
    SubElement(place, "administrative", {"vocabulary": "A4", "level": "0", "code": need.province.country_id})
    SubElement(place, "exactness", {"code": "2"})
    SubElement(place, "location-class", {"code": "1"})


def _transaction(activity: Element, code: str, day: date, amount: Decimal, currency: str) -> None:
    transaction = SubElement(activity, "transaction")
    SubElement(transaction, "transaction-type", {"code": code})
    SubElement(transaction, "transaction-date", {"iso-date": day.isoformat()})
    SubElement(transaction, "value", {"currency": currency, "value-date": day.isoformat()}).text = str(amount)


def _lines(fund: Fund) -> Iterable[Line]:
    return [line for account in fund.accounts.all() for line in account.lines.all()]


def sums(fund: Fund, today: date) -> list[tuple[str, date, Decimal]]:
    """What was promised, came in and was spent, each summed up to the last day of a month that is over.

    A month with fewer than SMALLEST gifts is carried into the next, and told only once a sum holds enough of them; what is spent tells of no donor.
    What was reversed, falls away or is given back changes the sum and is no gift that another could hide behind.
    """
    undone = {line.posting.reverses_id for line in _lines(fund)}
    months: dict[str, dict[date, list[Told]]] = defaultdict(lambda: defaultdict(list))
    for account in fund.accounts.all():
        for line in account.lines.all():
            if (code := _code(account.pot, line)) and (day := _end_of_month(line.posting.happened_on)) < today:
                is_gift = line.amount > 0 and not line.posting.reverses_id and line.posting_id not in undone
                months[code][day].append((line.amount, is_gift or code == TRANSACTIONS[Pot.SPENT]))
    smallest = {TRANSACTIONS[Pot.SPENT]: 1}
    return [(code, day, amount) for code in sorted(months, key=int) for day, amount in _carried(months[code], smallest.get(code, SMALLEST))]


def _code(pot: str, line: Line) -> str | None:
    """The type of a transaction; what is only shifted from a promise to its payment, moved or given back is none of its own."""
    told = line.posting.reverses or line.posting
    if pot == Pot.PLEDGED and told.verb not in (Verb.PROMISE, Verb.RELEASE):
        return None
    if pot == Pot.FUND and told.verb not in (Verb.RECEIVE, Verb.COLLECT, Verb.GIVE_BACK, Verb.MOVE):
        return None
    return TRANSACTIONS.get(Pot(pot))


def _end_of_month(day: date) -> date:
    return (day.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)


def _carried(months: dict[date, list[Told]], smallest: int) -> Iterator[tuple[date, Decimal]]:
    gathered: list[Told] = []
    for day in sorted(months):
        gathered += months[day]
        if sum(counts for _amount, counts in gathered) >= smallest:
            if total := sum((amount for amount, _counts in gathered), Decimal(0)):
                yield day, total
            gathered = []
