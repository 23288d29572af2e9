"""Pages by keyset: every row once, in order, forward and back, whatever ties there are."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import RequestFactory
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from saphan.core.once import Submission
from saphan.core.paging import Page, paginate

BEGAN = datetime(2026, 11, 23, tzinfo=UTC)
ORDERS = [("id",), ("-id",), ("-at", "id"), ("at", "-id"), ("by_id", "-at", "id"), ("-by_id", "at", "-id")]


def page_at(url: str, order: tuple[str, ...], size: int) -> Page[Submission]:
    return paginate(Submission.objects.all(), RequestFactory().get("/list/" + url), order=order, size=size)


def walk(order: tuple[str, ...], size: int) -> list[Page[Submission]]:
    pages = [page_at("", order, size)]
    while pages[-1].next_url:
        pages.append(page_at(pages[-1].next_url, order, size))
    return pages


def plant(rows: list[tuple[int, int]]) -> None:
    Submission.objects.all().delete()
    Submission.objects.bulk_create(
        Submission(by_id=str(who), token=f"{n:016}", at=BEGAN + timedelta(hours=hour)) for n, (who, hour) in enumerate(rows)
    )


class Partition(TestCase):
    """Hypothesis over rows with many ties."""

    @settings(max_examples=40)
    @given(rows=st.lists(st.tuples(st.integers(0, 2), st.integers(0, 2)), max_size=17), size=st.integers(1, 6), order=st.sampled_from(ORDERS))
    def test_the_pages_part_the_rows_and_keep_their_order(self, rows: list[tuple[int, int]], size: int, order: tuple[str, ...]) -> None:
        plant(rows)
        pages = walk(order, size)
        whole = list(Submission.objects.order_by(*order).values_list("id", flat=True))
        assert [row.pk for page in pages for row in page.rows] == whole
        assert all(len(page.rows) == size for page in pages[:-1])

    @settings(max_examples=30)
    @given(rows=st.lists(st.tuples(st.integers(0, 2), st.integers(0, 2)), max_size=17), size=st.integers(1, 6), order=st.sampled_from(ORDERS))
    def test_going_back_shows_the_same_pages(self, rows: list[tuple[int, int]], size: int, order: tuple[str, ...]) -> None:
        plant(rows)
        forward = walk(order, size)
        page = forward[-1]
        for earlier in reversed(forward[:-1]):
            page = page_at(page.previous_url, order, size)
            assert [row.pk for row in page.rows] == [row.pk for row in earlier.rows]
        assert not page.previous_url

    @settings(max_examples=60)
    @given(cursor=st.text(max_size=60))
    def test_a_cursor_that_does_not_read_is_the_first_page(self, cursor: str) -> None:
        plant([(0, 0), (1, 1)])
        request = RequestFactory().get("/list/", {"after": cursor})
        assert paginate(Submission.objects.all(), request, order=("-at", "id"), size=1).rows


@pytest.mark.django_db
def test_a_page_costs_one_query_and_keeps_the_filters(django_assert_num_queries: Any) -> None:
    plant([(0, n) for n in range(5)])
    with django_assert_num_queries(1):
        page = page_at("?state=open&q=a", ("-at", "id"), 2)
    assert page.next_url.startswith("?state=open&q=a&after=")
    assert not page.has_previous
    with django_assert_num_queries(1):
        second = page_at(page.next_url, ("-at", "id"), 2)
    assert second.has_previous
    assert "after" not in second.previous_url


@pytest.mark.django_db
def test_an_empty_list_is_one_empty_page() -> None:
    page = page_at("?after=bogus&before=too", ("-at", "id"), 2)
    assert (page.rows, page.has_other_pages) == ([], False)
