"""Who may run accounts, organisations, the directory and the audit."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from saphan.access.actions import Action
from saphan.access.models import Invitation, OrganisationApproval, RoleGrant, User
from saphan.access.policy import Verdict, role_is_enough, rule
from saphan.access.roles import Role
from saphan.directory.models import Organisation

YES = Verdict(True, "")
# What an administrator of the platform may hand out: nothing that leads to a case.
BY_ADMINISTRATORS = frozenset({Role.ORG_ADMINISTRATOR, Role.ADMINISTRATOR})
rule(Action.DESK_OPEN, Action.DIRECTORY_READ, Action.ORGANISATIONS_LIST, Action.AUDIT_READ, Action.AUDIT_EXPORT)(role_is_enough)


def runs_platform(user: User) -> bool:
    """Whether this account looks after the whole platform."""
    return Role.ADMINISTRATOR in user.roles


@rule(Action.ACCOUNTS_LIST)
def own_people_or_all_for_the_platform(user: User, target: User | None) -> Verdict:
    if target is None or runs_platform(user):
        return YES
    return Verdict(target.org_id == user.org_id, _("This account belongs to another organisation."))


@rule(Action.ACCOUNTS_INVITE)
def invite_into_the_own_organisation(user: User, target: Invitation | None) -> Verdict:
    if target is None:
        return YES
    if target.org.state != Organisation.State.APPROVED:
        return Verdict(False, _("The organisation is not approved yet."))
    if runs_platform(user):
        return Verdict(
            set(target.roles) <= BY_ADMINISTRATORS,
            _("Administrators of the platform invite administrators only; the organisation invites its workers."),
        )
    if target.org_id != user.org_id:
        return Verdict(False, _("You invite into your own organisation only."))
    return Verdict(Role.ADMINISTRATOR not in target.roles, _("Only the platform's administrators make another one."))


@rule(Action.ACCOUNTS_GRANT, Action.ACCOUNTS_REVOKE)
def roles_within_the_own_organisation(user: User, grant: RoleGrant) -> Verdict:
    if grant.user_id == user.pk:
        return Verdict(False, _("Nobody changes their own roles."))
    if grant.user.org_id != user.org_id:
        return Verdict(False, _("This account belongs to another organisation."))
    if grant.role == Role.ADMINISTRATOR or Role.ADMINISTRATOR in grant.user.roles:
        return Verdict(False, _("The platform's administrators hold no other role, and an organisation does not make them."))
    return YES


@rule(Action.ACCOUNTS_DEACTIVATE)
def close_accounts_of_the_own_organisation(user: User, target: User) -> Verdict:
    if target.pk == user.pk:
        return Verdict(False, _("Nobody closes their own account."))
    if runs_platform(user):
        return YES
    if Role.ADMINISTRATOR in target.roles:
        return Verdict(False, _("Only the platform's administrators close this account."))
    return Verdict(target.org_id == user.org_id, _("This account belongs to another organisation."))


@rule(Action.ACCOUNTS_PLACE)
def place_people_of_the_own_organisation(user: User, target: User) -> Verdict:
    return Verdict(target.org_id == user.org_id, _("This account belongs to another organisation."))


@rule(Action.ORGANISATIONS_PROPOSE)
def anybody_with_the_role_proposes(_user: User, _target: Any) -> Verdict:
    return YES


@rule(Action.ORGANISATIONS_APPROVE)
def another_pair_of_hands_approves(user: User, org: Organisation) -> Verdict:
    signed = OrganisationApproval.objects.filter(org=org).order_by("-round").first()
    mine = signed and OrganisationApproval.objects.filter(org=org, round=signed.round, by=user)
    if mine and mine.filter(act=OrganisationApproval.Act.PROPOSE).exists():
        return Verdict(False, _("Whoever proposes an organisation does not approve it."))
    if mine and mine.filter(act=OrganisationApproval.Act.APPROVE).exists():
        return Verdict(False, _("You have approved already: the second approval is another person's."))
    return YES


@rule(Action.ORGANISATIONS_REJECT)
def reject_any_but_the_own(user: User, org: Organisation) -> Verdict:
    return Verdict(org.pk != user.org_id, _("Nobody suspends or rejects their own organisation."))


@rule(Action.DIRECTORY_EDIT)
def edit_the_own_entry(user: User, target: Any) -> Verdict:
    org_id = getattr(target, "organisation_id", None) or getattr(target, "org_id", None) or getattr(target, "pk", None)
    return Verdict(target is None or org_id == user.org_id, _("This entry belongs to another organisation."))
