"""A draft is kept whole after each change; two editors never lose a word; what was done can be undone."""

from typing import Any

import pytest

from saphan.access.seeds import People
from saphan.agreements.drafting import NotClean, negotiate
from saphan.agreements.models import AgreementVersion
from saphan.agreements.workspace import revising
from saphan.agreements.workspace.articles import article_at, keys_of, mark_of
from saphan.agreements.workspace.models import What
from saphan.agreements.workspace.revising import Apart, Edit
from saphan.agreements.workspace.vocabulary import renamed
from saphan.core.errors import Refused, WrongState
from tests.people import NOON


def twenty_days(version: AgreementVersion) -> dict[str, Any]:
    article = article_at(version.plain(), "5")
    return article | {"oblige": [article["oblige"][0] | {"due": "20wd"}]}


def save(version: AgreementVersion, people: People, article: dict[str, Any], *, mark: str = "", key: str = "5", **more):
    mark = mark or mark_of(article_at(version.plain(), key))
    return revising.save_article(
        version_id=version.pk, key=key, article=article, mark=mark, edit=Edit(What.ROW, key), by=people.agreement_officer, at=NOON, **more
    )


def test_the_example_has_no_errors(draft: AgreementVersion) -> None:
    assert [f for f in draft.findings if f["severity"] == "error"] == []


def test_a_saved_article_stands_in_canonical_text_with_a_new_digest(draft: AgreementVersion, people: People) -> None:
    before = draft.digest
    revision = save(draft, people, twenty_days(draft))
    draft.refresh_from_db()
    assert article_at(draft.plain(), "5")["oblige"][0]["due"] == "20wd"
    assert draft.digest != before == draft.revisions.get(what=What.BEFORE).digest
    assert revision.digest == draft.digest
    assert draft.texts.filter(language="th").count() == 14


def test_two_editors_at_different_articles_do_not_wait_for_each_other(draft: AgreementVersion, people: People) -> None:
    seen = AgreementVersion.objects.get(pk=draft.pk)
    save(draft, people, twenty_days(draft))
    other = article_at(seen.plain(), "3")
    save(draft, people, other | {"prose": {"en": "Changed."}}, key="3", mark=mark_of(other))
    draft.refresh_from_db()
    assert article_at(draft.plain(), "5")["oblige"][0]["due"] == "20wd"
    assert article_at(draft.plain(), "3")["prose"] == {"en": "Changed."}


def test_the_second_editor_of_the_same_article_sees_both(draft: AgreementVersion, people: People) -> None:
    old = mark_of(article_at(draft.plain(), "5"))
    save(draft, people, twenty_days(draft))
    with pytest.raises(Apart) as apart:
        save(draft, people, article_at(draft.plain(), "5") | {"prose": {"en": "Mine."}}, mark=old)
    assert apart.value.theirs
    assert apart.value.theirs["oblige"][0]["due"] == "20wd"


def test_an_earlier_text_comes_back_as_a_new_revision(draft: AgreementVersion, people: People) -> None:
    before = draft.digest
    save(draft, people, twenty_days(draft))
    revising.go_back(version_id=draft.pk, number=1, by=people.agreement_officer, at=NOON)
    draft.refresh_from_db()
    assert draft.digest == before
    assert [r.what for r in draft.revisions.all()] == [What.UNDONE, What.ROW, What.BEFORE]


def test_articles_are_added_moved_and_taken_away(draft: AgreementVersion, people: People) -> None:
    by = people.agreement_officer
    revising.add_article(version_id=draft.pk, article={"art": "15", "prose": {"en": "New."}}, after="3", by=by, at=NOON)
    draft.refresh_from_db()
    assert keys_of(draft.plain())[:5] == ["1", "2", "3", "15", "4"]
    revising.move_article(version_id=draft.pk, key="15", steps=-1, by=by, at=NOON)
    draft.refresh_from_db()
    assert keys_of(draft.plain())[:4] == ["1", "2", "15", "3"]
    revising.remove_article(version_id=draft.pk, key="15", mark=mark_of(article_at(draft.plain(), "15")), by=by, at=NOON)
    draft.refresh_from_db()
    assert "15" not in keys_of(draft.plain())


def test_a_new_name_is_written_everywhere(draft: AgreementVersion) -> None:
    plain = renamed(draft.plain(), "messages", "trace_report", "family_report")
    assert article_at(plain, "3")["send"][0]["answer"] == "family_report"
    assert article_at(plain, "6")["stage"]["needs_message"] == "family_report"


def test_a_draft_with_errors_does_not_leave_drafting(draft: AgreementVersion, people: People) -> None:
    article = article_at(draft.plain(), "5")
    save(draft, people, article | {"oblige": [article["oblige"][0] | {"by": "focal_H"}]})
    draft.refresh_from_db()
    assert draft.errors
    assert {f["article"] for f in draft.findings if f["severity"] == "error"} == {"5"}
    with pytest.raises(NotClean):
        negotiate(version_id=draft.pk, by=people.agreement_officer, at=NOON)


def test_what_is_negotiated_is_not_edited_alone(negotiated: AgreementVersion, people: People) -> None:
    with pytest.raises(WrongState):
        save(negotiated, people, twenty_days(negotiated))


def test_the_other_party_does_not_write_in_the_draft(draft: AgreementVersion, people: People) -> None:
    with pytest.raises(Refused):
        revising.move_article(version_id=draft.pk, key="3", steps=1, by=people.partner_officer, at=NOON)


def test_the_forms_ask_for_every_word_of_the_schema() -> None:
    from saphan.agreements.procedures.loading import MODELS
    from saphan.agreements.workspace.questions import FIXED, KINDS

    for kind, said in KINDS.items():
        words = {field.alias or name for name, field in MODELS[kind].model_fields.items()}
        assert {question.word for question in said.questions} | set(FIXED.get(kind, ())) == words, kind
