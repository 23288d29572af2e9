"""The column `parameters`: `start=0 end=10 step=1`."""

import re


def parameters_of(text: str) -> dict[str, str]:
    """Names and values; parted by spaces, commas or semicolons."""
    return {found[1].lower(): found[2] for found in re.finditer(r"([\w-]+)\s*=\s*([^\s,;]+)", text)}


def number_of(parameters: dict[str, str], name: str, otherwise: float) -> float:
    """One of them as a number."""
    try:
        return float(parameters[name])
    except (KeyError, ValueError):
        return otherwise
