"""The first text of a running part: what the register knows already, and one article to begin with."""

from datetime import date

from saphan.agreements.models import AgreementVersion
from saphan.agreements.workspace.articles import Plain

LETTERS = "ABCDEFGH"
BINDING = {"TH": "th", "LA": "lo", "KH": "km", "MM": "my", "VN": "vi"}


def first_text(version: AgreementVersion, *, today: date) -> Plain:
    """A procedure with the parties of the register, one role and one stage; it is to be filled on the cards."""
    parties = [party for party in version.agreement.parties.filter(role="party").select_related("country", "organisation__country")]
    named = {
        party.side or LETTERS[place]: {"name": str(party), "country": party.country_id or (party.organisation.country_id if party.organisation else "TH")}
        for place, party in enumerate(parties[: len(LETTERS)])
    } or {"A": {"name": "A", "country": "TH"}}
    first = next(iter(named))
    languages = list(version.languages) or [code for code in dict.fromkeys(BINDING.get(str(p["country"]), "en") for p in named.values())]
    return {
        "saphan_sop": 1, "id": _identity(version.agreement.code), "version": version.semver, "parties": named,
        "languages": {"authoritative": languages, "working": "en"}, "effective": today.isoformat(), "roles": {"case_officer": first},
        "articles": [
            {"art": "1", "prose": {}, "stage": {"id": "first", "by": "case_officer", "next": ["closed"]}},
            {"art": "2", "prose": {}, "stage": {"id": "closed", "by": "case_officer", "final": True}},
        ],
    }  # fmt: skip


def _identity(code: str) -> str:
    """The code of the register in the letters of an identity."""
    kept = "".join(letter if letter.isascii() and letter.isalnum() else "-" for letter in code.lower())
    return "-".join(part for part in kept.split("-") if part)[:60].strip("-") or "agreement"
