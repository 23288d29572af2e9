"""The invented people of the demonstration and of the tests: one cast for both."""

import time
from dataclasses import dataclass
from datetime import datetime

from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, generate_totp_secret, hotp_value
from allauth.mfa.utils import decrypt
from django.db import transaction

from saphan.access.models import RoleGrant, User
from saphan.access.roles import Role
from saphan.directory.models import Country, Organisation, Province
from saphan.directory.seeds import load_provincial_offices, plant_services


@dataclass
class People:
    """Four organisations, one of them in another country, and those who work there."""

    ministry: Organisation
    ngo: Organisation
    hospital: Organisation
    partner: Organisation
    owner: User
    colleague: User
    supervisor: User
    second_supervisor: User
    intake: User
    stranger: User
    receiver: User
    mdt: list[User]
    dpo: User
    org_admin: User
    administrator: User
    second_administrator: User
    editor: User
    publisher: User
    inquiry_officer: User
    inquiry_colleague: User
    coordinator: User
    exchange_officer: User
    agreement_officer: User
    agreement_colleague: User
    partner_officer: User
    partner_colleague: User

    def everyone(self) -> list[User]:
        """All accounts of the cast, in a fixed order."""
        return [u for value in vars(self).values() for u in (value if isinstance(value, list) else [value]) if isinstance(u, User)]


ORGANISATIONS = {
    "ministry": ("Ministry of Social Development (demo)", "กระทรวงการพัฒนาสังคม (สาธิต)", Organisation.Kind.MINISTRY, "TH"),
    "ngo": ("River House Foundation (demo)", "มูลนิธิบ้านริมน้ำ (สาธิต)", Organisation.Kind.NGO, "TH"),
    "hospital": ("Provincial Hospital (demo)", "โรงพยาบาลจังหวัด (สาธิต)", Organisation.Kind.HEALTH, "TH"),
    "partner": ("Lao Ministry of Labour (demo)", "กระทรวงแรงงานลาว (สาธิต)", Organisation.Kind.MINISTRY, "LA"),
}
COUNTRIES = {"TH": ("Thailand", "ไทย"), "LA": ("Laos", "ลาว")}
ACCOUNTS: list[tuple[str, str, str, str, list[Role]]] = [
    ("owner", "ministry", "somsri", "Somsri Wongsa", [Role.CASE_WORKER]),
    ("colleague", "ministry", "prasit", "Prasit Chaiyo", [Role.CASE_WORKER]),
    ("supervisor", "ministry", "malee", "Malee Srisuk", [Role.CASE_SUPERVISOR]),
    ("second_supervisor", "ministry", "nipa", "Nipa Charoen", [Role.CASE_SUPERVISOR]),
    ("intake", "ministry", "anong", "Anong Thongdee", [Role.INTAKE_OFFICER]),
    ("stranger", "ngo", "keo", "Keo Vongsay", [Role.CASE_WORKER, Role.CASE_SUPERVISOR]),
    ("receiver", "hospital", "wipa", "Wipa Rattana", [Role.CASE_WORKER]),
    ("mdt", "ministry", "mdt1", "Chai Boonmee", [Role.MDT_MEMBER]),
    ("mdt", "ministry", "mdt2", "Duangjai Kham", [Role.MDT_MEMBER]),
    ("mdt", "ngo", "mdt3", "Ekkachai Noi", [Role.MDT_MEMBER]),
    ("mdt", "hospital", "mdt4", "Fon Jaidee", [Role.MDT_MEMBER]),
    ("mdt", "hospital", "mdt5", "Gaew Sombat", [Role.MDT_MEMBER]),
    ("dpo", "ministry", "dpo", "Narong Dee", [Role.DATA_PROTECTION_OFFICER]),
    ("org_admin", "ministry", "orgadmin", "Orathai Mun", [Role.ORG_ADMINISTRATOR]),
    ("administrator", "ministry", "admin1", "Pim Saelee", [Role.ADMINISTRATOR]),
    ("second_administrator", "ngo", "admin2", "Rung Arun", [Role.ADMINISTRATOR]),
    ("editor", "ministry", "editor", "Suda Kaew", [Role.PORTAL_EDITOR]),
    ("publisher", "ministry", "publisher", "Tawan Yen", [Role.PORTAL_PUBLISHER]),
    ("inquiry_officer", "ministry", "inquiry1", "Usa Prom", [Role.INQUIRY_OFFICER]),
    ("inquiry_colleague", "ministry", "inquiry2", "Veera Sing", [Role.INQUIRY_OFFICER]),
    ("coordinator", "ngo", "coordinator", "Wanida Phan", [Role.EXCHANGE_COORDINATOR]),
    ("exchange_officer", "ministry", "exchange1", "Yupa Chan", [Role.EXCHANGE_COORDINATOR]),
    ("agreement_officer", "ministry", "agreement1", "Arunee Thap", [Role.AGREEMENT_OFFICER]),
    ("agreement_colleague", "ministry", "agreement2", "Boonsong Rak", [Role.AGREEMENT_OFFICER]),
    ("partner_officer", "partner", "partner1", "Khamla Sisouk", [Role.AGREEMENT_OFFICER]),
    ("partner_colleague", "partner", "partner2", "Noy Inthavong", [Role.AGREEMENT_OFFICER]),
]


@transaction.atomic
def plant_people(*, password: str, at: datetime, second_step: bool = True) -> People:
    """Creates the cast with one password and, unless told otherwise, a second sign-in step each."""
    countries = {code: Country.objects.get_or_create(code=code, defaults={"name_en": en, "name_th": th})[0] for code, (en, th) in COUNTRIES.items()}
    thailand = countries["TH"]
    Province.objects.get_or_create(code="TH-57", defaults={"country": thailand, "name_en": "Chiang Rai", "name_th": "เชียงราย", "region": "North"})
    orgs = {
        key: Organisation.objects.create(name_en=en, name_th=th, kind=kind, country=countries[country], state=Organisation.State.APPROVED)
        for key, (en, th, kind, country) in ORGANISATIONS.items()
    }
    cast: dict[str, User | list[User]] = {"mdt": []}
    for part, org, login, name, roles in ACCOUNTS:
        user = User.objects.create_user(email=f"{login}@demo.example", name=name, org=orgs[org], password=password, is_demo=True)
        RoleGrant.objects.bulk_create([RoleGrant(user=user, role=role, granted_at=at) for role in roles])
        if second_step:
            TOTP.activate(user, generate_totp_secret())
        mine = cast.setdefault(part, user)
        if isinstance(mine, list):
            mine.append(user)
    load_provincial_offices(orgs["ministry"])
    plant_services(orgs, verified_on=at.date())
    return People(**orgs, **cast)  # type: ignore[arg-type]  # the keys above are the fields


def people_as_planted() -> People:
    """The cast of a database in which it was planted before."""
    orgs = {key: Organisation.objects.get(name_en=english) for key, (english, *_rest) in ORGANISATIONS.items()}
    cast: dict[str, User | list[User]] = {"mdt": []}
    for part, _org, login, _name, _roles in ACCOUNTS:
        mine = cast.setdefault(part, user := User.objects.get(email=f"{login}@demo.example"))
        if isinstance(mine, list):
            mine.append(user)
    return People(**orgs, **cast)  # type: ignore[arg-type]  # the keys above are the fields


def current_code(user: User) -> str:
    """The six digits that the second step of a demo account asks for now."""
    authenticator = Authenticator.objects.get(user=user, type=Authenticator.Type.TOTP)
    code: str = format_hotp_value(hotp_value(decrypt(authenticator.data["secret"]), int(time.time()) // 30))
    return code
