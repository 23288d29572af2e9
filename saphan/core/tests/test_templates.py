"""Rules that hold for every template and style sheet of the house."""

import re
from pathlib import Path

import pytest
from django.conf import settings

HOUSE = Path(settings.PACKAGE)
TEMPLATES = sorted(path for path in HOUSE.rglob("templates/**/*.html"))
SHEETS = sorted((HOUSE / "static").rglob("*.css"))
SCRIPTS = sorted((HOUSE / "static").rglob("*.js"))
FORBIDDEN = {
    "an inline style": re.compile(r"<style|\sstyle\s*=", re.I),
    "an inline script": re.compile(r"<script(?![^>]*\ssrc=)|\son[a-z]+\s*=\s*[\"']|javascript:", re.I),
    "a script with words inside": re.compile(r"<script[^>]*>[^<\s]", re.I),
    "an address of a third party": re.compile(r"(?:src|href|action|data)\s*=\s*[\"'](?:https?:)?//", re.I),
    "a frame": re.compile(r"<i?frame|<object|<embed", re.I),
}
# What is no page of ours to begin with: each with the reason.
SPARED = {
    ("portal/newsletter/templates/newsletter/letter.html", "an inline style"),  # a letter carries its style along; no page of the site holds it
    ("portal/exchange/templates/exchange/receipt.html", "an inline style"),  # printed as a PDF, shown by no browser
    ("agreements/templates/agreements/paper.html", "an inline style"),  # the same
    ("agreements/scoring/templates/scoring/paper.html", "an inline style"),  # the same
    ("portal/agreements/templates/public_agreements/paper.html", "an inline style"),  # the same
    ("care/screening/templates/screening/_paper_head.html", "an inline style"),  # the same
    ("portal/newsletter/templates/newsletter/desk/preview.html", "a frame"),  # shuts that letter into a sandbox that may run and load nothing
}


def name_of(path: Path) -> str:
    return str(path.relative_to(HOUSE))


@pytest.mark.parametrize("path", TEMPLATES, ids=name_of)
def test_a_template_holds_nothing_inline_and_no_third_party(path: Path) -> None:
    text = path.read_text()
    assert [what for what, pattern in FORBIDDEN.items() if pattern.search(text) and (name_of(path), what) not in SPARED] == []


@pytest.mark.parametrize("path", [*SHEETS, *SCRIPTS], ids=name_of)
def test_a_sheet_or_script_names_no_third_party(path: Path) -> None:
    text = path.read_text()
    assert not re.search(r"url\(\s*[\"']?(?:https?:)?//|@import|https?://", text)


@pytest.mark.parametrize("path", SHEETS, ids=name_of)
def test_every_rule_of_a_sheet_lies_in_a_layer(path: Path) -> None:
    text = re.sub(r"/\*.*?\*/|@font-face\s*\{[^}]*\}|@layer[^{;]*;|url\([^)]*\)", "", path.read_text(), flags=re.S)
    depth, outside = 0, ""
    for letter in text:
        depth += (letter == "{") - (letter == "}")
        outside += letter if depth == 0 else ""
    assert depth == 0
    assert re.sub(r"@layer\s+\w+|[}\s]", "", outside) == ""


def luminance(colour: str) -> float:
    full = colour if len(colour) == 6 else "".join(c * 2 for c in colour)
    parts = [int(full[i : i + 2], 16) / 255 for i in (0, 2, 4)]
    red, green, blue = (p / 12.92 if p <= 0.03928 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


WORDS_ON = [
    ("ink", "paper"), ("ink", "card"), ("ink", "mist"), ("ink", "river-wash"), ("ink", "clay-wash"), ("ink", "saffron-wash"),
    ("ink-soft", "paper"), ("ink-soft", "card"), ("ink-soft", "mist"), ("ink-soft", "river-wash"), ("ink-soft", "saffron-wash"),
    ("river", "paper"), ("river", "card"), ("river", "river-wash"), ("river", "mist"), ("river", "saffron-wash"), ("river-deep", "river-wash"),
    ("card", "river"), ("card", "river-deep"), ("on-deep", "river-deep"), ("on-deep", "river"), ("card", "clay"), ("card", "clay-deep"),
    ("clay", "paper"), ("clay", "card"), ("clay-deep", "clay-wash"), ("saffron-ink", "saffron-wash"), ("saffron-edge", "card"), ("saffron-edge", "paper"),
    ("leaf-ink", "leaf-wash"), ("on-saffron", "saffron"),
]  # fmt: skip
SHAPES_ON = [
    ("edge", "paper"),
    ("edge", "card"),
    ("focus", "paper"),
    ("focus", "card"),
    ("leaf", "card"),
    ("saffron", "river-deep"),
    ("clay", "paper"),
]


@pytest.mark.parametrize(("front", "ground", "least"), [(*pair, 4.5) for pair in WORDS_ON] + [(*pair, 3.0) for pair in SHAPES_ON])
def test_colours_stand_out_from_their_ground(front: str, ground: str, least: float) -> None:
    tokens = dict(re.findall(r"--([\w-]+): #([0-9a-f]{3,6})\b", (HOUSE / "static/css/tokens.css").read_text()))
    light, dark = sorted((luminance(tokens[front]), luminance(tokens[ground])), reverse=True)
    assert (light + 0.05) / (dark + 0.05) >= least


def test_the_letters_are_small_and_carry_their_licence() -> None:
    fonts = HOUSE / "static/fonts"
    sizes = {path.name: path.stat().st_size for path in fonts.glob("*.woff2")}
    assert len(sizes) == 12
    assert max(sizes.values()) <= 47 * 1024
    assert "SIL OPEN FONT LICENSE" in (fonts / "OFL.txt").read_text().upper()


def test_every_symbol_that_a_template_asks_for_is_drawn() -> None:
    drawn = set(re.findall(r'<symbol id="([\w-]+)"', (HOUSE / "static/icons.svg").read_text()))
    asked = {name for path in TEMPLATES for name in re.findall(r'{% icon "([\w-]+)" %}|symbol="([\w-]+)"', path.read_text()) for name in name if name}
    assert asked <= drawn
