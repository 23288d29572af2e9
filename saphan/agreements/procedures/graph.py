"""Stages as a graph: what can be reached, what every way to a stage passes, whether there is a way round. Stages are names, `following` maps each to its next ones."""

from collections.abc import Collection, Mapping

Following = Mapping[str, Collection[str]]


def reached(following: Following, start: str, avoiding: Collection[str] = ()) -> frozenset[str]:
    """The stages on any way from `start`, itself included, on ways that never enter one of `avoiding`."""
    if start not in following or start in avoiding:
        return frozenset()
    seen, waiting = {start}, [start]
    while waiting:
        for stage in following[waiting.pop()]:
            if stage in following and stage not in seen and stage not in avoiding:
                seen.add(stage)
                waiting.append(stage)
    return frozenset(seen)


def reversed_graph(following: Following) -> dict[str, tuple[str, ...]]:
    """For each stage the stages that offer it as next, in their order."""
    before: dict[str, list[str]] = {stage: [] for stage in following}
    for stage, nexts in following.items():
        for target in dict.fromkeys(nexts):
            if target in before:
                before[target].append(stage)
    return {stage: tuple(found) for stage, found in before.items()}


def dominators(following: Following, first: str) -> dict[str, frozenset[str]]:
    """For each reachable stage those that every way from `first` passes, itself included.

    Sets of stages are whole numbers with one bit each: a procedure has few stages, and the sets settle in two or three rounds.
    """
    reachable = reached(following, first)
    order = [stage for stage in following if stage in reachable]
    bit = {stage: 1 << place for place, stage in enumerate(order)}
    everything = (1 << len(order)) - 1
    held = dict.fromkeys(order, everything)
    if first in held:
        held[first] = bit[first]
    before = reversed_graph(following)
    moved = True
    while moved:
        moved = False
        for stage in order:
            if stage == first:
                continue
            common = everything
            for earlier in before[stage]:
                common &= held.get(earlier, everything)
            common |= bit[stage]
            moved, held[stage] = moved or common != held[stage], common
    return {stage: frozenset(other for other in order if held[stage] & bit[other]) for stage in order}


def passes_one_of(following: Following, first: str, target: str, among: Collection[str]) -> bool:
    """Whether every way from `first` to `target` passes at least one of these stages; the target itself may be one."""
    return target not in reached(following, first, avoiding=among)


def way_round(following: Following, first: str, target: str, among: Collection[str]) -> tuple[str, ...]:
    """A shortest way from `first` to `target` that passes none of these stages; empty where there is none. Shown beside a finding."""
    if first not in following or first in among:
        return ()
    came: dict[str, str] = {first: ""}
    waiting = [first]
    for stage in waiting:
        if stage == target:
            way = [stage]
            while came[way[-1]]:
                way.append(came[way[-1]])
            return tuple(reversed(way))
        for later in following[stage]:
            if later in following and later not in came and later not in among:
                came[later] = stage
                waiting.append(later)
    return ()
