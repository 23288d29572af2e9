"""What a reader sees of a subscription: asking, confirming, changing, leaving. No page of it is kept by anybody.

None of these pages sets a cookie. A token against forged forms guards what an account may do; here no account stands behind a form: what
may be done is in the signed address itself, or open to anybody behind the doorway. So a shared device does not tell that a form was opened,
and a mail program can leave for its reader without having seen a page (RFC 8058).
"""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from saphan.core import clock
from saphan.core.errors import NotFound
from saphan.portal.doorway.confirming import Stale
from saphan.portal.framing import framed
from saphan.portal.newsletter import consent, subscribing
from saphan.portal.newsletter.archive import whole_editions
from saphan.portal.newsletter.digest import Digest, digest_of
from saphan.portal.newsletter.forms import AddressForm, SubscribeForm, WishForm, wish_of
from saphan.portal.newsletter.models import Subscriber
from saphan.portal.newsletter.states import State
from saphan.portal.newsletter.ways import CONFIRM, LEAVE, OWN, subscriber_of

View = Callable[..., HttpResponse]


def without_cookie(view: View) -> View:
    """Marks a form of this room: kept by nobody, guarded without a cookie."""
    return csrf_exempt(never_cache(view))


def page(request: HttpRequest, name: str, title: str, status: int = 200, **shown: Any) -> HttpResponse:
    """One page of the room in its frame."""
    above = (_("Newsletter"), "newsletter/")
    summary = _("What was new in a month, in your language, by e-mail.")
    context = framed(request, title, summary, "newsletter/", *([] if name == "ask" else [above]))
    return render(request, f"newsletter/{name}.html", {**context, **shown}, status=status)


@without_cookie
@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: HttpRequest) -> HttpResponse:
    """The newsletter, what it is and how one gets it."""
    posted = request.POST if request.method == "POST" else None
    form = SubscribeForm(posted, request=request, initial={"language": get_language()})
    if form.is_valid():
        subscribing.ask(email=form.cleaned_data["email"], wish=form.wish(), at=clock.now())
        return redirect("newsletter:asked")
    return page(request, "ask", _("Newsletter"), 422 if form.is_bound else 200, form=form, consent=consent.TEXTS[consent.VERSION], latest=_latest())


def _latest() -> list[Digest]:
    """What was sent last, so that nobody asks for something unseen."""
    return [digest_of(edition) for edition in whole_editions(get_language() or "en")[:3]]


@never_cache
@require_safe
def asked(request: HttpRequest) -> HttpResponse:
    """Look into your mailbox: the same words for everybody."""
    return page(request, "asked", _("Look into your mailbox"))


@without_cookie
@require_http_methods(["GET", "HEAD", "POST"])
def confirm(request: HttpRequest, token: str) -> HttpResponse:
    """The page that the letter opens. Only its button confirms: programs that follow links confirm nothing."""
    try:
        subscriber_id = subscriber_of(CONFIRM, token, at=clock.now())
        if request.method == "POST":
            subscribing.confirm(subscriber_id=subscriber_id, at=clock.now())
            return redirect("newsletter:confirmed")
        subscriber = _known(subscriber_id)
    except (NotFound, Stale) as error:
        return page(request, "again", _("This link does not work any more"), error.status)
    return page(request, "confirm", _("Confirm your request"), done=subscriber.state == State.CONFIRMED)


@never_cache
@require_safe
def confirmed(request: HttpRequest) -> HttpResponse:
    """The button was pressed."""
    return page(request, "confirmed", _("You are on the list"))


@without_cookie
@require_http_methods(["GET", "HEAD", "POST"])
def ask_for_own(request: HttpRequest) -> HttpResponse:
    """Mails the link to the own choices; the same answer for every address."""
    form = AddressForm(request.POST if request.method == "POST" else None, request=request)
    if form.is_valid():
        subscribing.ask_for_ways(email=form.cleaned_data["email"], at=clock.now())
        return redirect("newsletter:asked")
    return page(request, "ask_for_own", _("Change what you receive"), 422 if form.is_bound else 200, form=form)


@without_cookie
@require_http_methods(["GET", "HEAD", "POST"])
def own(request: HttpRequest, token: str) -> HttpResponse:
    """The own choices."""
    try:
        subscriber = _known(subscriber_of(OWN, token, at=clock.now()))
    except (NotFound, Stale) as error:
        return page(request, "own_again", _("This link does not work any more"), error.status)
    form = WishForm(request.POST if request.method == "POST" else None, initial=wish_of(subscriber))
    saved = form.is_valid()
    if saved:
        subscriber = subscribing.change(subscriber_id=subscriber.pk, wish=form.wish(), at=clock.now())
    shown = {"form": form, "subscriber": subscriber, "token": token, "saved": saved, "consent": subscribing.consent_of(subscriber)}
    return page(request, "own", _("What you receive"), 422 if form.is_bound and not saved else 200, **shown)


@without_cookie
@require_POST
def own_data(_request: HttpRequest, token: str) -> HttpResponse:
    """Everything that is kept about this reader, as a file."""
    told = subscribing.own_data(subscriber_id=subscriber_of(OWN, token, at=clock.now()), at=clock.now())
    headers = {"Content-Disposition": 'attachment; filename="own-data.json"'}
    return JsonResponse(dict(told), json_dumps_params={"ensure_ascii": False, "indent": 1}, headers=headers)


@without_cookie
@require_http_methods(["GET", "HEAD", "POST"])
def leave(request: HttpRequest, token: str) -> HttpResponse:
    """Leaving: a page with one button for a person, one POST for a mail program."""
    at = clock.now()
    subscriber_id = subscriber_of(LEAVE if request.GET.get("from") != "own" else OWN, token, at=at)
    if request.method == "POST":
        subscribing.leave(subscriber_id=subscriber_id, at=at)
        return page(request, "left", _("You have left"))
    return page(request, "leave", _("Leave the newsletter"), known=Subscriber.objects.filter(pk=subscriber_id).exists())


def _known(subscriber_id: UUID) -> Subscriber:
    subscriber = Subscriber.objects.filter(pk=subscriber_id).first()
    if subscriber is None:
        raise NotFound(_("This subscription is no longer there. You can ask for the newsletter again."))
    return subscriber
