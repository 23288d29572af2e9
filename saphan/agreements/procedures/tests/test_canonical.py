"""The digest: the same for every layout of a file, another one for every other content."""

import copy
import hashlib
import json
import random
from contextlib import suppress
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from saphan.agreements.procedures.canonical import canonical, digest_of
from saphan.agreements.procedures.findings import Unreadable
from saphan.agreements.procedures.loading import load, load_plain
from saphan.agreements.procedures.tests.test_mutations import EXAMPLE, FILES
from saphan.agreements.procedures.tests.test_reading import strings

PLAIN = load(EXAMPLE.read_bytes()).procedure.plain()
DIGEST = digest_of(load(EXAMPLE.read_bytes()).procedure)


def test_the_example_has_the_digest_that_was_signed() -> None:
    """Pinned: a change of the form that is hashed would make every signature void."""
    assert DIGEST == "sha256:1a255cd4dfd27e8d55c2855e16856cf51e6e6127e03cf75e858b912a82bae518"


def test_the_canonical_form_is_sorted_json_without_space() -> None:
    procedure = load(EXAMPLE.read_bytes()).procedure
    plainly = json.dumps(procedure.plain(), sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
    assert canonical(procedure) == plainly
    assert digest_of(procedure) == "sha256:" + hashlib.sha256(plainly).hexdigest()


def shuffled(value: Any, chance: random.Random) -> Any:
    """The same value with the keys of every map in another order, single rows without their list, checks written short or long."""
    if isinstance(value, dict):
        keys = list(value)
        chance.shuffle(keys)
        return {key: loosened(key, shuffled(value[key], chance), chance) for key in keys}
    return [shuffled(item, chance) for item in value] if isinstance(value, list) else value


def loosened(key: str, value: Any, chance: random.Random) -> Any:
    if key in ("consent", "document", "send", "oblige", "block") and len(value) == 1 and chance.random() < 0.5:
        return value[0]
    if key == "check":
        return [row["id"] if set(row) == {"id"} and chance.random() < 0.5 else row for row in value]
    return int(value) if key == "art" and value.isdigit() and chance.random() < 0.5 else value


@settings(max_examples=60)
@given(seed=st.integers(), flow=st.sampled_from([True, False, None]), width=st.integers(20, 400), indent=st.integers(2, 8), as_json=st.booleans())
def test_the_digest_does_not_depend_on_the_layout(seed: int, flow: bool | None, width: int, indent: int, as_json: bool) -> None:
    value = shuffled(copy.deepcopy(PLAIN), random.Random(seed))
    for article in value["articles"]:
        if seed % 2:
            article |= article.pop("prose")
    text = (
        json.dumps(value, indent=indent)
        if as_json
        else yaml.safe_dump(value, sort_keys=False, default_flow_style=flow, width=width, indent=indent, allow_unicode=bool(seed % 3))
    )
    for written in (text, text.replace("\n", "\r\n"), f"\ufeff{text}".encode()):
        assert digest_of(load(written).procedure) == DIGEST


@settings(max_examples=200)
@given(place=st.integers(0, 10_000), added=st.sampled_from(["x", "1", " ", "é", "ก"]))
def test_any_change_of_content_changes_the_digest(place: int, added: str) -> None:
    value = copy.deepcopy(PLAIN)
    paths = strings(value)
    path = paths[place % len(paths)]
    inside = value
    for step in path[:-1]:
        inside = inside[step]
    inside[path[-1]] += added
    with suppress(Unreadable):  # then it is no procedure any more
        assert digest_of(load_plain(value)) != DIGEST


def test_every_row_that_is_taken_away_changes_the_digest() -> None:
    seen = {DIGEST}
    for number, article in enumerate(PLAIN["articles"]):
        for word in [word for word in article if word not in ("art", "prose")]:
            value = copy.deepcopy(PLAIN)
            del value["articles"][number][word]
            digest = digest_of(load_plain(value))
            assert digest not in seen
            seen.add(digest)


@pytest.mark.parametrize("file", FILES, ids=lambda file: f"{file.parent.name}/{file.stem}")
def test_what_is_hashed_can_be_read_again(file: Any) -> None:
    procedure = load(file.read_bytes()).procedure
    assert digest_of(load(canonical(procedure)).procedure) == digest_of(procedure)
