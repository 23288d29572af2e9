"""How allauth's sign-in behaves in this house."""

from base64 import b64decode, b64encode
from io import BytesIO
from secrets import token_bytes
from typing import Any

import segno
from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.core.exceptions import ImproperlyConfigured
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from saphan.access import held
from saphan.access.derived import derived_key, derived_keys
from saphan.access.lockout import client_address
from saphan.core import clock
from saphan.core.ids import new_id
from saphan.core.outbox import enqueue_mail
from saphan.directory.models import Organisation

JUST_NOW = 300  # seconds
LONGEST_PASSWORD = 1024  # beyond this nothing is hashed (R12)


class AccountAdapter(DefaultAccountAdapter):
    """Accounts begin with an invitation; mail goes through the outbox; the typed form is waiting after sign-in."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "email_password_mismatch": gettext_lazy("The e-mail address or the password is not right."),
        "incorrect_password": gettext_lazy("The password is not right."),
        "enter_current_password": gettext_lazy("This is not your present password."),
        "too_many_login_attempts": gettext_lazy("Too many attempts. Wait a few minutes."),
    }

    def is_open_for_signup(self, _request: HttpRequest) -> bool:
        """Nobody joins without an invitation."""
        return False

    def authenticate(self, request: HttpRequest, **credentials: Any) -> AbstractBaseUser | None:
        """As allauth does it, but an over-long password is refused before it is hashed."""
        if len(credentials.get("password") or "") > LONGEST_PASSWORD:
            raise self.validation_error("email_password_mismatch")
        user: AbstractBaseUser | None = super().authenticate(request, **credentials)
        return user

    def reauthenticate(self, user: AbstractBaseUser, password: str) -> bool:
        """Asks the password of the signed-in account again, under the same lockout."""
        again = self.authenticate(self.request, email=user.get_username(), password=password)
        return again is not None and again.pk == user.pk

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        """Who signed in within the last five minutes is not asked again."""
        just_now = clock.now().timestamp() - self.request.session.get("began_at", 0) < JUST_NOW
        return not just_now and super().is_reauthentication_required(app=app, **kwargs)

    def pre_login(self, request: HttpRequest, user: Any, **kwargs: Any) -> HttpResponse | None:
        """Nobody enters for an organisation that is not, or no longer, approved."""
        refused: HttpResponse | None = super().pre_login(request, user, **kwargs)
        if refused is None and user.org.state != Organisation.State.APPROVED:
            return redirect("account_inactive")
        return refused

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        """Back to the form that was cut off, if there is one."""
        return reverse("access:resume") if held.is_waiting(request) else settings.LOGIN_REDIRECT_URL

    def get_client_ip(self, request: HttpRequest) -> str:
        """The one notion of a client's address."""
        return client_address(request)

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Hands a mail to the outbox; subject and body come from our own templates."""
        subject = " ".join(render_to_string(f"{template_prefix}_subject.txt", context).split())
        body = render_to_string(f"{template_prefix}_message.txt", context)
        enqueue_mail(key=f"account:{new_id()}", to=email, subject=subject, body=body)


class SecondStepAdapter(DefaultMFAAdapter):
    """Secrets of the second step are sealed; the last second step cannot be taken away."""

    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": gettext_lazy("This code is not right, or it was used already. Wait for the next one."),
        "cannot_delete_authenticator": gettext_lazy("This is your only second step. Set up another one first."),
    }

    def encrypt(self, text: str) -> str:
        """Seals a secret under a key derived from the installation's secret."""
        nonce = token_bytes(12)
        return b64encode(nonce + AESGCM(derived_key("second step")).encrypt(nonce, text.encode(), b"second step")).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """Opens it again; earlier installation secrets named in SECRET_KEY_FALLBACKS are tried too."""
        sealed = b64decode(encrypted_text)
        for key in derived_keys("second step"):
            try:
                return AESGCM(key).decrypt(sealed[:12], sealed[12:], b"second step").decode()
            except InvalidTag:
                continue
        raise ImproperlyConfigured("no installation secret opens the second steps; put the earlier one into SECRET_KEY_FALLBACKS")

    def resealed(self, encrypted_text: str) -> str:
        """The same secret under the present installation secret; unchanged where it is so already."""
        sealed = b64decode(encrypted_text)
        try:
            AESGCM(derived_key("second step")).decrypt(sealed[:12], sealed[12:], b"second step")
        except InvalidTag:
            return self.encrypt(self.decrypt(encrypted_text))
        return encrypted_text

    def build_totp_svg(self, url: str) -> str:
        """The QR of a new second step, drawn here and shown as a data: image."""
        drawn = BytesIO()
        segno.make(url, error="m").save(drawn, kind="svg", scale=5, border=4, dark="#000", light="#fff", xmldecl=False)
        return drawn.getvalue().decode()

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        """One of the authenticator app and the passkeys always remains."""
        others = Authenticator.objects.filter(user=authenticator.user_id).exclude(pk=authenticator.pk)
        return bool(others.exclude(type=Authenticator.Type.RECOVERY_CODES).exists())

    def generate_authenticator_name(self, user: AbstractBaseUser, type: Authenticator.Type) -> str:
        """What a new passkey is called until its owner renames it."""
        return _("Passkey %(number)d") % {"number": Authenticator.objects.filter(user=user, type=type).count() + 1}
