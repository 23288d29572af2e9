"""All that the room keeps, by its ideas: the register, versions and signatures, force, meetings."""

from saphan.agreements.force_models import ForceEvent
from saphan.agreements.meeting_models import ActionPoint, DocumentOfAgreement, Meeting, Notice
from saphan.agreements.register_models import Agreement, AgreementParty, ArticleType
from saphan.agreements.version_models import AgreementVersion, ProvisionText, Signature
from saphan.agreements.workspace.models import Bracket, Comment, PartyKey, Position, PreparedSignature, Proposal, Revision

__all__ = [
    "ActionPoint",
    "Agreement",
    "AgreementParty",
    "AgreementVersion",
    "ArticleType",
    "Bracket",
    "Comment",
    "DocumentOfAgreement",
    "ForceEvent",
    "Meeting",
    "Notice",
    "PartyKey",
    "Position",
    "PreparedSignature",
    "Proposal",
    "ProvisionText",
    "Revision",
    "Signature",
]
