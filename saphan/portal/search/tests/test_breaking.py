"""How words are found in scripts without spaces, and how one spelling is made of many."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from saphan.portal.search.breaking import khmer, runs, zawgyi
from saphan.portal.search.breaking.spelling import settle
from saphan.portal.search.breaking.unigram import LISTS, Breaker, breaker
from saphan.portal.search.words import fold, normalise, words
from tests.growth import TIMES, grows_evenly

SIGNS = "".join(map(chr, [*range(0x0E01, 0x0E5C), *range(0x0E81, 0x0EE0), *range(0x1000, 0x10A0), *range(0x1780, 0x17FA)]))
NOISE = "\u200b\u200c\u200d\u2060\ufeff\u00ad\x00 aBđÉß0٣"
REGIONAL = st.text(alphabet=SIGNS + NOISE, max_size=60)


@given(st.text(max_size=200) | REGIONAL)
@settings(max_examples=400)
def test_the_normal_spelling_stays_as_it_is(text):
    assert normalise(normalise(text)) == normalise(text)


@given(st.text(max_size=200) | REGIONAL)
def test_no_text_makes_the_breakers_fail_and_no_letter_is_lost(text):
    normal = normalise(text)
    for found in runs.RUN.finditer(normal):
        assert "".join(runs.CUT[str(found.lastgroup)](found[0])) == found[0]
    assert all(word in normal for word in words(text))


@given(st.text(max_size=80) | REGIONAL)
def test_letters_without_marks_stay_without(text):
    assert fold(fold(text)) == fold(text)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("เเรงงาน", "แรงงาน"),
        ("ท่ี", "ที่"),
        ("ນ\u0ecdາ", "ນຳ"),
        ("ນ\u0ecd\u0ec9\u0eb2", "ນ\u0ec9\u0eb3"),
        ("ນ\u0eb3\u0ec9", "ນ\u0ec9\u0eb3"),
        ("ຫນອງ", "ໜອງ"),
        ("ຫມູ່", "ໝູ່"),
        ("ស្ត្រី", "ស្រ្តី"),
        ("កម្ពុជា", "ក\u200bម្ពុ\u17b5ជា"),
        ("បណ្ដាញ", "បណ្តាញ"),
        ("ប្រមាណ", "ប\u17d2\u179aមាណ"),
        ("កេា", "កោ"),
        ("၀န်ထမ်း", "ဝန်ထမ်း"),
        ("ပ\u102d\u103d\u102f\u1037", "ပွို့"),
        ("Người", "NGƯỜI"),
        ("Ngu\u031bo\u031b\u0300i", "người"),
        ("ประ\u200bเทศ", "ประเทศ"),
    ],
)
def test_what_looks_the_same_is_spelled_the_same(typed, meant):
    assert normalise(typed) == normalise(meant)


def test_a_zero_width_space_parts_words_only_where_spaces_part_words():
    assert normalise("human\u200btrafficking") == "human trafficking"
    assert normalise("កម្ពុ\u200bជា") == "កម្ពុជា"


def test_digits_of_all_scripts_are_one():
    assert normalise("๒๕๕๐ ໒໕໕໐ ២៥៥០ ၂၅၅၀ ٢٥٥٠ २५५०") == " ".join(["2550"] * 6)


def test_vietnamese_is_folded_and_thai_is_not():
    assert fold("Phòng chống mua bán người ở Đồng Tháp") == "Phong chong mua ban nguoi o Dong Thap"
    assert fold("การค้ามนุษย์ ကူးမှု ជួញដូរ ຄ້າ") == "การค้ามนุษย์ ကူးမှု ជួញដូរ ຄ້າ"


@pytest.mark.parametrize(
    ("written", "unicode"),
    [
        ("ျမန္မာႏိုင္ငံ လူကုန္ကူးမႈ", "မြန်မာနိုင်ငံ လူကုန်ကူးမှု"),
        ("လူကုန္ကူးမႈ", "လူကုန်ကူးမှု"),
        ("အဂၤလိပ္ဘာသာစကား", "အင်္ဂလိပ်ဘာသာစကား"),
        ("ေက်းဇူးတင္ပါတယ္", "ကျေးဇူးတင်ပါတယ်"),
        ("တကၠသိုလ္ေက်ာင္းသား", "တက္ကသိုလ်ကျောင်းသား"),
        ("ဒုကၡသည္မ်ား", "ဒုက္ခသည်များ"),
        ("ေျမႀကီး", "မြေကြီး"),
    ],
)
def test_zawgyi_becomes_unicode(written, unicode):
    assert normalise(written) == normalise(unicode)


@pytest.mark.parametrize("text", ["မြန်မာနိုင်ငံ လူကုန်ကူးမှု", "ကျေးဇူးတင်ပါတယ်", "အင်္ဂလိပ်", "ရေ", "ကျွန်တော်", "သည်", "English", ""])
def test_unicode_is_not_taken_for_zawgyi(text):
    assert zawgyi.to_unicode(text) == text


@pytest.mark.parametrize("language", ["th", "lo", "my"])
def test_every_line_of_a_list_is_a_word_in_the_normal_spelling(language):
    lines = (LISTS / f"{language}.txt").read_text("utf-8").splitlines()
    listed = [line.partition("\t")[0] for line in lines if line and not line.startswith("#")]
    assert len(listed) > 20_000
    assert len(set(listed)) == len(listed)
    sample = listed[::23]
    assert [word for word in sample if settle(word) != word] == []
    assert [word for word in sample if not runs.RUN.fullmatch(word)] == []


def test_the_path_of_the_most_frequent_words_wins():
    cut = Breaker("th", {"ตาก": 50, "ลม": 50, "ตา": 5, "กลม": 5}).cut
    assert cut("ตากลม") == ["ตาก", "ลม"]
    assert Breaker("th", {"ตาก": 1, "ลม": 1, "ตา": 90, "กลม": 90}).cut("ตากลม") == ["ตา", "กลม"]


def test_letters_of_an_unknown_name_stay_together():
    assert Breaker("th", {"นาย": 9, "มา": 9}).cut("นายฬฬฮมา") == ["นาย", "ฬฬฮ", "มา"]


def test_each_language_of_the_region_has_words():
    assert words("การค้ามนุษย์เป็นอาชญากรรม") == ["การ", "ค้า", "มนุษย์", "เป็น", "อาชญากรรม"]
    assert words("ປະເທດລາວ") == ["ປະເທດ", "ລາວ"]
    assert "មនុស្ស" in words("ការជួញដូរមនុស្ស")
    assert words("ကလေးများ")[0] == "ကလေး"
    assert words("Phòng chống mua bán người") == ["phòng", "chống", "mua", "bán", "người"]


def test_scripts_in_one_text_go_each_to_its_breaker():
    assert words("อนุสัญญา ILO ฉบับที่ ๑๘๒ (ປີ 1999)") == ["อนุสัญญา", "ilo", "ฉบับ", "ที่", "182", "ປີ", "1999"]


def test_a_sign_of_repetition_is_no_word():
    assert words("เด็กๆ ຫຼາຍໆ") == ["เด็ก", *words("ຫຼາຍ")]


def test_a_khmer_run_without_end_is_cut_before_a_letter():
    run = "ជួញដូរមនុស្ស" * 700
    chunks = khmer._chunks(run)
    assert "".join(chunks) == run
    assert len(chunks) > 2
    assert all(not chunk.startswith("\u17d2") for chunk in chunks)


@pytest.mark.parametrize("piece", ["มามากมาย", "ก", "กรรม", "ການ", "ကျွန်တော်", "ជា", "\u17d2", "\u1039", "\u0e40"])
def test_a_text_made_to_tease_takes_no_more_time_than_its_length_explains(piece):
    breaker("th"), breaker("lo"), breaker("my"), khmer.cut("កខ")
    assert grows_evenly(lambda times: words(piece * times), 20_000 // TIMES // len(piece))
