"""Issues in the state that a test begins with."""

from datetime import date, datetime

from saphan.access.seeds import People
from saphan.portal.newsletter.issues import Edition, Issue, Item

MONTH = date(2026, 10, 1)
THAI = "ข่าวเรื่องการคุ้มครองผู้เสียหายจากการค้ามนุษย์"


def an_edition(issue: Issue, language: str = "en", country: str = "", *, items: int = 3, topics: tuple[str, ...] = ()) -> Edition:
    """An edition with so many items."""
    edition = Edition.objects.create(issue=issue, language=language, country=country, introduction="A month of work.")
    for n in range(items):
        name = f"{language}{country}{n}"
        title = f"{THAI} {n}" if language == "th" else f"News {name}"
        Item.objects.create(
            edition=edition, place=n + 1, kind="news", key=f"page:{n}", permanent=f"p{name}", language=language, title=title, url=f"/{language}/news/{n}/",
            summary="What was said, and by whom.", topics=list(topics),
        )  # fmt: skip
    return edition


def a_draft(people: People, at: datetime) -> Issue:
    """An issue that the editor has begun."""
    return Issue.objects.create(month=MONTH, drafted_at=at, changed_at=at, changed_by=people.editor)


def on_its_way(people: People, at: datetime) -> Issue:
    """An issue whose moment has come: no letter is queued yet."""
    issue = a_draft(people, at)
    issue.state, issue.scheduled_at, issue.scheduled_by, issue.begun_at = "sending", at, people.publisher, at
    issue.save()
    return issue
