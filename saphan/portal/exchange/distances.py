"""How far provinces lie apart: as the crow flies between their capital towns, by the table of provinces in the project's seeds."""

import csv
from collections.abc import Sequence
from functools import cache

import numpy as np

from saphan.directory.seeds import provinces_file
from saphan.portal.exchange.matching.tables import Ints

RADIUS = 6_371  # km, of the earth


@cache
def towns() -> dict[str, tuple[float, float]]:
    """Latitude and longitude of the capital town of each province, by the province's code."""
    with provinces_file().open(encoding="utf-8", newline="") as file:
        return {row["iso_3166_2"]: (float(row["lat"]), float(row["lon"])) for row in csv.DictReader(file)}


def between(places: Sequence[tuple[float, float]]) -> Ints:
    """Whole kilometres between each two places, rounded down."""
    latitude, longitude = np.radians(np.array(places, float).reshape(-1, 2)).T
    north, east = latitude[:, None] - latitude, longitude[:, None] - longitude
    arc = np.sin(north / 2) ** 2 + np.cos(latitude)[:, None] * np.cos(latitude) * np.sin(east / 2) ** 2
    return np.asarray(2 * RADIUS * np.arcsin(np.sqrt(arc))).astype(np.int64)
