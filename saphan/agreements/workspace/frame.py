"""What the screens of the workspace share: how a version is found, where an article is being written, how findings stand beside it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from saphan.access.actions import Action
from saphan.access.guard import StaffRequest
from saphan.access.policy import check
from saphan.agreements.models import AgreementVersion
from saphan.agreements.running import sentence_of as finding_said
from saphan.agreements.states import VersionState
from saphan.agreements.workspace.articles import Plain, article_at, keys_of, with_article, with_new_article
from saphan.agreements.workspace.models import Proposal, What
from saphan.agreements.workspace.negotiating import write_proposal
from saphan.agreements.workspace.parties import party_of
from saphan.agreements.workspace.revising import Change, Edit, save_article
from saphan.agreements.workspace.states import ProposalState
from saphan.agreements.workspace.vocabulary import Vocabulary

Tab = dict[str, Any]
NAMES = dict(settings.LANGUAGES)


@dataclass(frozen=True)
class Note:
    """A finding of the linter as a screen shows it."""

    rule: str
    article: str
    sentence: str
    is_error: bool


def visible_version(request: StaffRequest, version_id: UUID) -> AgreementVersion:
    """A version that this user may read, or 404."""
    found = AgreementVersion.objects.visible_to(request.user).select_related("agreement__kept_by", "based_on")
    version = found.filter(pk=version_id).first()
    if version is None:
        raise Http404
    return version


def visible_proposal(request: StaffRequest, proposal_id: UUID) -> Proposal:
    """A proposal of a version that this user may read and, while it is being written, of her own party."""
    seen = Proposal.objects.filter(version__in=AgreementVersion.objects.visible_to(request.user))
    proposal = seen.select_related("version__agreement", "party__country", "party__organisation", "begun_by").filter(pk=proposal_id).first()
    if proposal is None:
        raise Http404
    party = party_of(request.user, proposal.version.agreement)
    if party is None or (proposal.state == ProposalState.DRAFT and proposal.party_id != party.pk):
        raise Http404
    return proposal


@dataclass(frozen=True)
class Sheet:
    """Where an article is being written: in the draft itself, or on the sheet of a proposal. Both take the same forms."""

    version: AgreementVersion
    plain: Plain
    proposal: Proposal | None = None

    @property
    def vocabulary(self) -> Vocabulary:
        return Vocabulary(self.plain)

    def article(self, key: str) -> Plain:
        """The article here. Raises NotFound."""
        return article_at(self.plain, key)

    def key(self, key: str) -> str:
        """By which the article is addressed here: on the sheet of a proposal there is only one."""
        return key if self.proposal is None else str((self.proposal.content or {}).get("art", self.proposal.article))

    def save(self, key: str, article: Plain, mark: str, what: What, request: StaffRequest, at: datetime, also: Change | None = None) -> None:
        """Saves it where it is being written. Raises Apart, `Unreadable`."""
        if self.proposal is not None:
            write_proposal(proposal_id=self.proposal.pk, content=article, mark=mark, by=request.user, at=at)
        else:
            edit = Edit(what, key)
            save_article(version_id=self.version.pk, key=key, article=article, mark=mark, edit=edit, by=request.user, at=at, also=also)

    def back(self, key: str) -> str:
        """Where a saved form leads."""
        if self.proposal is not None:
            return reverse("workspace:proposal", args=[self.proposal.pk])
        return reverse("workspace:articles", args=[self.version.pk]) + f"#art-{key}"


def sheet_of(request: StaffRequest, version_id: UUID | None, proposal_id: UUID | None) -> Sheet:
    """The place a screen writes in, or 404; 409 by the service where it is closed."""
    if proposal_id is not None:
        proposal = visible_proposal(request, proposal_id)
        if not check(request.user, Action.AGREEMENT_PROPOSE, proposal) or proposal.content is None:
            raise Http404
        return Sheet(proposal.version, _with_content(proposal), proposal)
    assert version_id is not None  # one of the two addresses
    version = visible_version(request, version_id)
    return Sheet(version, version.plain())


def _with_content(proposal: Proposal) -> Plain:
    plain = proposal.version.plain()
    content: Plain = proposal.content or {}
    if proposal.article in keys_of(plain):
        return with_article(plain, proposal.article, content)
    return with_new_article(plain, content, proposal.after)


def may_write(request: StaffRequest, version: AgreementVersion) -> bool:
    """Whether the cards of this version have buttons for this user."""
    return version.state == VersionState.DRAFTING and bool(check(request.user, Action.AGREEMENT_DRAFT, version.agreement))


def notes_of(version: AgreementVersion) -> list[Note]:
    """What the linter says of a version, errors first."""
    found = [Note(str(f.get("rule", "")), str(f.get("article", "")), finding_said(f), f.get("severity") == "error") for f in version.findings]
    return sorted(found, key=lambda note: not note.is_error)


def languages_of(plain: Plain) -> list[tuple[str, str]]:
    """The languages in which articles are written: those that bind, the one in which the parties work, and any other that stands there."""
    told = plain.get("languages", {})
    codes = [*told.get("authoritative", ()), *([told["working"]] if told.get("working") else [])]
    codes += [code for article in plain.get("articles", ()) for code in article.get("prose", {})]
    return [(code, language_name(code)) for code in dict.fromkeys(codes)]


def language_name(code: str) -> str:
    return str(NAMES.get(code, code))


def tabs_of(request: StaffRequest, version: AgreementVersion) -> list[Tab]:
    """The rooms of one version's workspace."""
    named = [
        ("articles", _("Articles")),
        ("head", _("Lists at the head")),
        ("findings", _("Findings")),
        ("history", _("History")),
        ("negotiation", _("Negotiation")),
        ("compare", _("Compare")),
        ("impact", _("Impact")),
        ("simulate", _("Try a case")),
        ("signing", _("Signatures")),
    ]
    inside = bool(check(request.user, Action.AGREEMENT_READ_INSIDE, version.agreement))
    shown = [(name, label) for name, label in named if inside or name in ("articles", "compare", "simulate", "head")]
    here = request.resolver_match.url_name if request.resolver_match else ""
    return [{"label": label, "url": reverse(f"workspace:{name}", args=[version.pk]), "current": name == here} for name, label in shown]


def page(request: StaffRequest, version: AgreementVersion, template: str, *, status: int = 200, **context: Any) -> HttpResponse:
    """One screen of a version's workspace, with its tabs and how it stands with the linter."""
    notes = notes_of(version)
    given = {
        "version": version, "agreement": version.agreement, "tabs": tabs_of(request, version), "may_write": may_write(request, version),
        "errors": sum(note.is_error for note in notes), "warnings": sum(not note.is_error for note in notes),
    }  # fmt: skip
    return render(request, f"agreements/workspace/{template}.html", given | context, status=status)


def require_inside(request: StaffRequest, version: AgreementVersion) -> None:
    """404 for whoever may read a signed text but not what is inside."""
    if not check(request.user, Action.AGREEMENT_READ_INSIDE, version.agreement):
        raise Http404

