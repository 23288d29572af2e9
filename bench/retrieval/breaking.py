"""How well words are found where they are known: ICU's dictionaries alone, and ours."""

from collections.abc import Callable
from pathlib import Path

from bench.retrieval.compose import SPACELESS, Document

Cut = Callable[[str], list[str]]


def figures(texts: list[Document], gold: dict[str, Path], most: int = 2_000) -> dict[str, dict[str, float]]:
    """Share of words found whole (F1, precision, recall), on the composed documents and on texts cut by hand where given."""
    from icu4py.breakers import WordBreaker

    from saphan.portal.search.breaking import runs

    found = {}
    for language in SPACELESS:
        samples = {"composed": [text.body for text in texts if text.language == language][:most]}
        if language in gold:
            samples["cut by hand"] = by_hand(gold[language], language)
        for name, sentences in samples.items():
            known = [sentence for sentence in sentences if sentence]
            icu = f1(known, lambda text, place=language: list(WordBreaker(text, place)))
            ours = f1(known, runs.CUT[language])
            found[f"{language}, {name}"] = {"icu": icu, "ours": ours}
    return found


def by_hand(path: Path, language: str) -> list[list[str]]:
    """Sentences of a file with words parted by spaces, or by strokes where its own spaces are kept; only runs of the language's
    own script, in the normal spelling."""
    from saphan.portal.search.breaking.runs import RUN
    from saphan.portal.search.breaking.spelling import settle

    sentences: list[list[str]] = []
    for line in path.read_text("utf-8").splitlines():
        sentences.append([])
        plain = settle(line.replace("~", "").replace("^", "").replace("_", " "))
        for word in plain.split("|") if "|" in plain else plain.split():
            found = RUN.fullmatch(word)
            if found and found.lastgroup == language:
                sentences[-1].append(word)
            else:
                sentences.append([])
    return sentences


def f1(sentences: list[list[str]], cut: Cut) -> float:
    right = known = got = 0
    for sentence in sentences:
        truth, answer = spans(sentence), spans(cut("".join(sentence)))
        right, known, got = right + len(truth & answer), known + len(truth), got + len(answer)
    return 2 * right / (known + got) if known + got else 0.0


def spans(words: list[str]) -> set[tuple[int, int]]:
    at, found = 0, set()
    for word in words:
        found.add((at, at + len(word)))
        at += len(word)
    return found
