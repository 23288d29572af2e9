"""My day: what waits, most urgent first, and nothing of what is not one's own."""

from collections.abc import Iterator
from datetime import timedelta

import pytest

from saphan.access.models import User
from saphan.core import clock, registry
from saphan.core.registry import MenuEntry, Task, Tile
from saphan.desk.selectors import SHOWN, day_of
from tests.counting import at_most
from tests.people import NOON, client_of

pytestmark = pytest.mark.django_db


def tile(label: str, hours: list[float | None], *, action: str = "desk:open", order: int = 1) -> Tile:
    tasks = [Task(f"{label} {n}", f"/desk/{label}/{n}/", None if h is None else NOON + timedelta(hours=h), "answer") for n, h in enumerate(hours)]
    return Tile(label, action, order, lambda user: f"/desk/{label}/?state=open", lambda user, at: tasks, lambda user: len(tasks))


@pytest.fixture
def tiles(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[Tile]]:
    own: list[Tile] = []
    monkeypatch.setattr("saphan.desk.selectors.TILES", own)
    with clock.stopped_at(NOON):
        yield own


def test_the_most_urgent_stands_first_and_what_has_no_time_last(tiles: list[Tile], owner: User) -> None:
    tiles.append(tile("referrals", [None, 50, 2, -3]))
    group = day_of(owner, at=NOON).groups[0]
    assert [task.label for task in group.tasks] == ["referrals 3", "referrals 2", "referrals 1", "referrals 0"]


def test_clocks_near_their_end_are_gathered_over_all_rooms(tiles: list[Tile], owner: User) -> None:
    tiles += [tile("referrals", [3, 30]), tile("hearings", [-1, 23])]
    assert [task.label for task in day_of(owner, at=NOON).urgent] == ["hearings 0", "referrals 0", "hearings 1"]


def test_a_tile_of_another_role_is_not_shown(tiles: list[Tile], owner: User) -> None:
    tiles.append(tile("audit", [1], action="audit:read"))
    assert day_of(owner, at=NOON).groups == []


def test_a_long_list_is_cut_and_its_count_leads_to_the_whole(tiles: list[Tile], owner: User) -> None:
    tiles.append(tile("referrals", [n + 30 for n in range(8)]))
    html = client_of(owner).get("/desk/").content.decode()
    assert html.count('<time class="due') == SHOWN
    assert '<a href="/desk/referrals/?state=open"><span>referrals</span> <span class="count">8' in html
    assert "and 3 more" in html


def test_an_empty_day_says_so(tiles: list[Tile], owner: User) -> None:
    html = client_of(owner).get("/desk/").content.decode()
    assert 'class="empty"' in html
    assert "<title>Desk</title>" in html


def test_the_menu_shows_what_the_roles_include_and_how_much_waits(tiles: list[Tile], owner: User, monkeypatch: pytest.MonkeyPatch) -> None:
    entries = [
        MenuEntry("My day", "desk:home", "desk:open", 1),
        MenuEntry("Sharing", "desk:home", "desk:open", 2, lambda user: 3),
        MenuEntry("Record", "desk:home", "audit:read", 3),
        MenuEntry("Not built yet", "nowhere:list", "desk:open", 4),
    ]
    monkeypatch.setattr("saphan.core.context.MENU", entries)
    html = client_of(owner).get("/desk/").content.decode()
    assert 'href="/desk/" aria-current="page">My day' in html
    assert '<span class="count">3' in html
    assert "Record" not in html
    assert "Not built yet" not in html
    assert owner.name in html
    assert 'action="/accounts/logout/"' in html


def test_a_room_with_several_pages_is_marked_in_the_menu_on_each_of_them(tiles: list[Tile], owner: User) -> None:
    html = client_of(owner).get("/desk/screening/kit/prepare/").content.decode()
    assert 'aria-current="page">Field kit' in html
    assert html.count('aria-current="page"') == 1
    visits = client_of(owner).get("/desk/screening/kit/visits/").content.decode()
    assert 'aria-current="page">Site visits' in visits


def test_my_day_costs_a_bounded_number_of_queries(owner: User) -> None:
    client = client_of(owner)
    client.get("/desk/")
    with at_most(8 + 2 * len(registry.TILES) + len(registry.MENU)):
        client.get("/desk/")


def test_a_page_of_the_desk_is_not_stored(owner: User) -> None:
    answer = client_of(owner).get("/desk/")
    assert "no-store" in answer["Cache-Control"]
    assert answer["Referrer-Policy"] == "same-origin"
