"""Who may prepare a device, see it, end it, send with it, and read what holds for a site."""

from django.utils.translation import gettext_lazy as _

from saphan.access.actions import Action
from saphan.access.models import User
from saphan.access.policy import Verdict, role_is_enough, rule
from saphan.access.roles import Role
from saphan.care.fieldkit.models import Device, SiteVisit
from saphan.care.fieldkit.states import DeviceState

rule(Action.FIELDKIT_PREPARE, Action.FIELDKIT_LIST, Action.SITE_VISIT_RECORD)(role_is_enough)


@rule(Action.FIELDKIT_EXPIRE)
def the_holder_or_the_office_ends_a_device(user: User, device: Device) -> Verdict:
    """A telephone is lost at night: its worker or any supervisor of the organisation ends it."""
    supervises = Role.CASE_SUPERVISOR in user.roles and device.org_id == user.org_id
    return Verdict(supervises or device.worker_id == user.pk, _("This device belongs to somebody else."))


@rule(Action.FIELDKIT_SUBMIT)
def a_device_sends_for_its_worker(user: User, device: Device) -> Verdict:
    """Until it is closed; an expired one may still send what it holds."""
    if device.worker_id != user.pk or device.org_id != user.org_id:
        return Verdict(False, _("This device was prepared by somebody else."))
    return Verdict(device.state != DeviceState.REVOKED, _("This device was closed by the office."))


@rule(Action.FIELDKIT_BRING_IN)
def files_are_brought_in_by_the_same_organisation(user: User, device: Device | None) -> Verdict:
    """A colleague at the desk brings in what a device of the own organisation could not send."""
    if device is None:
        return Verdict(True, "")
    return Verdict(device.org_id == user.org_id, _("This file comes from a device of another organisation."))


@rule(Action.SITE_VISIT_READ)
def a_visit_is_read_by_who_led_it(user: User, visit: SiteVisit | None) -> Verdict:
    """The worker who was there, and the supervisor of the organisation."""
    if visit is None:
        return Verdict(True, "")
    supervises = Role.CASE_SUPERVISOR in user.roles and visit.org_id == user.org_id
    return Verdict(supervises or visit.worker_id == user.pk, _("Another worker led this visit."))
