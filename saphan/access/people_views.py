"""Screens of accounts and invitations."""

from uuid import UUID

from django.contrib import messages
from django.db.models import Q, QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from saphan.access import services
from saphan.access.actions import Action
from saphan.access.directory_forms import PlaceForm
from saphan.access.forms import GrantForm, InviteForm, PeopleFilter
from saphan.access.guard import StaffRequest, page_for
from saphan.access.models import Invitation, User
from saphan.access.policy import check
from saphan.access.selectors import accounts_visible_to
from saphan.core import clock
from saphan.core.errors import Invalid
from saphan.core.once import once
from saphan.core.paging import paginate


def _account(request: StaffRequest, pk: UUID) -> User:
    user = accounts_visible_to(request.user).filter(pk=pk).first()
    if user is None:
        raise Http404
    return user


@page_for(Action.ACCOUNTS_LIST)
@require_GET
def people(request: StaffRequest) -> HttpResponse:
    """The accounts that one may see, by name."""
    filters = PeopleFilter(request.GET)
    found = _filtered(accounts_visible_to(request.user), filters).prefetch_related("grants")
    page = paginate(found, request, order=("name", "id"))
    return render(request, "access/people.html", {"page": page, "filters": filters, "at": clock.now()})


def _filtered(accounts: QuerySet[User], filters: PeopleFilter) -> QuerySet[User]:
    filters.is_valid()
    chosen = filters.cleaned_data
    for word in chosen.get("words", "").split()[:5]:
        accounts = accounts.filter(Q(name__icontains=word) | Q(email__icontains=word))
    if role := chosen.get("role"):
        accounts = accounts.filter(grants__role=role, grants__revoked_at=None)
    if state := chosen.get("state"):
        accounts = accounts.filter(is_active=state == "open")
    return accounts


@page_for(Action.ACCOUNTS_LIST)
@require_GET
def account(request: StaffRequest, pk: UUID) -> HttpResponse:
    """One account: its roles and what can be done with it."""
    return _account_page(request, _account(request, pk), None)


def _account_page(request: StaffRequest, user: User, form: GrantForm | None, place: PlaceForm | None = None) -> HttpResponse:
    may_grant = Action.ACCOUNTS_GRANT in request.user.acts and user != request.user and user.org_id == request.user.org_id
    may_place = check(request.user, Action.ACCOUNTS_PLACE, user)
    context = {
        "holder": user,
        "place_form": (place or PlaceForm(org=user.org_id, initial={"office": user.office_id})) if may_place else None,
        "grants": user.grants.select_related("granted_by").order_by("revoked_at", "-granted_at"),
        "form": (form or GrantForm(by=request.user, held=user.roles)) if may_grant else None,
        "may_close": check(request.user, Action.ACCOUNTS_DEACTIVATE, user),
    }
    return render(request, "access/account.html", context, status=422 if form or place else 200)


@page_for(Action.ACCOUNTS_GRANT)
@require_POST
def grant(request: StaffRequest, pk: UUID) -> HttpResponse:
    """Gives the account one more role."""
    user = _account(request, pk)
    form = GrantForm(request.POST, by=request.user)
    if form.is_valid():
        try:
            services.grant_role(user=user, role=form.cleaned_data["role"], ends_at=form.cleaned_data["ends_at"], by=request.user, at=clock.now())
        except Invalid as error:
            for field, sentence in error.fields.items():
                form.add_error(field, sentence)
        else:
            messages.success(request, _("The role is given. The person signs in again."))
            return redirect("access:account", pk)
    return _account_page(request, user, form)


@page_for(Action.ACCOUNTS_REVOKE)
@require_POST
def revoke(request: StaffRequest, pk: UUID, grant_pk: UUID) -> HttpResponse:
    """Takes one role back."""
    user = _account(request, pk)
    if not user.grants.filter(pk=grant_pk, revoked_at=None).exists():
        raise Http404
    services.revoke_role(grant_id=grant_pk, by=request.user, at=clock.now())
    messages.success(request, _("The role is taken back. The person signs in again."))
    return redirect("access:account", pk)


@page_for(Action.ACCOUNTS_PLACE)
@require_POST
@once
def place(request: StaffRequest, pk: UUID) -> HttpResponse:
    """Puts the account into an office of its organisation."""
    user = _account(request, pk)
    form = PlaceForm(request.POST, org=user.org_id)
    if not form.is_valid():
        return _account_page(request, user, None, form)
    services.place_account(user=user, office=form.cleaned_data["office"], by=request.user, at=clock.now())
    messages.success(request, _("The office is saved."))
    return redirect("access:account", pk)


@page_for(Action.ACCOUNTS_DEACTIVATE)
@require_http_methods(["GET", "POST"])
def deactivate(request: StaffRequest, pk: UUID) -> HttpResponse:
    """Asks once more, then closes the account."""
    user = _account(request, pk)
    if request.method == "POST":
        services.deactivate_account(user=user, by=request.user, at=clock.now())
        messages.success(request, _("The account is closed."))
        return redirect("access:account", pk)
    context = {
        "question": _("Close this account?"),
        "consequences": [
            _("The person is signed out at once and cannot sign in."),
            _("Nothing that the person wrote is lost."),
            _("You can open it again."),
        ],
        "verb": _("Close the account"),
        "back": f"/accounts/people/{pk}/",
    }
    return render(request, "confirm.html", context)


@page_for(Action.ACCOUNTS_DEACTIVATE)
@require_POST
def reactivate(request: StaffRequest, pk: UUID) -> HttpResponse:
    """Opens a closed account again."""
    services.reactivate_account(user=_account(request, pk), by=request.user, at=clock.now())
    messages.success(request, _("The account is open again."))
    return redirect("access:account", pk)


@page_for(Action.ACCOUNTS_INVITE)
@require_GET
def invitations(request: StaffRequest) -> HttpResponse:
    """Invitations that were sent, newest first."""
    found = Invitation.objects.visible_to(request.user).select_related("org", "invited_by")
    page = paginate(found, request, order=("-invited_at", "-id"))
    return render(request, "access/invitations.html", {"page": page, "at": clock.now()})


@page_for(Action.ACCOUNTS_INVITE)
@require_http_methods(["GET", "POST"])
def invite(request: StaffRequest) -> HttpResponse:
    """Invites an address."""
    form = InviteForm(request.POST or None, by=request.user)
    if request.method == "POST" and form.is_valid():
        try:
            services.invite(**form.cleaned_data, by=request.user, at=clock.now())
        except Invalid as error:
            for field, sentence in error.fields.items():
                form.add_error(field, sentence)
        else:
            messages.success(request, _("The invitation is on its way. Its link opens for seven days."))
            return redirect("access:invitations")
    return render(request, "access/invite.html", {"form": form}, status=422 if request.method == "POST" else 200)


@page_for(Action.ACCOUNTS_INVITE)
@require_POST
def withdraw(request: StaffRequest, pk: UUID) -> HttpResponse:
    """Makes an invitation's link dead."""
    services.revoke_invitation(invitation_id=pk, by=request.user, at=clock.now())
    messages.success(request, _("The invitation is withdrawn."))
    return redirect("access:invitations")
