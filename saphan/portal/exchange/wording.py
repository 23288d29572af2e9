"""What must not stand in a public text of the exchange: a single person, a place nearer than the province, a way to reach somebody.

The patterns know shapes and miss what has none; the eye of a second person stays the real check. The editors' room, which knows more of
them, adds its own by `saphan/portal/identity.py`.
"""

import re
import unicodedata

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from saphan.portal.identity import objections

ONE_PERSON = _("This tells of a single person. Say what is needed and for how many, never who needs it: no age, origin, story or illness of one.")
NEARER = _("This tells a place nearer than the province. Leave it out: whoever has an agreed day is told the hub by telephone.")
REACH = _("A telephone number, an address of e-mail or a link stands here. Donors reach you by the form, and you reach them.")
COUNTED = _("This tells how many people live in a house, or when they come and go. Say the amount that is needed, and nothing of who is there.")

WHO = r"(?:girl|boy|child|baby|infant|toddler|woman|lady|man|mother|father|teenager|student|survivor|victim|resident|client|daughter|son|sister|brother|orphan|refugee)"
MY_WHO = r"(?:မိန်းကလေး|ယောက်ျားလေး|ကလေး|အမျိုးသမီး|အမျိုးသား|မိန်းမ|ယောက်ျား|လူငယ်)"
LANDMARK = r"(?:temple|mosque|church|pagoda|monastery|shrine|hospital|clinic|school|university|college|market|station|terminal|bridge|pier|mall|airport|police|hotel|factory|petrol|7-eleven|lotus|big\s+c)"
TH_LANDMARK = r"(?:วัด(?!ไข้|ความ|ขนาด|อุณห|น้ำตาล|สายตา|ตัว|ผล|ระดับ|ส่วน|ระยะ|ค่า|แสง|รอบ)|มัสยิด|โบสถ์|โรงเรียน|มหาวิทยาลัย|วิทยาลัย|โรงพยาบาล|ตลาด|สถานี|ห้าง|ปั๊ม|สะพาน|สนามบิน|ท่าเรือ|ท่ารถ|โรงแรม|โรงงาน|เซเว่น|โลตัส|บิ๊กซี)"
RULES: list[tuple[str | Promise, re.Pattern[str]]] = [
    (ONE_PERSON, re.compile(rf"(?i)\b(?:a|an|one|the|our|this|her|his)\s+(?:\w+\s+){{0,3}}?(?:\d{{1,2}}[- ]?years?[- ]?old\s+)?{WHO}\b(?!['’]?s?\s+(?:clothes|clothing|shoes|sizes?|room|bed|bicycle|school|home|rights|protection|welfare|centre|shelter))")),
    (ONE_PERSON, re.compile(rf"(?i)\b{WHO},?\s*\(?(?:is|was|aged?|of)?\s*\d{{1,2}}\b(?!\s*(?:-|–|to\b|and\b|or\b))")),
    (ONE_PERSON, re.compile(rf"(?i)\b\d{{1,2}}[- ]?(?:years?[- ]?old|y\.?o\.?)\s+{WHO}\b")),
    (ONE_PERSON, re.compile(r"(?:เด็กหญิง|เด็กชาย|ด\.\s?[ญช]\.|นางสาว|น้อง)\s?[ก-ฮเ-ไ]")),
    (ONE_PERSON, re.compile(r"(?:หญิง|ชาย|เด็ก|สาว|ผู้เสียหาย|ผู้รอดพ้น|แม่|คนไข้|ผู้ป่วย)[ก-๎]{0,12}\s?(?:คนหนึ่ง|รายหนึ่ง|หนึ่งคน|1\s?(?:คน|ราย)|คนนี้|รายนี้)")),
    (ONE_PERSON, re.compile(r"(?:อายุ|วัย)\s*(?:ได้|เพียง|ประมาณ|ราว)?\s*\d{1,2}(?!\s*(?:-|–|ถึง|\d|ปีขึ้นไป))\s*(?:ปี|ขวบ|เดือน)?(?!\s*(?:-|–|ถึง|ขึ้นไป))")),
    (ONE_PERSON, re.compile(r"(?:ອາຍຸ|អាយុ|အသက်)\s*\(?\d{1,2}(?!\s*(?:-|–|\d))")),
    (ONE_PERSON, re.compile(r"(?i)\b(?:một|em|cháu|bé|chị)\s+(?:bé|gái|trai|cô|phụ nữ|nạn nhân)\b[^.]{0,20}\d{1,2}\s*tuổi")),
    (ONE_PERSON, re.compile(rf"(?<!\d)\d{{1,2}}\s?နှစ်(?!\s?(?:-|–|မှ|နှင့်|အထက်))\s?(?:အရွယ်\s?)?(?:ရှိ\s?)?(?:သော\s?|သည့်\s?)?{MY_WHO}|{MY_WHO}[^\d။]{{0,12}}?(?<!\d)\d{{1,2}}\s?နှစ်(?!\s?(?:-|–|မှ|နှင့်|အထက်))")),
    (ONE_PERSON, re.compile(r"(?:เด็กหญิง|เด็กชาย|เด็กสาว|หญิงสาว|เด็กผู้หญิง|เด็กผู้ชาย)\s?\d{1,2}\s?(?:ปี|ขวบ)(?!\s?(?:-|–|ถึง|ขึ้นไป))|(?<![\d–-])\d{1,2}\s?ປີ\s?(?:ເດັກຍິງ|ເດັກຊາຍ|ຍິງສາວ)|(?:ເດັກຍິງ|ເດັກຊາຍ|ຍິງສາວ)[^\d]{0,10}?\d{1,2}\s?ປີ(?!\s?(?:-|–|ຫາ|ຂຶ້ນ))|(?:ក្មេងស្រី|ក្មេងប្រុស|នារី|យុវតី)[^\d។]{0,12}?\d{1,2}\s?ឆ្នាំ(?!\s?(?:-|–|ដល់|ឡើង))")),
    (NEARER, re.compile(rf"(?i)\b(?:near|behind|beside|opposite|next\s+to|close\s+to|across\s+from|in\s+front\s+of|around\s+the\s+corner\s+from)\s+(?:\w+\s+){{0,4}}?{LANDMARK}\b")),
    (NEARER, re.compile(r"\b(?:Wat|Masjid|Chùa|Chợ|chùa|chợ)\s+[A-ZĐ]\w+|\b(?!(?:The|A|An|Our|Any|Each|Every|For|Buddhist|Hindu)\b)[A-Z]\w+\s+(?i:temple|mosque|pagoda|monastery|shrine|bridge|pier)\b")),
    (NEARER, re.compile(rf"(?:ใกล้|ด้านหลัง|ข้างหลัง|หลัง|หน้า|ข้าง|ตรงข้าม|ติดกับ|ติด|แถว)\s?(?:ๆ\s?)?{TH_LANDMARK}|(?:ที่|ไป|มา|ถึง|ใน)\s?(?:วัด(?!ไข้|ความ|ขนาด|อุณห|น้ำตาล|สายตา|ตัว|ผล|ระดับ|ส่วน|ระยะ|ค่า|แสง|รอบ)[ก-๎]|มัสยิด[ก-๎]|โบสถ์[ก-๎])")),
    (NEARER, re.compile(r"(?:ໃກ້|ຫຼັງ|ຫລັງ|ໜ້າ|ຂ້າງ|ກົງກັນຂ້າມ)\s?(?:ກັບ\s?)?(?:ວັດ|ຕະຫຼາດ|ຕະຫລາດ|ໂຮງຮຽນ|ໂຮງໝໍ|ສະຖານີ|ຂົວ)|(?:ជិត|ក្បែរ|ក្រោយ|ខាងក្រោយ|មុខ|ទល់មុខ|នៅ)\s?(?:វត្ត|ផ្សារ|សាលារៀន|មន្ទីរពេទ្យ|ស្ថានីយ|ស្ពាន)|(?:ဘုန်းကြီးကျောင်း|ဘုရား|ဈေး|ဆေးရုံ|စာသင်ကျောင်း|ဘူတာ|တံတား)\s?(?:၏\s?)?(?:အနီး|နား|ဘေး|နောက်|ရှေ့|မျက်နှာချင်းဆိုင်)|(?i:gần|phía sau|đằng sau|trước cửa|cạnh|bên cạnh|đối diện)\s+(?i:chùa|chợ|trường|bệnh viện|nhà thờ|nhà ga|ga|bến xe|cầu)\b")),
    (NEARER, re.compile(r"(?i)\b(?:soi|moo|thanon|tambon|amphoe|khwaeng|khet|sub-?district|village of|no\.)\s*[\w/-]+|\b\d{1,4}(?:/\d{1,4})?\s+(?:[A-Z][\w.-]+\s+){1,3}(?:road|rd|street|st|lane|avenue)\b")),
    (NEARER, re.compile(r"(?:ซอย|ถนน|หมู่บ้าน|หมู่ที่|ตำบล|อำเภอ|แขวง|เขต(?!ปลอด|พื้นที่|การ|ภาค)|บ้านเลขที่|เลขที่)\s?[ก-๎\d]|(?<![ก-๎])(?:ต|อ|ม|ซ|ถ)\.\s?[ก-๎\d]")),
    (NEARER, re.compile(r"(?:ບ້ານເລກທີ|ຖະໜົນ|ຮ່ອມ|ផ្លូវលេខ|ផ្ទះលេខ|ភូមិ|အိမ်အမှတ်|ရပ်ကွက်)\s?\S|(?i:số nhà|đường|phố|ngõ|hẻm)\s+[A-ZĐ0-9]")),
    (NEARER, re.compile(r"(?<![\d.])[+-]?\d{1,2}\.\d{3,}\s?[,;/ ]\s?[+-]?\d{1,3}\.\d{3,}|\d{1,3}\s?°\s?\d{1,2}|(?i:maps\.app|goo\.gl/maps|google\.[a-z.]+/maps)")),
    (REACH, re.compile(r"(?<![\w./-])(?:\+\d{1,3}[ .-]?)?\(?0?\d{1,3}\)?(?:[ .-]?\d{3,4}){2}(?![\w-])")),
    (REACH, re.compile(r"(?i)\b[\w.+-]+@[\w-]+\.\w+|https?://|\bwww\.|\bline\s?id\b|ไลน์ไอดี|\bfacebook\b|\bwhatsapp\b|\btelegram\b")),
    (COUNTED, re.compile(r"(?i)\b\d+\s+(?:\w+\s+){0,2}(?:survivors|victims|residents|girls|women|children|boys|people|persons|families)\s+(?:live|stay|sleep|arrive[ds]?|came|come|leave|left|are\s+(?:here|staying|coming))\b")),
    (COUNTED, re.compile(r"(?:พัก|อาศัย|อยู่)[ก-๎\s]{0,20}?\d+\s*(?:คน|ราย|ครอบครัว)")),
]  # fmt: skip
INVISIBLE = dict.fromkeys(map(ord, "\u200b\u200c\u200d\u2060\ufeff\u00ad"))
DASHES = dict.fromkeys(map(ord, "\u2010\u2011\u2012\u2212"), "-")


def plainly(text: str) -> str:
    """One spelling for what looks the same: composed, nothing invisible, one kind of digit and dash."""
    text = unicodedata.normalize("NFKC", text.translate(INVISIBLE | DASHES)).replace("\u0e4d\u0e32", "\u0e33")
    return "".join(str(unicodedata.digit(c)) if c.isdecimal() else c for c in text)


def faults_of(text: str) -> list[str]:
    """Why this text cannot be public, as sentences for its writer; empty when no pattern objects. Each sentence quotes the words it means."""
    plain = plainly(text)
    found: dict[str, str] = {}
    for why, pattern in RULES:
        if hit := pattern.search(plain):
            found.setdefault(str(why), hit[0].strip())
    sentences = [f"“{words}”: {why}" for why, words in found.items()]
    return sentences + objections(text)
