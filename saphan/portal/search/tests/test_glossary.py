import pytest

from saphan.portal.search.asking import read
from saphan.portal.search.glossary import LANGUAGES, beginning, concepts, points_to_danger, spotted, widened
from saphan.portal.search.words import fold, normalise

TERMS = [(concept, language, term) for concept in concepts() if concept.group == "term" for language in LANGUAGES for term in concept.terms[language]]
DANGER = [term for concept in concepts() if concept.group == "danger" for terms in concept.terms.values() for term in terms]


def test_every_term_has_all_languages_an_origin_and_a_mark_where_a_machine_wrote_it():
    assert len({concept.code for concept in concepts()}) == len(concepts())
    for concept in concepts():
        assert all(concept.terms[language] for language in LANGUAGES), concept.code
        assert concept.provenance
        assert concept.unreviewed <= set(LANGUAGES)
        assert concept.group in ("term", "danger")
    assert 60 <= sum(concept.group == "term" for concept in concepts()) <= 110


def test_no_term_stands_for_two_ideas_in_one_language():
    told = [(language, normalise(fold(term))) for _concept, language, term in TERMS]
    assert [one for one in told if told.count(one) > 1] == []


@pytest.mark.parametrize(("concept", "language", "term"), TERMS, ids=lambda value: str(value)[:40])
def test_every_term_is_recognised_and_finds_its_counterparts(concept, language, term):
    question = read(term, language=language)
    assert concept in [one.concept for one in spotted(question)]
    wide, also = widened(question)
    assert {one.language for one in also} >= set(LANGUAGES) - {language} - {"en", "vi", language}
    assert wide.widened


@pytest.mark.parametrize("term", DANGER)
def test_words_of_danger_are_heard(term):
    assert points_to_danger(term)
    assert points_to_danger(f"x {term} y") or not term.isascii()


@pytest.mark.parametrize("calm", ["", "pact", "child labour", "สายด่วน", "การค้ามนุษย์", "Escher", "tin tức", "ข่าว"])
def test_other_words_are_not_taken_for_danger(calm):
    assert not points_to_danger(calm)


def test_a_term_is_recognised_in_the_plural_among_other_words_and_not_inside_them():
    codes = [one.concept.code for one in spotted(read("laws for migrant workers and shelters"))]
    assert codes == ["migrant_worker", "shelter"]
    assert spotted(read("title:shelter")) == []
    assert spotted(read("sheltered")) == []


def test_beginnings_are_those_of_the_readers_language_first():
    assert [one.text for one in beginning("human", "en")] == ["human trafficking", "human rights"]
    assert [one.language for one in beginning("การค้า", "th")][:1] == ["th"]
    assert [one.text for one in beginning("mua ban", "vi", 1)] == ["mua bán người"]
