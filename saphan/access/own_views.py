"""Screens of one's own account: joining, the second step, profile, sessions, and the form that was cut off."""

from typing import Any

from allauth.mfa.base.views import AuthenticateView
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from saphan.access import held, services
from saphan.access.forms import JoinForm, ProfileForm
from saphan.access.seeds import current_code
from saphan.access.selectors import open_sessions
from saphan.core import clock
from saphan.core.errors import Invalid


class SecondStepView(AuthenticateView):
    """The second step at sign-in; in a demonstration it shows an invented person's code."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        user = self.stage.login.user
        if settings.DEMO and user.is_demo:
            context["demo_code"] = current_code(user)
        return context


@never_cache
@sensitive_post_parameters("password")
@require_http_methods(["GET", "POST"])
def join(request: HttpRequest, token: str) -> HttpResponse:
    """Accepts an invitation: name, language, password. The second step is set up after the first sign-in."""
    at = clock.now()
    invitation = services.open_invitation(token, at)
    form = JoinForm(request.POST or None, initial={"language": translation.get_language()})
    if request.method == "POST" and form.is_valid():
        try:
            services.accept_invitation(token=token, **form.cleaned_data, at=at)
        except Invalid as error:
            for field, sentence in error.fields.items():
                form.add_error(field, sentence)
        else:
            messages.success(request, _("Your account is ready. Sign in; then you set up the second step."))
            return redirect("account_login")
    return render(request, "access/join.html", {"form": form, "invitation": invitation}, status=422 if request.method == "POST" else 200)


@never_cache
@login_required
@require_http_methods(["GET", "POST"])
def own(request: HttpRequest) -> HttpResponse:
    """One's own account: name, language, ways to sign in, open sessions."""
    user: Any = request.user
    form = ProfileForm(request.POST or None, initial={"name": user.name, "language": user.language})
    if request.method == "POST" and form.is_valid():
        services.change_profile(**form.cleaned_data, by=user, at=clock.now())
        messages.success(request, _("Saved."))
        response = redirect("access:own")
        response.set_cookie(settings.LANGUAGE_COOKIE_NAME, user.language, httponly=True, samesite="Lax", secure=settings.HTTPS)
        return response
    context = {"form": form, "sessions": open_sessions(user, clock.now()), "present": request.session.get("sign_in")}
    return render(request, "access/own_account.html", context, status=422 if request.method == "POST" else 200)


@login_required
@require_POST
def sign_out_elsewhere(request: HttpRequest) -> HttpResponse:
    """Ends all other sessions of this account."""
    user: Any = request.user
    services.sign_out_elsewhere(by=user, at=clock.now())
    services.keep_present_session(sign_in=request.session.get("sign_in"), by=user)
    update_session_auth_hash(request, user)
    messages.success(request, _("All your other sessions have ended."))
    return redirect("access:own")


@never_cache
@login_required
@require_GET
def resume(request: HttpRequest) -> HttpResponse:
    """Shows that a form waits, to the person who typed it and to nobody else."""
    user: Any = request.user
    form = held.unseal(request, user, clock.now())
    if form is None:
        return redirect(settings.LOGIN_REDIRECT_URL)
    return render(request, "access/resume.html", {"held": form})


@login_required
@require_POST
def discard(request: HttpRequest) -> HttpResponse:
    """Throws the waiting form away."""
    held.discard(request)
    messages.success(request, _("What was typed is thrown away."))
    return redirect(settings.LOGIN_REDIRECT_URL)
