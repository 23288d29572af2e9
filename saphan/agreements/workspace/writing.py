"""The text of a draft as it is kept beside its canonical form: YAML that reads back to the same values."""

from typing import Any

import yaml

from saphan.agreements.procedures.articles import Procedure
from saphan.agreements.procedures.loading import load, load_plain
from saphan.agreements.workspace.articles import Plain

WIDE = 4000  # a sentence stays in its line


def text_of(plain: Plain) -> str:
    """The YAML of a procedure; prose stands under its language, as in a file written by hand. Raises `Unreadable` where it would not read back."""
    articles = [_flat(article) for article in load_plain(plain).plain()["articles"]]
    ordered = load_plain(plain).plain() | {"articles": articles}
    text = yaml.dump(ordered, Dumper=yaml.CSafeDumper, allow_unicode=True, sort_keys=False, width=WIDE)
    load(text)
    return text


def checked(plain: Plain) -> Procedure:
    """The procedure in these values. Raises `Unreadable` with every fault of schema or letters."""
    procedure: Procedure = load(text_of(plain)).procedure
    return procedure


def _flat(article: dict[str, Any]) -> dict[str, Any]:
    rest = {word: value for word, value in article.items() if word not in ("art", "prose")}
    return {"art": article["art"], **article["prose"], **rest}
