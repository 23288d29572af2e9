"""Roles as plain data: which acts each role includes. The rules say upon which records."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from saphan.access.actions import Action


class Role(TextChoices):
    """The daily work of a person (DOMAIN section 9)."""

    INTAKE_OFFICER = "intake_officer", _("hotline and intake officer")
    CASE_WORKER = "case_worker", _("case worker")
    CASE_SUPERVISOR = "case_supervisor", _("case supervisor")
    MDT_MEMBER = "mdt_member", _("member of the multidisciplinary team")
    SHELTER_MANAGER = "shelter_manager", _("shelter manager")
    RETURN_OFFICER = "return_officer", _("return officer")
    AGREEMENT_OFFICER = "agreement_officer", _("agreement officer")
    TRAINING_COORDINATOR = "training_coordinator", _("training coordinator")
    PROVINCIAL_OFFICER = "provincial_officer", _("provincial officer")
    PORTAL_EDITOR = "portal_editor", _("portal editor")
    PORTAL_PUBLISHER = "portal_publisher", _("portal publisher")
    INQUIRY_OFFICER = "inquiry_officer", _("inquiry officer")
    EXCHANGE_COORDINATOR = "exchange_coordinator", _("exchange coordinator")
    STATISTICS_OFFICER = "statistics_officer", _("statistics officer")
    DATA_PROTECTION_OFFICER = "data_protection_officer", _("data protection officer")
    ORG_ADMINISTRATOR = "org_administrator", _("administrator of an organisation")
    ADMINISTRATOR = "administrator", _("administrator of the platform")


A = Action
EVERYBODY = frozenset({A.DESK_OPEN, A.DIRECTORY_READ})
INTAKE = frozenset({A.REPORT_LIST, A.REPORT_RECORD, A.REPORT_READ, A.REPORT_CONTACT, A.REPORT_CLOSE, A.PERSON_OPEN})
FILE = frozenset({A.PERSON_READ, A.PERSON_EDIT, A.PERSON_REVEAL, A.PERSON_STATE_PURPOSE})
INTERVIEW = frozenset(
    {
        A.INSTRUMENT_LIST,
        A.INTERVIEW_LIST,
        A.INTERVIEW_START,
        A.INTERVIEW_READ,
        A.INTERVIEW_ANSWER,
        A.INTERVIEW_COMPLETE,
        A.INTERVIEW_STOP,
        A.INTERVIEW_HAND_OVER,
    }
)
FIELDKIT = frozenset(a for a in Action if a.value.startswith("fieldkit:"))
HEARING = frozenset({A.HEARING_LIST, A.HEARING_READ})
IDENTIFYING = frozenset({A.IDENTIFICATION_READ, A.IDENTIFICATION_RECORD})
CONVENING = IDENTIFYING | {A.HEARING_CONVENE, A.HEARING_SIT, A.LETTER_HAND_OVER, A.REVIEW_TAKE_IN, A.NOTE_NON_PUNISHMENT}
CASE = frozenset(
    {
        A.CASE_LIST,
        A.CASE_OPEN,
        A.CASE_READ,
        A.CASE_READ_INSIDE,
        A.CASE_EDIT,
        A.CONSENT_RECORD,
        A.CONSENT_WITHDRAW,
        A.DOCUMENT_ADD,
        A.DOCUMENT_READ,
        A.NOTE_ADD,
    }
)
REFERRAL = frozenset(a for a in Action if a.value.startswith("referrals:"))
AGREEMENTS = frozenset(a for a in Action if a.value.startswith("agreements:"))
READING_AGREEMENTS = frozenset({A.AGREEMENT_LIST, A.AGREEMENT_READ, A.AGREEMENT_READ_INSIDE, A.AGREEMENT_SIMULATE, A.COMMITMENT_LIST, A.SCORE_READ})
FOLLOWING = frozenset({A.PROCEDURE_READ, A.PROCEDURE_FOLLOW, A.PROMISE_LIST, A.DEPARTURE_READ})
STEERING = FOLLOWING | {A.PROCEDURE_DEPART, A.DRIFT_LIST, A.DRIFT_CLOSE, A.REBIND_ASK, A.REBIND_APPROVE}
NEWSLETTER = frozenset(a for a in Action if a.value.startswith("newsletter:"))
WRITING_NEWSLETTER = frozenset({A.NEWSLETTER_LIST, A.NEWSLETTER_DRAFT, A.NEWSLETTER_EDIT, A.NEWSLETTER_TEST, A.NEWSLETTER_SUBSCRIBERS})
INQUIRIES = frozenset(a for a in Action if a.value.startswith("inquiries:")) - {A.INQUIRY_OVERSEE}  # who is late is not who is told
EXCHANGE = frozenset(a for a in Action if a.value.startswith("exchange:"))
EDITING = frozenset({A.CMS_OPEN, A.NEWS_IMPORT, A.TRANSLATION_MAKE, A.TRANSLATION_APPROVE})

ROLES: dict[Role, frozenset[Action]] = {
    Role.INTAKE_OFFICER: INTAKE | FILE | INTERVIEW | FIELDKIT | IDENTIFYING,
    Role.CASE_WORKER: INTAKE | FILE | INTERVIEW | FIELDKIT | HEARING | CONVENING | CASE | REFERRAL | FOLLOWING,
    Role.CASE_SUPERVISOR: INTAKE
    | FILE
    | INTERVIEW
    | FIELDKIT
    | HEARING
    | CONVENING
    | {A.HEARING_DECIDE, A.HEARING_REVIEW}
    | CASE
    | {A.PERSON_ASSIGN, A.CASE_TRANSFER, A.CASE_CLOSE}
    | {A.INSTRUMENT_IMPORT, A.INSTRUMENT_APPROVE, A.INSTRUMENT_RETIRE, A.SCREENING_FIGURES}
    | REFERRAL
    | STEERING
    | READING_AGREEMENTS,
    Role.MDT_MEMBER: HEARING | {A.HEARING_VOTE, A.HEARING_SIT, A.PERSON_REVEAL},
    Role.SHELTER_MANAGER: frozenset(),
    Role.RETURN_OFFICER: READING_AGREEMENTS,
    Role.AGREEMENT_OFFICER: AGREEMENTS,
    Role.TRAINING_COORDINATOR: frozenset(),
    Role.PROVINCIAL_OFFICER: frozenset({A.DIRECTORY_EDIT}) | READING_AGREEMENTS,
    Role.PORTAL_EDITOR: EDITING | WRITING_NEWSLETTER,
    Role.PORTAL_PUBLISHER: EDITING | NEWSLETTER | {A.PAGE_PUBLISH, A.PAGE_PASS_FINDING, A.INQUIRY_OVERSEE},
    Role.INQUIRY_OFFICER: INQUIRIES,
    Role.EXCHANGE_COORDINATOR: EXCHANGE,
    Role.STATISTICS_OFFICER: frozenset({A.RELEASES_PUBLISH}),
    Role.DATA_PROTECTION_OFFICER: frozenset({A.AUDIT_READ, A.AUDIT_EXPORT}),
    Role.ORG_ADMINISTRATOR: frozenset(
        {
            A.ACCOUNTS_LIST,
            A.ACCOUNTS_INVITE,
            A.ACCOUNTS_GRANT,
            A.ACCOUNTS_REVOKE,
            A.ACCOUNTS_DEACTIVATE,
            A.ACCOUNTS_PLACE,
            A.DIRECTORY_EDIT,
            A.ORGANISATIONS_LIST,
            A.ORGANISATIONS_PROPOSE,
        }
    ),
    Role.ADMINISTRATOR: frozenset(
        {
            A.ORGANISATIONS_LIST,
            A.ORGANISATIONS_PROPOSE,
            A.ORGANISATIONS_APPROVE,
            A.ORGANISATIONS_REJECT,
            A.ACCOUNTS_LIST,
            A.ACCOUNTS_INVITE,
            A.ACCOUNTS_DEACTIVATE,
        }
    ),
}


def acts_of(roles: frozenset[str]) -> frozenset[Action]:
    """All acts that a set of roles includes."""
    return EVERYBODY.union(*(ROLES[Role(r)] for r in roles)) if roles else frozenset()
