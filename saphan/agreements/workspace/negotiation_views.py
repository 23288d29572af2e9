"""The table of negotiation: articles in brackets, proposals with their redline, positions of the parties, remarks."""

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from saphan.access.actions import Action
from saphan.access.guard import StaffRequest, page_for
from saphan.access.policy import check
from saphan.agreements.models import AgreementVersion
from saphan.agreements.states import VersionState
from saphan.agreements.workspace import brackets, negotiating
from saphan.agreements.workspace.articles import Plain, article_or_none, keys_of, mark_of
from saphan.agreements.workspace.card_views import card_of
from saphan.agreements.workspace.checking import errors_with
from saphan.agreements.workspace.frame import language_name, languages_of, page, require_inside, visible_proposal, visible_version
from saphan.agreements.workspace.models import Bracket, Proposal
from saphan.agreements.workspace.negotiation_forms import BracketForm, CommentForm, PositionForm, SubmitForm
from saphan.agreements.workspace.parties import party_of, party_or_404, signing_parties
from saphan.agreements.workspace.redline import ArticleChange, article_changed
from saphan.agreements.workspace.states import BracketState, ProposalState
from saphan.agreements.workspace.vocabulary import Vocabulary
from saphan.core import clock
from saphan.core.errors import Invalid
from saphan.core.once import once
from saphan.core.paging import paginate


@page_for(Action.AGREEMENT_READ_INSIDE)
@require_GET
def negotiation(request: StaffRequest, version_id: UUID) -> HttpResponse:
    """All that is open in a version, and what was settled."""
    version = visible_version(request, version_id)
    require_inside(request, version)
    party = party_of(request.user, version.agreement)
    proposals = version.proposals.seen_by(party).select_related("party__country", "party__organisation")
    standing = version.brackets.filter(state=BracketState.STANDING).select_related("party__country", "party__organisation", "set_by")
    shown = paginate(proposals, request, order=("-begun_at", "-id"))
    return page(
        request, version, "negotiation", page=shown, party=party, brackets=standing, open_articles=brackets.open_articles(version),
        under_way=version.state == VersionState.NEGOTIATING, parties=signing_parties(version.agreement),
        may_negotiate=check(request.user, Action.AGREEMENT_NEGOTIATE, version.agreement),
    )  # fmt: skip


@page_for(Action.AGREEMENT_READ_INSIDE)
@require_GET
def article(request: StaffRequest, version_id: UUID, key: str) -> HttpResponse:
    """One article on the table: its card, its brackets, its proposals, what was said."""
    return _article_page(request, visible_version(request, version_id), key)


def _article_page(request: StaffRequest, version: AgreementVersion, key: str, **forms_: Any) -> HttpResponse:
    require_inside(request, version)
    plain = version.plain()
    content = article_or_none(plain, key)
    if content is None:
        raise Http404
    party = party_of(request.user, version.agreement)
    context = {
        "card": card_of(key, content, Vocabulary(plain), languages_of(plain), brackets=brackets.open_articles(version).get(key, [])),
        "standing": version.brackets.filter(state=BracketState.STANDING, article=key).select_related("party__country", "party__organisation", "set_by"),
        "proposals": version.proposals.seen_by(party).filter(article=key).select_related("party__country", "party__organisation"),
        "comments": version.comments.filter(article=key, proposal=None).select_related("party__country", "party__organisation", "by"),
        "party": party, "under_way": version.state == VersionState.NEGOTIATING, "key": key,
        "comment_form": forms_.get("comment_form") or CommentForm(auto_id="comment_%s"),
        "bracket_form": forms_.get("bracket_form") or BracketForm(auto_id="bracket_%s"),
    }  # fmt: skip
    return page(request, version, "table", status=422 if forms_ else 200, **context)


@page_for(Action.AGREEMENT_PROPOSE)
@require_POST
@once
def begin(request: StaffRequest, version_id: UUID, key: str = "") -> HttpResponse:
    """Opens a sheet: for another text of an article, for its removal, or for a new one."""
    version = visible_version(request, version_id)
    party_or_404(request.user, version.agreement)
    given = {"version_id": version.pk, "by": request.user, "at": clock.now()}
    if not key:
        proposal = negotiating.begin_new_article(after=request.POST.get("after", ""), **given)
    elif request.POST.get("what") == "remove":
        proposal = negotiating.propose_removal(key=key, **given)
    else:
        proposal = negotiating.begin_proposal(key=key, **given)
    return redirect("workspace:proposal", proposal.pk)


@page_for(Action.AGREEMENT_READ_INSIDE)
@require_GET
def proposal(request: StaffRequest, proposal_id: UUID) -> HttpResponse:
    """One proposal: what it changes, word by word, and what each party says."""
    return _page(request, visible_proposal(request, proposal_id))


def _page(request: StaffRequest, found: Proposal, **forms_: forms.Form) -> HttpResponse:
    version = found.version
    party = party_of(request.user, version.agreement)
    own = party is not None and party.pk == found.party_id
    writing = own and found.state == ProposalState.DRAFT and version.state == VersionState.NEGOTIATING
    said = negotiating.last_words(found)
    is_open = found.state == ProposalState.OPEN and version.state == VersionState.NEGOTIATING
    context = {
        "proposal": found, "change": _change(version, found), "own": own, "writing": writing, "is_open": is_open, "party": party,
        "positions": [(one, said.get(one.pk)) for one in signing_parties(version.agreement)],
        "spoken": found.positions.select_related("party__country", "party__organisation", "by"),
        "comments": found.comments.select_related("party__country", "party__organisation", "by"),
        "moved_on": found.state in (ProposalState.DRAFT, ProposalState.OPEN) and negotiating.has_moved_on(found),
        "card": _card(version, found) if writing and found.content is not None else None, "mark": mark_of(found.content),
        "would_break": errors_with(version, negotiating.proposed(found)) if writing and not negotiating.has_moved_on(found) else [],
        "submit_form": forms_.get("submit_form") or SubmitForm(initial={"reason": found.reason}, auto_id="submit_%s"),
        "position_form": forms_.get("position_form") or PositionForm(auto_id="position_%s"),
        "comment_form": forms_.get("comment_form") or CommentForm(auto_id="comment_%s"),
        "language_name": language_name,
    }  # fmt: skip
    return page(request, version, "proposal", status=422 if forms_ else 200, **context)


def _card(version: AgreementVersion, found: Proposal) -> Any:
    plain = negotiating.proposed(found)
    content: Plain = found.content or {}
    return card_of(content["art"], content, Vocabulary(plain), languages_of(plain))


def _change(version: AgreementVersion, found: Proposal) -> ArticleChange:
    """Against the present text; of a settled proposal against the text from which it was made, as far as the history holds it."""
    present = version.plain()
    before = article_or_none(present, found.article)
    if found.state in (ProposalState.APPLIED, ProposalState.DECLINED, ProposalState.WITHDRAWN) and mark_of(before) != found.base:
        before = _base(version, found)
    after = negotiating.proposed(found) if found.article in keys_of(present) or found.content is not None else present
    return article_changed(found.article, before, found.content, Vocabulary(present), Vocabulary(after))


def _base(version: AgreementVersion, found: Proposal) -> Plain | None:
    for revision in version.revisions.all()[:200]:
        earlier = article_or_none(revision.plain(), found.article)
        if mark_of(earlier) == found.base:
            return earlier
    return None


@page_for(Action.AGREEMENT_PROPOSE)
@require_POST
@once
def act(request: StaffRequest, proposal_id: UUID, verb: str) -> HttpResponse:
    """What its own party does with a proposal: submit, take back, withdraw, bring up to date."""
    found = visible_proposal(request, proposal_id)
    given = {"proposal_id": found.pk, "by": request.user, "at": clock.now()}
    if verb == "submit":
        form = SubmitForm(request.POST, auto_id="submit_%s")
        if not form.is_valid():
            return _page(request, found, submit_form=form)
        try:
            if broken := errors_with(found.version, negotiating.proposed(found)):
                raise Invalid(_("With this change the running part would have errors: ") + " ".join(broken))
            negotiating.submit(reason=form.cleaned_data["reason"], **given)
        except Invalid as error:
            form.add_error(None, error.sentence)
            return _page(request, found, submit_form=form)
        messages.success(request, _("The proposal lies before the parties. Article %(number)s is in brackets until they have spoken.") % {"number": found.article})
    else:
        acts = {"take_back": negotiating.take_back, "withdraw": negotiating.withdraw, "update": negotiating.bring_up_to_date}
        if verb not in acts:
            raise Http404
        acts[verb](**given)
        messages.success(request, _("Done."))
    return redirect("workspace:proposal", found.pk)


@page_for(Action.AGREEMENT_POSITION)
@require_POST
@once
def position(request: StaffRequest, proposal_id: UUID) -> HttpResponse:
    """A party says what it thinks."""
    found = visible_proposal(request, proposal_id)
    form = PositionForm(request.POST, auto_id="position_%s")
    if not form.is_valid():
        return _page(request, found, position_form=form)
    try:
        said = negotiating.take_position(
            proposal_id=found.pk, stance=form.cleaned_data["stance"], words=form.cleaned_data["words"], by=request.user, at=clock.now()
        )  # fmt: skip
    except Invalid as error:
        for name, sentence in error.fields.items():
            form.add_error(name, sentence)
        return _page(request, found, position_form=form)
    if said.state == ProposalState.APPLIED:
        messages.success(request, _("All parties accept. The change stands in the text now."))
    elif said.state == ProposalState.DECLINED:
        messages.info(request, _("The proposal is not accepted. The text stays as it was."))
    else:
        messages.success(request, _("The position of your side is recorded."))
    return redirect("workspace:proposal", found.pk)


@page_for(Action.AGREEMENT_COMMENT)
@require_POST
@once
def comment(request: StaffRequest, version_id: UUID | None = None, key: str = "", proposal_id: UUID | None = None) -> HttpResponse:
    """A remark to an article or to a proposal."""
    found = visible_proposal(request, proposal_id) if proposal_id else None
    version = found.version if found else visible_version(request, version_id)  # type: ignore[arg-type]  # one of the two addresses
    form = CommentForm(request.POST, auto_id="comment_%s")
    if form.is_valid():
        negotiating.comment(
            version_id=version.pk, key=found.article if found else key, words=form.cleaned_data["words"], proposal=found, by=request.user, at=clock.now()
        )  # fmt: skip
        messages.success(request, _("Your remark is there for all parties to read."))
        return redirect("workspace:proposal", found.pk) if found else redirect("workspace:table", version.pk, key)
    return _page(request, found, comment_form=form) if found else _article_page(request, version, key, comment_form=form)


@page_for(Action.AGREEMENT_BRACKET)
@require_POST
@once
def bracket(request: StaffRequest, version_id: UUID, key: str) -> HttpResponse:
    """Holds an article open."""
    version = visible_version(request, version_id)
    form = BracketForm(request.POST, auto_id="bracket_%s")
    if form.is_valid():
        try:
            brackets.set_bracket(version_id=version.pk, key=key, reason=form.cleaned_data["reason"], by=request.user, at=clock.now())
        except Invalid as error:
            for name, sentence in error.fields.items():
                form.add_error(name, sentence)
        else:
            messages.success(request, _("Article %(number)s is in brackets: nobody agrees to the whole while it is.") % {"number": key})
            return redirect("workspace:table", version.pk, key)
    return _article_page(request, version, key, bracket_form=form)


@page_for(Action.AGREEMENT_BRACKET)
@require_POST
@once
def lift(request: StaffRequest, bracket_id: UUID) -> HttpResponse:
    """Lifts a bracket of one's own side."""
    found = Bracket.objects.filter(pk=bracket_id, version__in=AgreementVersion.objects.visible_to(request.user)).first()
    if found is None:
        raise Http404
    brackets.lift_bracket(bracket_id=found.pk, by=request.user, at=clock.now())
    messages.success(request, _("The bracket is lifted."))
    return redirect("workspace:table", found.version_id, found.article)
