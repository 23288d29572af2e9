"""The forms of sign-in: allauth's, with our words, a limit on what is hashed, and codes that open one door only."""

import hashlib
from typing import Any

from allauth.account import forms as account
from allauth.core import context
from allauth.mfa.adapter import get_adapter
from allauth.mfa.base import forms as second
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from allauth.mfa.utils import decrypt
from allauth.mfa.webauthn.forms import AddWebAuthnForm, EditWebAuthnForm
from django import forms
from django.core.validators import MaxLengthValidator
from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from saphan.access.lockout import code_accepted, code_failed, may_try_code, too_many
from saphan.access.models import SpentCode, User
from saphan.access.signin import LONGEST_PASSWORD
from saphan.core import clock


class OurWords:
    """Gives the fields of one of allauth's forms our labels, no placeholders, and a longest password."""

    words: dict[str, Any] = {}
    helps: dict[str, Any] = {}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, forms.Field] = self.fields  # type: ignore[attr-defined]  # a mixin for forms
        for name, field in fields.items():
            field.label = self.words.get(name, field.label)
            field.help_text = self.helps.get(name, "")
            field.widget.attrs.pop("placeholder", None)
            if isinstance(field.widget, forms.PasswordInput):
                field.validators.append(MaxLengthValidator(LONGEST_PASSWORD, _("This is too long for a password.")))


class SignInForm(OurWords, account.LoginForm):
    """E-mail address and password."""

    words = {"login": _("E-mail address"), "password": _("Password")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"].widget.attrs["autocomplete"] = "username"


class ConfirmPasswordForm(OurWords, account.ReauthenticateForm):
    """The password once more before an act of weight."""

    words = {"password": _("Password")}


NEW_PASSWORD = {"oldpassword": _("Present password"), "password1": _("New password"), "password2": _("New password again")}
RULES = {"password1": _("At least 12 characters. A sentence is easier to remember than a riddle.")}


class NewPasswordForm(OurWords, account.ChangePasswordForm):
    """Change of one's own password."""

    words, helps = NEW_PASSWORD, RULES


class ForgottenPasswordForm(OurWords, account.ResetPasswordForm):
    """Asks for a link by mail; the answer is the same whether or not the account exists."""

    words = {"email": _("E-mail address")}


class ResetPasswordForm(OurWords, account.ResetPasswordKeyForm):
    """A new password with the mailed link. The second step is still asked afterwards."""

    words, helps = NEW_PASSWORD, RULES


class OnceOnly:
    """A code is checked under the lockout and then spent in the database, so that two parallel doors cannot open with it."""

    user: User
    authenticator: Authenticator

    def clean_code(self) -> str:
        at = clock.now()
        if not may_try_code(context.request, self.user, at):
            raise forms.ValidationError(too_many())
        try:
            code: str = super().clean_code()  # type: ignore[misc]  # a mixin for allauth's forms
            spend(self.user, self.authenticator, code)
        except forms.ValidationError:
            code_failed(context.request, self.user)
            raise
        code_accepted(context.request, self.user)
        return code


def spend(user: User, authenticator: Authenticator, code: str) -> None:
    """Marks a code as used. Raises ValidationError when another request has spent it first."""
    try:
        with transaction.atomic():
            SpentCode.objects.create(user=user, mark=_mark_of(authenticator, code))
    except IntegrityError:
        raise get_adapter().validation_error("incorrect_code") from None


def _mark_of(authenticator: Authenticator, code: str) -> str:
    digits = "".join(c for c in code if c.isalnum())
    if authenticator.type == Authenticator.Type.TOTP:
        secret = decrypt(authenticator.data["secret"])
        for counter in yield_hotp_counters_from_time():
            if format_hotp_value(hotp_value(secret, counter)) == digits:
                return f"totp:{authenticator.pk}:{counter}"
    return f"once:{authenticator.pk}:{hashlib.sha256(digits.encode()).hexdigest()[:40]}"


class CodeForm(OnceOnly, OurWords, second.AuthenticateForm):
    """The code of the second step at sign-in: of the app, or a recovery code."""

    words = {"code": _("Code")}
    helps = {"code": _("Six digits from your authenticator app, or one of your recovery codes.")}


class ConfirmCodeForm(OnceOnly, OurWords, second.ReauthenticateForm):
    """A code once more before an act of weight."""

    words, helps = CodeForm.words, CodeForm.helps


class FirstCodeForm(OurWords, ActivateTOTPForm):
    """The first code of a new authenticator app proves that it was set up."""

    words = {"code": _("Code from the app")}
    helps = {"code": _("Six digits that the app shows now.")}


class NewPasskeyForm(OurWords, AddWebAuthnForm):
    """A new passkey and its name."""

    words = {"name": _("Name of this passkey"), "passwordless": _("Sign in with this passkey alone, without a password")}
    helps = {"name": _("For example: my telephone.")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].max_length = 60
        self.fields["passwordless"].initial = True


class RenamePasskeyForm(OurWords, EditWebAuthnForm):
    """Another name for a passkey."""

    words = {"name": _("Name of this passkey")}
