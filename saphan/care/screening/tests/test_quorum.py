"""The count of a team's votes against an oracle that was written from the rule's words alone."""

from dataclasses import dataclass
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from saphan.care.screening.quorum import LACKS, Count, Seat, count
from saphan.care.screening.reference import quorum_on, quorum_rules, team_roles, usual_role

OUTCOMES = ["identified", "not_identified", "more_information"]
seats = st.lists(
    st.builds(
        Seat, agency=st.sampled_from("abc"), role=st.sampled_from(["social_worker", "police", "interpreter"]), has_vote=st.booleans(),
        choice=st.sampled_from(["", "abstain", *OUTCOMES]), present=st.booleans(), remote=st.booleans(), chair=st.booleans(),
    ),
    max_size=7,
)  # fmt: skip


@dataclass(frozen=True)
class Rule:
    minimum_members: int
    minimum_agencies: int
    required_roles: tuple[str, ...]
    remote_share: int
    sitting: bool


rules = st.builds(
    Rule, minimum_members=st.integers(1, 5), minimum_agencies=st.integers(1, 3), required_roles=st.sampled_from([(), ("social_worker",), ("social_worker", "police")]),
    remote_share=st.sampled_from([0, 33, 50, 100]), sitting=st.booleans(),
)  # fmt: skip


def by_the_words(team: list[Seat], rule: Rule) -> tuple[bool, str]:
    """Counts by walking over every outcome and every requirement, one after the other."""
    who = []
    for seat in team:
        if not seat.has_vote or seat.choice == "":
            continue
        if rule.sitting and not seat.present:
            continue
        who.append(seat)
    winner = ""
    for outcome in OUTCOMES:
        ours = len([s for s in who if s.choice == outcome])
        others = len([s for s in who if s.choice not in (outcome, "abstain")])
        if ours > others:
            winner = outcome
    ok = winner != "" and len(who) >= rule.minimum_members
    ok = ok and len({s.agency for s in who}) >= rule.minimum_agencies
    for role in rule.required_roles:
        ok = ok and len([s for s in who if s.role == role]) > 0
    ok = ok and len([s for s in who if s.remote]) / max(1, len(who)) <= rule.remote_share / 100
    if rule.sitting:
        ok = ok and len([s for s in team if s.chair and s.present]) > 0
    return ok, winner


@settings(max_examples=400)
@given(seats, rules)
def test_the_count_agrees_with_the_words_of_the_rule(team: list[Seat], rule: Rule) -> None:
    found = count(team, rule)
    ok, winner = by_the_words(team, rule)
    assert (not found.lacks, found.majority) == (ok, winner)
    assert {lack.code for lack in found.lacks} <= set(LACKS)


@settings(max_examples=100)
@given(seats, rules, st.randoms(use_true_random=False))
def test_the_order_of_the_seats_does_not_matter(team: list[Seat], rule: Rule, chance: object) -> None:
    turned = list(team)
    chance.shuffle(turned)  # type: ignore[attr-defined]  # a Random
    assert vars(count(turned, rule)) == vars(count(team, rule))


@settings(max_examples=100)
@given(seats, rules)
def test_a_seat_without_a_vote_changes_no_number(team: list[Seat], rule: Rule) -> None:
    guest = Seat("z", "interpreter", has_vote=False, choice="identified", present=True)
    before, after = count(team, rule), count([*team, guest], rule)
    assert (before.counted, before.agencies, dict(before.counts)) == (after.counted, after.agencies, dict(after.counts))


def three(*choices: str, **more: object) -> list[Seat]:
    roles = ["social_worker", "police", "doctor_psychologist"]
    return [
        Seat(agency, role, has_vote=True, choice=choice, present=True, chair=place == 0, **more)  # type: ignore[arg-type]
        for place, (agency, role, choice) in enumerate(zip("abc", roles, choices, strict=True))
    ]


def codes(found: Count) -> list[str]:
    return [lack.code for lack in found.lacks]


@pytest.mark.parametrize(
    ("team", "lacks"),
    [
        (three("identified", "identified", "not_identified"), []),
        (three("identified", "abstain", "abstain"), []),  # one vote of three who are counted: the others chose no outcome
        (three("abstain", "abstain", "abstain"), ["no_majority"]),
        (three("identified", "not_identified", "abstain"), ["tie"]),
        (three("identified", "not_identified", "more_information"), ["tie"]),
        (three("identified", "identified", ""), ["members"]),
        (three("identified", "identified", "identified", remote=True), ["remote"]),
    ],
)
def test_votes_of_three_under_the_standard_rule(team: list[Seat], lacks: list[str]) -> None:
    assert codes(count(team, quorum_rules()["mdt_standard", "2"])) == lacks


def test_a_hearing_is_convened_under_the_rule_of_its_day() -> None:
    assert quorum_on(date(2026, 10, 31)).version == "1"
    assert quorum_on(date(2026, 11, 1)).version == "2"


def test_an_interpreter_has_no_vote_and_each_agency_has_a_usual_part() -> None:
    assert not team_roles()["interpreter"].votes
    assert (usual_role("ministry"), usual_role("law_enforcement"), usual_role("international")) == ("social_worker", "police", "ministry_officer")
