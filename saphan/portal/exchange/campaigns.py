"""Acts on campaigns: several needs under one heading, reviewed by another person as each need is."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from saphan.access.actions import Action
from saphan.access.models import User
from saphan.access.policy import require
from saphan.audit.services import record
from saphan.core.errors import Invalid, NotFound, Outdated
from saphan.core.ids import new_reference
from saphan.core.sealing import seal
from saphan.portal.doorway.holder import PORTAL
from saphan.portal.exchange.codes import Question
from saphan.portal.exchange.models import Campaign, Review
from saphan.portal.exchange.needs import WORDS
from saphan.portal.exchange.states import CAMPAIGN_LIFE, CampaignState
from saphan.portal.exchange.wording import faults_of

WRITABLE = frozenset({CampaignState.DRAFT, CampaignState.RETURNED})


@dataclass(frozen=True)
class CampaignFacts:
    """What a coordinator writes of a campaign. `picture` is a picture of the house's own store, None to leave the present one."""

    alias: str
    words: dict[str, str] = field(default_factory=dict)
    until_on: date | None = None
    picture: Any = None
    picture_alt: str = ""
    picture_rights: str = ""


@transaction.atomic
def write_campaign(*, facts: CampaignFacts, by: User, at: datetime) -> Campaign:
    """Begins a campaign as a draft."""
    require(by, Action.CAMPAIGN_WRITE)
    campaign = Campaign(reference=new_reference("C"), org=by.org, written_at=at)
    _fill(campaign, facts, by)
    campaign.save(force_insert=True)
    record(by=by, action=Action.CAMPAIGN_WRITE, target=campaign, at=at, fields=["words", "picture"])
    return campaign


@transaction.atomic
def rewrite_campaign(*, campaign_id: UUID, version: int, facts: CampaignFacts, by: User, at: datetime) -> Campaign:
    """Changes a draft or a returned campaign."""
    campaign = _locked(campaign_id)
    require(by, Action.CAMPAIGN_WRITE, campaign)
    if campaign.version != version:
        raise Outdated(_("Somebody else changed this campaign since you opened it. Look at it again."))
    if campaign.state not in WRITABLE:
        raise Invalid(_("Take it back to a draft before you change it: what is public was reviewed word by word."))
    _fill(campaign, facts, by)
    campaign.version += 1
    campaign.save()
    record(by=by, action=Action.CAMPAIGN_WRITE, target=campaign, at=at, fields=["words", "picture"])
    return campaign


def _fill(campaign: Campaign, facts: CampaignFacts, by: User) -> None:
    for name, text in {"alias": facts.alias, **facts.words, "picture_alt": facts.picture_alt, "picture_rights": facts.picture_rights}.items():
        setattr(campaign, name, text.strip())
    campaign.until_on = facts.until_on
    if facts.picture is not None:
        campaign.picture = facts.picture
    campaign.writers = sorted({*campaign.writers, str(by.pk)})
    wrong = {name: " ".join(faults_of(text)) for name in (*WORDS, "picture_alt") if (text := getattr(campaign, name)) and faults_of(text)}
    if not campaign.title:
        wrong["title_en"] = _("Give it a title in at least one language.")
    if campaign.picture and not campaign.picture_alt:
        wrong["picture_alt"] = _("Say in words what the picture shows.")
    if campaign.picture and not campaign.picture_rights:
        wrong["picture_rights"] = _("Say who made the picture and who allowed its use.")
    if wrong:
        raise Invalid(fields=wrong)


@transaction.atomic
def steer_campaign(*, campaign_id: UUID, verb: str, by: User, at: datetime) -> Campaign:
    """Submits, takes back or closes a campaign of the coordinator's own organisation."""
    campaign = _locked(campaign_id)
    require(by, Action.CAMPAIGN_WRITE, campaign)
    if CAMPAIGN_LIFE.moves[verb].action != Action.CAMPAIGN_WRITE:
        raise NotFound
    campaign.state = CAMPAIGN_LIFE.target(verb, campaign.state)
    campaign.save(update_fields=["state"])
    record(by=by, action=Action.CAMPAIGN_WRITE, target=campaign, at=at, purpose=verb)
    return campaign


@transaction.atomic
def pass_campaign(*, campaign_id: UUID, answers: Sequence[str], by: User, at: datetime) -> Campaign:
    """Another person has answered every question of the check list with yes: the campaign is public."""
    campaign = _locked(campaign_id)
    require(by, Action.CAMPAIGN_REVIEW, campaign)
    if set(Question.values) - set(answers):
        raise Invalid(fields={"answers": _("Every question must be answered with yes. Return it to the writer instead.")})
    campaign.state, campaign.opened_at = CAMPAIGN_LIFE.target("pass", campaign.state), at
    campaign.save(update_fields=["state", "opened_at"])
    Review.objects.create(campaign=campaign, by=by, at=at, passed=True, answers=sorted(answers))
    record(by=by, action=Action.CAMPAIGN_REVIEW, target=campaign, at=at, purpose="passed")
    return campaign


@transaction.atomic
def return_campaign(*, campaign_id: UUID, findings: str, answers: Sequence[str] = (), by: User, at: datetime) -> Campaign:
    """Back to the writer, with what was found (sealed)."""
    campaign = _locked(campaign_id)
    require(by, Action.CAMPAIGN_REVIEW, campaign)
    if not findings.strip():
        raise Invalid(fields={"findings": _("Tell the writer what must change.")})
    campaign.state = CAMPAIGN_LIFE.target("return", campaign.state)
    campaign.save(update_fields=["state"])
    review = Review(campaign=campaign, by=by, at=at, passed=False, answers=sorted(answers))
    seal(review, org=PORTAL, findings=findings.strip())
    review.save(force_insert=True)
    record(by=by, action=Action.CAMPAIGN_REVIEW, target=campaign, at=at, purpose="returned", fields=["findings"])
    return campaign


def _locked(campaign_id: UUID) -> Campaign:
    campaign = Campaign.objects.select_for_update(of=("self",)).filter(pk=campaign_id).first()
    if campaign is None:
        raise NotFound
    return campaign
