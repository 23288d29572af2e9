"""Questions and answers that become public: written anew by one officer, made public by another."""

from collections.abc import Iterator
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from saphan.access.actions import Action
from saphan.access.models import User
from saphan.access.policy import require
from saphan.audit.services import record
from saphan.core.errors import Invalid, NotFound
from saphan.core.ids import permanent_name
from saphan.portal.identity import objections
from saphan.portal.inquiries.models import Answer
from saphan.portal.inquiries.states import FAQ_LIFE, FaqState
from saphan.portal.search.services import refresh
from saphan.portal.search.sources import Row

SOURCE = "faq"


@transaction.atomic
def propose(*, language: str, question: str, text: str, topic: str, by: User, at: datetime, group: UUID | None = None) -> Answer:
    """Writes a question with its answer for the public. Raises Invalid at the field whose words could give somebody away."""
    require(by, Action.FAQ_WRITE)
    _refuse_telling(question, text)
    answer = Answer(language=language, question=question, text=text, topic=topic, written_by=by, written_at=at)
    if group is not None:
        if Answer.objects.filter(group=group, language=language).exists():
            raise Invalid(fields={"language": _("This question stands in this language already. Change it there.")})
        answer.group = group
    answer.save(force_insert=True)
    record(by=by, action=Action.FAQ_WRITE, target=answer, at=at)
    return answer


@transaction.atomic
def rewrite(*, answer_id: UUID, question: str, text: str, topic: str, by: User, at: datetime) -> Answer:
    """Changes the words; until a second person has seen them they are not public."""
    answer = _locked(answer_id)
    require(by, Action.FAQ_WRITE, answer)
    _refuse_telling(question, text)
    answer.state = FAQ_LIFE.target("rewrite", answer.state)
    answer.question, answer.text, answer.topic = question, text, topic
    answer.written_by, answer.written_at, answer.approved_by, answer.published_at = by, at, None, None
    answer.save()
    record(by=by, action=Action.FAQ_WRITE, target=answer, at=at)
    refresh(f"{SOURCE}:{answer.pk}")
    return answer


@transaction.atomic
def publish(*, answer_id: UUID, by: User, at: datetime) -> Answer:
    """A second person makes it public; from this moment it is found."""
    answer = _locked(answer_id)
    require(by, Action.FAQ_APPROVE, answer)
    _refuse_telling(answer.question, answer.text)
    answer.state = FAQ_LIFE.target("publish", answer.state)
    answer.approved_by, answer.published_at = by, at
    answer.save()
    record(by=by, action=Action.FAQ_APPROVE, target=answer, at=at)
    refresh(f"{SOURCE}:{answer.pk}")
    return answer


@transaction.atomic
def withdraw(*, answer_id: UUID, by: User, at: datetime) -> Answer:
    """Takes it out of the public; it can be proposed again."""
    answer = _locked(answer_id)
    require(by, Action.FAQ_WRITE, answer)
    answer.state = FAQ_LIFE.target("withdraw", answer.state)
    answer.save(update_fields=["state"])
    record(by=by, action=Action.FAQ_WRITE, target=answer, at=at, purpose="withdraw")
    refresh(f"{SOURCE}:{answer.pk}")
    return answer


def _locked(answer_id: UUID) -> Answer:
    answer = Answer.objects.select_for_update().filter(pk=answer_id).first()
    if answer is None:
        raise NotFound
    return answer


def _refuse_telling(question: str, text: str) -> None:
    fields = {name: " ".join(found) for name, words in (("question", question), ("text", text)) if (found := objections(words))}
    if fields:
        raise Invalid(fields=fields)


class AnswerSource:
    """The public answers, as the search knows them."""

    name = SOURCE

    def row(self, key: str) -> Row | None:
        """One of them, None when it is not public."""
        answer = Answer.objects.filter(pk=key.partition(":")[2], state=FaqState.PUBLISHED).first()
        return _row(answer) if answer else None

    def rows(self) -> Iterator[Row]:
        """All of them."""
        for answer in Answer.objects.filter(state=FaqState.PUBLISHED).iterator():
            yield _row(answer)


def _row(answer: Answer) -> Row:
    return Row(
        key=f"{SOURCE}:{answer.pk}",
        kind=SOURCE,
        url=f"/{answer.language}/inquiries/answers/{answer.pk}/",
        language=answer.language,
        title=answer.question,
        summary=answer.text[:300],
        text=answer.text,
        published_on=answer.published_at.date() if answer.published_at else None,
        topics=[answer.topic] if answer.topic else [],
        permanent=permanent_name(answer.group),
    )
