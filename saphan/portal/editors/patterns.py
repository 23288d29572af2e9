"""What can give a person away, as patterns of words in the six public languages.

They know nobody: no name, no case and no address of this house is reachable from here. So they find shapes (an age beside initials, a
child's title before a name, the number of a case), and they miss what has no shape. The eye of a second person stays the real check.

Texts are compared in the spelling of `plainly`: one kind of digit and dash, nothing invisible.
"""

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

INVISIBLE = dict.fromkeys(map(ord, "\u200b\u200c\u200d\u2060\ufeff\u00ad"))
DASHES = dict.fromkeys(map(ord, "\u2010\u2011\u2012\u2013\u2014\u2212"), "-")
STOPS, ASKS = True, False  # what stops publication, and what a publisher may pass with a written reason


@dataclass(frozen=True)
class Rule:
    """One way to give somebody away. `spares` tells of a hit that it is harmless after all."""

    name: str
    stops: bool
    why: str | Promise
    pattern: re.Pattern[str]
    spares: Callable[[re.Match[str]], bool] = lambda _hit: False


NATION = r"(?:[A-Z][a-z]+(?:ese|ian|ean|ine|mer|ino|ingya|ani|ishi|ali)|Thai|Lao|Khmer|Hmong|Shan|Karen|Akha|Lahu|Mon|Kachin|Lisu)"
WHO = r"(?:girl|boy|woman|man|child|victim|survivor|teenager|student|daughter|son|niece|nephew|migrant|worker|labou?rer|orphan|sister|brother|mother|father|youth|minor|fisherman|maid|pupil)"
CALLED = r"(?:named|called|known as|identified as|nicknamed|whose name is)"
AGE = r"\b(?:[5-9]|[1-7]\d)[- ]?(?:years?|yrs?|yo)(?:[- ](?:old|of age))?\b"
INITIALS = r"[A-ZĐ]\.(?:\s?[A-ZĐ]\.){0,5}"
NAME = rf"(?:{INITIALS}|[A-Z](?![A-Za-z.])|[A-Z][a-z]+\b)"
# Words that begin with a capital and are nobody's name.
NO_NAME = re.compile(
    rf"^(?:{NATION}|I|A|The|And|But|Mekong|ASEAN|COMMIT|Act|Agreement|Memorandum|Convention|Protocol|Plan|Programme|Project|Law|Foundation|Ministry|"
    r"Children|Girls|Boys|Women|Men|People|Persons?|Victims?|Youth|Adults?|Students?|Those|Anyone|Everyone|Somebody|Someone|Migrants?|Workers?|Minors?|"
    r"January|February|March|April|May|June|July|August|September|October|November|December|Mondays?|Tuesdays?|Wednesdays?|Thursdays?|Fridays?|"
    r"Saturdays?|Sundays?|Thailand|Cambodia|Laos|Myanmar|China|Vietnam|Nam|PDR|Bangkok|Article|Articles|Section|Chapter|Paragraph|Annex|Page|Table|"
    r"Around|About|Over|Under|Aged|Age|Ages|Between|From|For|In|On|At|Of|To|By|With|Only|All|Most|Some|Many|Few|One|Two|Three|Phase|Stage|Level|"
    r"Asia|Europe|America|Africa|Australia|Malaysia|Indonesia|Singapore|Japan|Korea|India|Nepal|Bangladesh|Philippines)$"
)
ABBREVIATION = re.compile(r"^(?:U\.\s?[NSK]\.(?:\s?[A-Z]\.)*|E\.\s?U\.|A\.\s?D\.|B\.\s?[CE]\.|C\.\s?E\.|D\.\s?C\.)$")
TH, TH_ONE = r"[\u0e01-\u0e4e]", r"[\u0e01-\u0e2e]\."
TH_AGE = r"(?:อายุ|วัย)\s*(?:ได้|เพียง|ประมาณ|ราว)?\s*\d{1,2}"
TH_TITLE = r"(?:นาย|นางสาว|นาง|น\.\s?ส\.|น้อง|ด\.\s?[ชญ]\.|เด็กชาย|เด็กหญิง)"
LO, LO_AGE, LO_TITLE = r"[\u0e81-\u0edf]", r"(?:ອາຍຸ)\s*\d{1,2}", r"(?:ນາງສາວ|ນາງ|ທ້າວ|ນ້ອງ|ເດັກຍິງ|ເດັກຊາຍ|ດ\.\s?[ຍຊ]\.)"
KM, KM_AGE = r"[\u1780-\u17d3]", r"អាយុ\s*\d{1,2}"
MY, MY_AGE = r"[\u1000-\u103f]", r"အသက်\s*\(?\s*\d{1,2}"
VI_WHO = r"(?:em|cháu|bé|chị|anh|cô|bà|ông|nạn nhân|thiếu nữ|bé gái|bé trai|em gái|nữ sinh|nam sinh)"
VI_NAME = r"(?:(?:[A-ZĐ]\.){1,5}|[A-ZĐ](?![\w.])|[A-ZĐ][a-zà-ỹđ]+(?:\s[A-ZĐ](?:[a-zà-ỹđ]+|\.)){0,5})"

NAMELESS = _("An age beside a name or initials lets neighbours and traffickers recognise a person. Leave out the name, the initials or the age.")
CHILD = _("A child's title stands before a name. No child is named here, not even by initials.")
PLACED = _("Initials or a name beside a village, district or house let people recognise a person. Leave one of the two out.")
NUMBERED = _("A reference of our files or the number of a case leads to a person. Leave it out.")
PAPERS = _("The number of an identity card or passport belongs to one person. Leave it out.")
SHELTERED = _("This tells where a shelter is. A shelter may be named with its province at most.")
EXACT = _("Coordinates or a map lead to a door. Leave them out.")
ADDRESS = _("An exact address. It may stand here only when it is a public office: say whose it is.")
TELEPHONE = _("A telephone number that is no hotline or office known to this house. Say whose it is, and that its owner wants it public.")


def plainly(text: str) -> str:
    """One spelling for what looks the same, letter case kept: composed, nothing invisible, one kind of dash and digit."""
    text = unicodedata.normalize("NFC", text.translate(INVISIBLE | DASHES)).replace("\u00a0", " ").replace("\u0e4d\u0e32", "\u0e33")
    return "".join(str(unicodedata.digit(c)) if c.isdecimal() else c for c in text)


def _is_no_name(hit: re.Match[str]) -> bool:
    """A capital letter that begins a nation, a month, a common noun or an abbreviation of states, and no name."""
    name = (hit.groupdict().get("name") or "").strip()
    return bool(NO_NAME.match(name) or ABBREVIATION.match(name))


def _rule(name: str, stops: bool, why: str | Promise, *patterns: str, spares: Callable[[re.Match[str]], bool] = lambda _hit: False) -> list[Rule]:
    return [Rule(name, stops, why, re.compile(pattern), spares) for pattern in patterns]


def has_thai_checksum(number: str) -> bool:
    """Whether thirteen digits are the number of a Thai identity card: the last is a checksum of the others (modulo 11)."""
    digits = [int(c) for c in number if c.isdigit()]
    return (11 - sum(d * (13 - n) for n, d in enumerate(digits[:12])) % 11) % 10 == digits[12]


def _lacks_digit_or_letter(hit: re.Match[str]) -> bool:
    """Our references are drawn from digits and letters; a word or a date with a dash is none."""
    tail = hit[0].partition("-")[2]
    return tail.isalpha() or tail.isdigit()


AGES = [
    *_rule(
        "age", STOPS, NAMELESS,
        rf"{AGE},?\s+(?:{NATION}\s+)?(?:{WHO},?\s+)?(?:{CALLED},?\s+)?(?:Miss|Ms\.?|Mr\.?|Mrs\.?|Nang|Daw)?\s*[\"“'‘(]?(?P<name>{NAME})",
        rf"(?P<name>{INITIALS})\s?[,(]\s*(?:aged?\s+)?(?:[5-9]|[1-7]\d)\s*(?:\)|,|;|\.|years?\b|yrs?\b|$|(?=\s(?:was|is|who|from|told|said|had)\b))",
        r"\b(?P<name>[A-Z][a-z]{1,14})(?:\s\([^)]{3,30}\))?,\s(?:aged?\s+)?(?:[5-9]|[1-7]\d),\s(?=[a-z])",
        r"(?<![A-Z]\.)\b(?P<name>[A-Z][a-z]{1,14}|[A-Z]\.)\s\((?:aged?\s+)?(?:[5-9]|[1-7]\d)\)",
        r"\b(?P<name>[A-Z][a-z]*[a-rt-z]|[A-Z]\.?),?\s+(?:was\s+|is\s+)?aged?\s+(?:only\s+)?(?:[5-9]|[1-7]\d)\b(?!\s*(?:-|to\b|or\b|and\b))",
        rf"\b(?P<name>{NAME})\s+(?:was|is)\s+(?:only\s+|just\s+)?(?:[5-9]|[1-7]\d)\s+years?\s+old",
        rf"\b(?i:aged?)\s+(?:[5-9]|[1-7]\d),?\s+{CALLED}\s+(?P<name>{NAME})",
        spares=_is_no_name,
    ),
    *_rule(
        "age", STOPS, NAMELESS,
        rf"{TH_TITLE}\s*{TH_ONE}(?:\s?{TH_ONE}){{0,4}}[^\n]{{0,25}}?{TH_AGE}",
        rf"น้อง(?!สาว|ชาย|ๆ|ใหม่|เล็ก\s)\s?[\"“']?[ก-๎A-Z]{{1,12}}[\"”']?\s*(?:\([^)]*\)\s*)?,?\s*\(?{TH_AGE}",
        rf"(?<![\u0e01-\u0e4e.\d])(?<!\d\s){TH_ONE}\s*(?:\([^)]*\)\s*)?{TH_AGE}",
        rf"{TH_AGE}\s*ปี\s*(?:ชื่อ|นามว่า|หรือ)\s*[\"“']?{TH}",
        rf"(?:นามสมมติ|นามสมมุติ)\)?\s*{TH_AGE}",
        rf"{TH_AGE}\s*ปี\s*\(?(?:นามสมมติ|นามสมมุติ)",
        rf"(?:นาย|นางสาว|น\.\s?ส\.)\s?{TH}{{2,20}}\s*(?:\([^)]*\)\s*)?,?\s*\(?{TH_AGE}",
    ),
    *_rule(
        "age", STOPS, NAMELESS,
        rf"{LO_TITLE}\s*(?:[\u0e81-\u0eae]\.|{LO}{{2,20}})\s*,?\s*\(?{LO_AGE}",
        rf"{LO_AGE}\s*ປີ\s*(?:ຊື່|ນາມວ່າ)\s*{LO}",
        rf"ຊື່\s*{LO}{{2,20}}\s*,?\s*\(?{LO_AGE}",
        rf"(?:ឈ្មោះ|កុមារី|កុមារា|កញ្ញា|យុវតី)\s*(?:[\u1780-\u17a2]\.|{KM}{{2,20}})\s*(?:{KM}{{2,20}}\s*)?,?\s*\(?{KM_AGE}",
        rf"{KM_AGE}\s*ឆ្នាំ\s*(?:ឈ្មោះ|មានឈ្មោះ)\s*{KM}",
        rf"{MY_AGE}\s*\)?\s*နှစ်(?:အရွယ်)?\s*(?:ရှိ)?\s*(?:မောင်|ဒေါ်|ကိုယ်တော်|မ\s)\s?{MY}",
        rf"(?:မောင်|ဒေါ်|အမည်ရှိ|အမည်မှာ)\s?{MY}{{2,25}}\s*[၊,(]*\s*{MY_AGE}",
        rf"(?i:\b{VI_WHO})\s+{VI_NAME}(?:\s*\([^)\d]*\))?\s*[,(]?\s*(?:\d{{1,2}})\s*tuổi",
        rf"\d{{1,2}}\s*tuổi,?\s+(?:tên(?: là)?|tên gọi)\s+{VI_NAME}",
    ),
]  # fmt: skip

CHILDREN = _rule(
    "child", STOPS, CHILD,
    rf"(?<!{TH})ด\.\s?[ชญ]\.\s*[\"“']?{TH}",
    rf"เด็ก(?:หญิง|ชาย)\s*(?:{TH_ONE}|ชื่อ\s*{TH}|[\"“']{TH})",
    rf"(?<!{LO})ດ\.\s?[ຍຊ]\.\s*{LO}",
    rf"ເດັກ(?:ຍິງ|ຊາຍ)\s*(?:[\u0e81-\u0eae]\.|ຊື່\s*{LO})",
    rf"(?:កុមារី|កុមារា)\s*(?:[\u1780-\u17a2]\.|ឈ្មោះ\s*{KM})",
    r"(?i:\b(?:bé|cháu|em)(?: gái| trai)?)\s+(?:[A-ZĐ]\.){1,5}",
)  # fmt: skip

PLACES_OF_PEOPLE = [
    *_rule(
        "place of a person", STOPS, PLACED,
        rf"\b(?P<name>{INITIALS}),?\s+(?:(?:\d+|aged? \d+),?\s+)?(?:of|from|in|living (?:in|at)|who lives? (?:in|at)|a resident of|lives? (?:in|at))\s+[^.\n]{{0,40}}?\b(?i:village|sub-?district|tambon|district|amphoe|commune|hamlet|moo|mu ban|ban|house)\b",
        spares=_is_no_name,
    ),
    *_rule(
        "place of a person", STOPS, PLACED,
        rf"{TH_TITLE}\s*{TH_ONE}[^\n]{{0,40}}?(?:หมู่บ้าน|หมู่ที่|บ้านเลขที่|ตำบล|(?<!{TH})ต\.|อำเภอ|(?<!{TH})อ\.|แขวง|เขต)\s?[ก-๎\d]",
        rf"{LO_TITLE}\s*[\u0e81-\u0eae]\.[^\n]{{0,40}}?(?:ບ້ານ|ເມືອງ)\s?{LO}",
        rf"(?:ឈ្មោះ|កុមារី|កុមារា|កញ្ញា)\s*[\u1780-\u17a2]\.[^\n]{{0,40}}?(?:ភូមិ|ឃុំ|សង្កាត់|ស្រុក)\s?{KM}",
        r"(?i:\bem|\bcháu|\bbé|\bchị|\banh|\bcô)\s+(?:[A-ZĐ]\.){1,5}[^.\n]{0,40}?\b(?:xã|phường|thôn|ấp|bản|huyện|quận)\s+[A-ZĐ]",
    ),
]  # fmt: skip

NUMBERS = [
    *_rule("reference", STOPS, NUMBERED, r"(?i)(?<![\w-])[a-z]-[0-9a-hjkmnp-tv-z]{8}(?![\w-])", spares=_lacks_digit_or_letter),
    *_rule(
        "reference", STOPS, NUMBERED,
        r"คดี(?:อาญา|แพ่ง|ค้ามนุษย์)?\s*หมายเลข\s*(?:ดำ|แดง)?(?:ที่)?\s*[ก-ฮ.\s]{0,8}\d[\d./-]*",
        r"หมายเลข(?:คดี)?(?:ดำ|แดง)(?:ที่)?\s*[ก-ฮ.\s]{0,8}\d[\d./-]*",
        r"(?:เลขคดี|เลขที่คดี|คดีดำ|คดีแดง|เลขรับแจ้งเหตุ|เลขที่เรื่อง)(?:ที่)?\s*[ก-ฮ.\s]{0,8}\d[\d./-]*",
        r"(?i)\b(?:black|red)\s+case\s+(?:no\.?|number)\s*[a-z.]{0,4}\s*\d[\d./-]*",
        r"(?i)\b(?:case|docket|file|complaint|(?:police|incident|crime) report)\s+(?:no\.|number|ref\.?|reference|id|#)\s*[:#]?\s*[a-z]{0,4}[-./ ]?\d[\d./-]*",
        r"(?:ເລກຄະດີ|ຄະດີເລກທີ|ຄະດີ\s*ເລກທີ|ສຳນວນຄະດີເລກທີ)\s*\d[\d./-]*",
        r"សំណុំរឿង(?:ព្រហ្មទណ្ឌ)?\s*(?:លេខ)\s*\d[\d./-]*",
        r"(?:ပြစ်မှုကြီး|ပြစ်မှု|အမှု|မှုခင်း)\s*အမှတ်\s*\(?\s*\d[\d./-]*",
        r"(?i:vụ án|hồ sơ|bản án)(?:\s+hình sự)?\s+số\s*:?\s*\d[\d./-]*",
    ),
    *_rule("papers", STOPS, PAPERS, r"(?<![\d-])[0-8][ -]?\d{4}[ -]?\d{5}[ -]?\d{2}[ -]?\d(?![\d-])", spares=lambda hit: not has_thai_checksum(hit[0])),
    *_rule(
        "papers", STOPS, PAPERS,
        r"(?i:passports?|หนังสือเดินทาง|พาสปอร์ต|ໜັງສືຜ່ານແດນ|លិខិតឆ្លងដែន|နိုင်ငံကူးလက်မှတ်|hộ chiếu)[^\n]{0,30}?\b[A-Z]{0,2}\d{6,9}\b",
        r"(?i:\bID cards?|\bidentity cards?|บัตรประชาชน|เลขประจำตัวประชาชน|ບັດປະຈຳຕົວ|អត្តសញ្ញាណប័ណ្ណ|နိုင်ငံသားစိစစ်ရေး|CCCD|CMND|căn cước|chứng minh nhân dân)[^\n]{0,30}?\d[\d -]{5,}",
        r"\b\d{1,2}/[A-Za-z]{3,12}\s?\((?:N|Naing|C|E|P)\)\s?\d{6}\b",
        r"\d{1,2}/[က-အ][\u1000-\u103f]{2,15}\s?\((?:နိုင်|ဧည့်|ပြု)\)\s?\d{6}",
    ),
    *_rule(
        "telephone", ASKS, TELEPHONE,
        r"(?<![\w./+-])(?:\+\d{1,3}[ .-]?)(?:\(0\))?\d{1,3}(?:[ .-]?\d{2,4}){2,3}(?![\w-])",
        r"(?<![\w./+-])\(?0\d{1,3}\)?(?:[ .-]?\d{3,4}){2}(?![\w-])",
    ),
]  # fmt: skip

EN_SHELTER = r"\b(?i:shelters?|safe ?houses?|protection homes?|homes? for (?:girls|boys|women|children|victims|survivors)|refuges?)\b"
TH_SHELTER = r"(?:สถานคุ้มครอง|บ้านพักเด็กและครอบครัว|บ้านพักฉุกเฉิน|ที่พักพิง|บ้านปลอดภัย|เซฟเฮ้าส์|เซฟเฮาส์)"
EXACT_PLACES = [
    *_rule(
        "shelter", STOPS, SHELTERED,
        rf"{EN_SHELTER}[^.\n]{{0,50}}?\b(?:in|at|near|on|behind|opposite|next to|beside)\s+(?!(?:each|every|any|all|their|its)\b)[^.\n]{{0,40}}?\b(?i:tambon|sub-?district|commune|village|moo\s?\d|soi|road|street|lane|khwaeng|khet)\b",
        rf"\b(?i:tambon|sub-?district|khwaeng|soi|moo)\s[A-Z0-9][^.\n]{{0,40}}?{EN_SHELTER}",
        rf"{TH_SHELTER}[^\n]{{0,50}}?(?:(?<!{TH})ต\.|ตำบล|หมู่ที่|(?<!{TH})ม\.\s?\d|ซอย|(?<!{TH})ซ\.|ถนน|(?<!{TH})ถ\.|หมู่บ้าน|เลขที่)\s?[ก-๎\d]",
        r"(?:ສູນພັກເຊົາ|ທີ່ພັກພິງ|ບ້ານພັກ|ສູນປົກປ້ອງ)[^\n]{0,50}?(?:ບ້ານ|ຮ່ອມ|ຖະໜົນ|ເລກທີ)\s?[\u0e81-\u0edf\d]",
        r"(?:ទីជម្រក|ជម្រកសុវត្ថិភាព|មណ្ឌលស្នាក់)[^\n]{0,50}?(?:ភូមិ(?!ភាគ|សាស្ត្រ)|ឃុំ|សង្កាត់|ផ្លូវលេខ|ផ្ទះលេខ)\s?[\u1780-\u17b3\d]",
        r"(?:ဂေဟာ|ခိုလှုံရာ|ကာကွယ်စောင့်ရှောက်ရေးစခန်း)[^\n။]{0,50}?(?:ရပ်ကွက်|ကျေးရွာ|အိမ်အမှတ်)",
        r"(?i:nhà tạm lánh|nhà an toàn|nhà mở|cơ sở bảo trợ|mái ấm)[^.\n]{0,50}?\b(?:xã|phường|thôn|ấp|ngõ|hẻm|số nhà|đường)\s+[A-ZĐ0-9]",
    ),
    *_rule(
        "coordinates", STOPS, EXACT,
        r"(?<![\d.])[+-]?\d{1,2}\.\d{3,}\s?°?\s?[NS]?\s?[,;/ ]\s?[+-]?\d{1,3}\.\d{3,}\s?°?\s?[EW]?(?![\d.])",
        r"\d{1,3}\s?°\s?\d{1,2}\s?['′’]",
        r"(?<![A-Z0-9])[23456789CFGHJMPQRVWX]{4,8}\+[23456789CFGHJMPQRVWX]{2,3}(?![A-Z0-9])",
        r"(?i)\b(?:maps\.app\.goo\.gl|goo\.gl/maps|google\.[a-z.]+/maps|maps\.google\.|openstreetmap\.org/\S*mlat=|waze\.com/ul)",
    ),
    *_rule(
        "address", ASKS, ADDRESS,
        r"(?<![\w/])\d{1,4}(?:/\d{1,4})?,?\s+(?:[A-Z][\w.-]+\s+){1,4}(?:Road|Rd\.?|Street|St\.|Lane|Avenue|Ave\.?|Soi)(?![a-z])",
        r"\b(?:Soi|Moo)\s\d{1,3}\b",
        rf"(?:บ้าน)?เลขที่\s*\d+(?:/\d+)?[^\n]{{0,30}}?(?:ถนน|(?<!{TH})ถ\.|ซอย|(?<!{TH})ซ\.|หมู่|(?<!{TH})ม\.)",
        r"(?:ເຮືອນເລກທີ|ផ្ទះលេខ|အိမ်အမှတ်)\s*\(?\d",
        r"(?i:\bsố(?: nhà)?)\s+\d+[A-Z]?(?:/\d+)?,?\s+(?:đường|phố|ngõ|hẻm)\s+[A-ZĐ0-9]",
    ),
]  # fmt: skip

RULES: list[Rule] = [*AGES, *CHILDREN, *PLACES_OF_PEOPLE, *NUMBERS, *EXACT_PLACES]
