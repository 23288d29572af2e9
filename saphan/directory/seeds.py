"""Reference data, loaded by an idempotent command, and invented services for the demonstration."""

import csv
from collections.abc import Mapping
from datetime import date
from pathlib import Path

from django.conf import settings
from django.db import transaction

from saphan.directory.models import PROVINCIAL_OFFICE, Country, Need, Office, Organisation, Province, Service

# ISO 3166-1 names; those in the mission's region and the usual countries of origin and destination.
COUNTRIES = [
    ("TH", "Thailand", "ไทย"), ("LA", "Laos", "ลาว"), ("KH", "Cambodia", "กัมพูชา"), ("MM", "Myanmar", "เมียนมา"),
    ("VN", "Viet Nam", "เวียดนาม"), ("CN", "China", "จีน"), ("MY", "Malaysia", "มาเลเซีย"), ("ID", "Indonesia", "อินโดนีเซีย"),
    ("PH", "Philippines", "ฟิลิปปินส์"), ("SG", "Singapore", "สิงคโปร์"), ("BD", "Bangladesh", "บังกลาเทศ"), ("IN", "India", "อินเดีย"),
    ("NP", "Nepal", "เนปาล"), ("LK", "Sri Lanka", "ศรีลังกา"), ("PK", "Pakistan", "ปากีสถาน"), ("JP", "Japan", "ญี่ปุ่น"),
    ("KR", "Republic of Korea", "เกาหลีใต้"), ("TW", "Taiwan", "ไต้หวัน"), ("KE", "Kenya", "เคนยา"), ("ET", "Ethiopia", "เอธิโอเปีย"),
    ("UG", "Uganda", "ยูกันดา"), ("ZZ", "Unknown or stateless", "ไม่ทราบหรือไร้สัญชาติ"),
]  # fmt: skip


def provinces_file() -> Path:
    """The table of provinces in the project's seeds."""
    return Path(settings.PACKAGE).parent / "seeds" / "reference" / "th_provinces.csv"


@transaction.atomic
def load_reference() -> None:
    """Countries and the 77 Thai provinces. Codes are text: Nan is a province."""
    Country.objects.bulk_create(
        [Country(code=code, name_en=en, name_th=th) for code, en, th in COUNTRIES],
        update_conflicts=True, unique_fields=["code"], update_fields=["name_en", "name_th"],
    )  # fmt: skip
    with provinces_file().open(encoding="utf-8", newline="") as file:
        provinces = [
            Province(code=row["iso_3166_2"], country_id="TH", name_en=row["name_en"], name_th=row["name_th"], region=row["region6"])
            for row in csv.DictReader(file)
        ]  # fmt: skip
    Province.objects.bulk_create(provinces, update_conflicts=True, unique_fields=["code"], update_fields=["name_en", "name_th", "region"])


@transaction.atomic
def load_provincial_offices(org: Organisation) -> int:
    """Gives the ministry an office in every Thai province; those that exist stay. Returns how many there are."""
    Office.objects.bulk_create(
        [
            Office(
                org=org,
                province=province,
                name_en=f"{PROVINCIAL_OFFICE}, {province.name_en}",
                name_th=f"สำนักงานพัฒนาสังคมและความมั่นคงของมนุษย์จังหวัด{province.name_th}",
            )
            for province in Province.objects.filter(country="TH")
        ],
        ignore_conflicts=True,
    )
    return org.offices.count()


# Invented. No shelter has an address here or anywhere public.
SERVICES = [
    ("ministry", "Safe shelter for adults (demo)", "ที่พักพิงปลอดภัยสำหรับผู้ใหญ่ (สาธิต)", Need.SHELTER, "TH-57", 12, 3),
    ("ministry", "Identity documents desk (demo)", "งานเอกสารประจำตัว (สาธิต)", Need.DOCUMENTS, "TH-57", None, 0),
    ("hospital", "Trauma clinic (demo)", "คลินิกเยียวยาจิตใจ (สาธิต)", Need.TRAUMA_CARE, "TH-57", 6, 1),
    ("hospital", "General health check (demo)", "ตรวจสุขภาพทั่วไป (สาธิต)", Need.HEALTH, "TH-57", None, 0),
    ("ngo", "Legal aid for migrants (demo)", "ช่วยเหลือด้านกฎหมายแก่แรงงานข้ามชาติ (สาธิต)", Need.LEGAL_AID, "TH-50", None, 0),
    ("ngo", "Interpreters: Lao, Burmese, Khmer (demo)", "ล่าม: ลาว พม่า เขมร (สาธิต)", Need.INTERPRETATION, None, None, 0),
    ("ngo", "Counselling by telephone (demo)", "ให้คำปรึกษาทางโทรศัพท์ (สาธิต)", Need.TRAUMA_CARE, None, None, 0),
]


def plant_services(orgs: Mapping[str, Organisation], *, verified_on: date) -> None:
    """Writes the invented services of the three demonstration organisations (`ministry`, `ngo`, `hospital`)."""
    known = set(Province.objects.values_list("code", flat=True))
    Service.objects.bulk_create(
        [
            Service(
                organisation=orgs[key], name_en=en, name_th=th, kind=kind, province_id=province if province in known else None,
                languages=["th", "lo", "my"] if key == "ngo" else ["th", "en"], capacity_today=capacity, places_held=held,
                last_verified_on=verified_on,
            )
            for key, en, th, kind, province, capacity, held in SERVICES
        ],
        ignore_conflicts=True,
    )  # fmt: skip
