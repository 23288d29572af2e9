"""Forms of accounts, organisations, the directory's list and the audit's filter."""

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from saphan.access.models import User
from saphan.access.policies import BY_ADMINISTRATORS, runs_platform
from saphan.access.roles import Role
from saphan.core.forms import offer, offer_words
from saphan.directory.models import Country, Need, Organisation, Province

LANGUAGES = settings.STAFF_LANGUAGES


def roles_that(user: User) -> list[tuple[str, Any]]:
    """The roles that this account may hand out."""
    wanted = BY_ADMINISTRATORS if runs_platform(user) else frozenset(Role) - {Role.ADMINISTRATOR}
    return [(role.value, role.label) for role in Role if role in wanted]


class PeopleFilter(forms.Form):
    """Which accounts to show."""

    words = forms.CharField(label=_("Name or e-mail"), required=False, max_length=80)
    role = forms.ChoiceField(label=_("Role"), required=False, choices=[("", _("all roles")), *Role.choices])
    state = forms.ChoiceField(label=_("Account"), required=False, choices=[("", _("open and closed")), ("open", _("open")), ("closed", _("closed"))])


class InviteForm(forms.Form):
    """An address, the organisation and the roles of a new account."""

    email = forms.EmailField(label=_("E-mail address"), max_length=254)
    org = forms.ModelChoiceField(label=_("Organisation"), queryset=Organisation.objects.none())
    roles = forms.MultipleChoiceField(label=_("Roles"), widget=forms.CheckboxSelectMultiple, choices=Role.choices)
    language = forms.ChoiceField(label=_("Language of the mail"), choices=LANGUAGES)

    def __init__(self, *args: Any, by: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        approved = Organisation.objects.filter(state=Organisation.State.APPROVED)
        offer(self, "org", approved if runs_platform(by) else approved.filter(pk=by.org_id))
        self.fields["org"].initial = by.org_id
        offer_words(self, "roles", roles_that(by))


class GrantForm(forms.Form):
    """One more role for an account, for good or until a day."""

    role = forms.ChoiceField(label=_("Role"))
    ends_at = forms.DateTimeField(label=_("Ends"), required=False, help_text=_("Empty: until it is taken back. For example 2026-12-31 18:00."))

    def __init__(self, *args: Any, by: User, held: frozenset[str] = frozenset(), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer_words(self, "role", [(value, label) for value, label in roles_that(by) if value not in held])


class JoinForm(forms.Form):
    """What a new worker tells of herself."""

    name = forms.CharField(label=_("Your name, as colleagues shall see it"), max_length=120)
    language = forms.ChoiceField(label=_("Language"), choices=LANGUAGES)
    password = forms.CharField(
        label=_("Password"), strip=False, max_length=1024, widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=_("At least 12 characters. A sentence is easier to remember than a riddle."),
    )  # fmt: skip


class ProfileForm(forms.Form):
    """One's own name and language."""

    name = forms.CharField(label=_("Name"), max_length=120)
    language = forms.ChoiceField(label=_("Language"), choices=LANGUAGES)


class OrganisationForm(forms.Form):
    """An organisation that wants to take part."""

    name_en = forms.CharField(label=_("Name in English"), max_length=160)
    name_th = forms.CharField(label=_("Name in Thai"), max_length=160, required=False)
    kind = forms.ChoiceField(label=_("Kind"), choices=Organisation.Kind.choices)
    country = forms.ModelChoiceField(label=_("Country"), queryset=Country.objects.all())


class DirectoryFilter(forms.Form):
    """Which services to show."""

    words = forms.CharField(label=_("Name of a service or organisation"), required=False, max_length=80)
    need = forms.ChoiceField(label=_("Need"), required=False, choices=[("", _("all needs")), *Need.choices])
    province = forms.ModelChoiceField(label=_("Province"), queryset=Province.objects.all(), required=False, empty_label=_("everywhere"))


class AuditFilter(forms.Form):
    """Which events of the record to show. Ids only: the record holds no names."""

    actor = forms.UUIDField(label=_("Id of the account"), required=False)
    subject = forms.UUIDField(label=_("Id of the person's file"), required=False)
    action = forms.CharField(label=_("Action"), required=False, max_length=60, help_text=_("For example persons:reveal."))
    day = forms.DateField(label=_("Day"), required=False, help_text=_("For example 2026-11-23."))
    denied = forms.BooleanField(label=_("Only what was refused"), required=False)
