"""The same thousand invented articles for both sites."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

SENTENCES = (
    "The two ministries agreed that requests to trace a family are answered within one month.",
    "A working group of officers from both sides met in the provincial town and went through the procedure article by article.",
    "Hotline workers asked for a shorter form, and the form now asks each question once.",
    "Those who return are told in their own language which services wait for them and which they may decline.",
    "The centre keeps its address to itself; letters reach it through the provincial office.",
    "Officers who took part in the course practise the interview with a colleague before they meet anybody.",
)
COUNTRIES = ("Thailand", "Lao PDR", "Cambodia", "Myanmar", "Viet Nam")
TOPICS = ("agreements", "return", "training", "shelter", "awareness")


@dataclass(frozen=True)
class Item:
    """One article before it becomes a page."""

    number: int
    title: str
    day: date
    introduction: str
    paragraphs: list[str]
    countries: tuple[str, ...]
    topics: tuple[str, ...]


def items(count: int) -> Iterator[Item]:
    """Four headed paragraphs each, two countries, two topics, a day apart."""
    for n in range(count):
        told = [SENTENCES[(n + k) % len(SENTENCES)] for k in range(12)]
        yield Item(
            number=n,
            title=f"Meeting {n + 1} of the working group on safe return",
            day=date(2026, 10, 31) - timedelta(days=n),
            introduction=told[0],
            paragraphs=[" ".join(told[k : k + 3]) for k in range(0, 12, 3)],
            countries=(COUNTRIES[n % 5], COUNTRIES[(n + 1) % 5]),
            topics=(TOPICS[n % 5], TOPICS[(n + 2) % 5]),
        )
