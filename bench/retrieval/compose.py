"""Documents and questions whose words are known, because they are composed of words.

Words follow Zipf's law; each document has a topic whose words are likelier in it. Thai, Lao, Khmer and Burmese are written
without spaces but for one every few words, as their readers write. The truth is the composition: no breaker takes part in it.
A tenth of the Thai, Lao and Burmese words is taken from the breaker's lists before anything is cut; the Khmer words come from
a list that neither the model nor ICU was made of.
"""

import random
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import accumulate
from pathlib import Path

HERE = Path(__file__).parent
SHARES = {"th": 25, "lo": 20, "km": 20, "my": 20, "vi": 10, "en": 5}
SPACELESS = ("th", "lo", "km", "my")
VOCABULARY = 5_000
HELD_OUT = 0.1
TOPICS = 60
TOPIC_WORDS = 60
OF_TOPIC = 0.4  # share of a document's words that come from its topic
SHORTEST, LONGEST = 20, 75  # words of a document
COMMON = 30  # the most frequent words are not asked for
LATIN = re.compile(r"[^\W\d_]{2,}")


@dataclass
class Document:
    number: int
    language: str
    topic: int
    title: list[str]
    body: list[str]

    @property
    def words(self) -> set[str]:
        return {*self.title, *self.body}


@dataclass
class Question:
    text: str
    language: str
    words: list[str]
    relevant: set[int] = field(default_factory=set)


@dataclass
class Tongue:
    """A language's vocabulary, its weights and its topics."""

    language: str
    words: list[str]
    cumulated: list[float]
    topics: list[list[str]]


def tongue(language: str, chance: random.Random) -> Tongue:
    words = vocabulary(language, chance)
    cumulated = list(accumulate(1 / (rank + 2.7) for rank in range(len(words))))
    topics = [chance.sample(words[COMMON:], min(TOPIC_WORDS, len(words) // 4)) for _ in range(TOPICS)]
    return Tongue(language, words, cumulated, topics)


def vocabulary(language: str, chance: random.Random) -> list[str]:
    """Words in the order of their frequency: the corpus's own where it is known, else by chance."""
    if language in ("vi", "en"):
        return catalogue_words(language)
    if language == "km":
        lines = (HERE / "words_km.txt").read_text("utf-8").splitlines()
        return shuffled([line for line in lines if line and not line.startswith("#")], chance)
    from saphan.portal.search.breaking.unigram import LISTS

    lines = [line.partition("\t") for line in (LISTS / f"{language}.txt").read_text("utf-8").splitlines() if not line.startswith("#")]
    if language == "th":
        lines.sort(key=lambda line: -float(line[2] or 0))
        return [word for word, _tab, _count in lines if len(word) > 1][:VOCABULARY]
    return shuffled([word for word, _tab, _count in lines if 1 < len(word) < 10], chance)[:VOCABULARY]


def shuffled(words: list[str], chance: random.Random) -> list[str]:
    words = sorted(words)
    chance.shuffle(words)
    return words


def catalogue_words(language: str) -> list[str]:
    """Words of the sentences that Django speaks (BSD licence), most frequent first."""
    from collections import Counter

    import django
    from babel.messages.pofile import read_po

    count: Counter[str] = Counter()
    for path in sorted(Path(django.__file__).parent.glob("**/locale/vi/LC_MESSAGES/django.po")):
        with path.open("rb") as file:
            for message in read_po(file):
                said = message.string if language == "vi" else message.id
                for text in said if isinstance(said, list | tuple) else [said]:
                    count.update(LATIN.findall(text.casefold()))
    return [word for word, _count in count.most_common()]


def documents(number: int, tongues: dict[str, Tongue], chance: random.Random) -> Iterator[Document]:
    languages = list(SHARES)
    for place in range(number):
        spoken = tongues[chance.choices(languages, weights=[SHARES[name] for name in languages])[0]]
        topic = chance.randrange(TOPICS)
        yield Document(place, spoken.language, topic, pick(spoken, topic, 5, chance), pick(spoken, topic, chance.randint(SHORTEST, LONGEST), chance))


def pick(spoken: Tongue, topic: int, number: int, chance: random.Random) -> list[str]:
    of_topic = sum(chance.random() < OF_TOPIC for _ in range(number))
    words = chance.choices(spoken.topics[topic], k=of_topic) + chance.choices(spoken.words, cum_weights=spoken.cumulated, k=number - of_topic)
    chance.shuffle(words)
    return words


def written(words: list[str], language: str, chance: random.Random) -> str:
    """As a reader of the language would see it."""
    if language not in SPACELESS:
        return " ".join(words)
    parts, start = [], 0
    while start < len(words):
        end = start + chance.randint(4, 9)
        parts.append("".join(words[start:end]))
        start = end
    return " ".join(parts)


def questions(texts: list[Document], number: int, tongues: dict[str, Tongue], chance: random.Random) -> list[Question]:
    """One to three words of some document; half of the longer ones written together, as their readers write, half with spaces.
    One in eight asks for a single word of two characters."""
    asked: list[Question] = []
    common = {language: set(spoken.words[:COMMON]) for language, spoken in tongues.items()}
    while len(asked) < number:
        text = chance.choice(texts)
        want = 1 + len(asked) % 3
        at = chance.randrange(max(1, len(text.body) - want))
        words = text.body[at : at + want]
        if len(asked) % 8 == 0:
            words = [word for word in text.body if len(word) == 2 and word not in common[text.language]][:1]
        if not words or len(set(words)) < len(words) or any(word in common[text.language] for word in words):
            continue
        together = text.language in SPACELESS and len(asked) % 2 == 0
        asked.append(Question(("" if together else " ").join(words), text.language, words))
    return asked


def judge(asked: list[Question], texts: list[Document]) -> None:
    """A document is relevant when it holds all words of the question as words."""
    wanted = {(question.language, word) for question in asked for word in question.words}
    holding: dict[tuple[str, str], set[int]] = {pair: set() for pair in wanted}
    for text in texts:
        for word in text.words:
            if (text.language, word) in holding:
                holding[text.language, word].add(text.number)
    for question in asked:
        question.relevant = set.intersection(*(holding[question.language, word] for word in question.words))


def hold_out(tongues: dict[str, Tongue], chance: random.Random) -> dict[str, int]:
    """Takes some of the composing words from the breakers' lists; how many of each language."""
    from saphan.portal.search.breaking.unigram import breaker

    gone = {}
    for language in ("th", "lo", "my"):
        words = chance.sample(tongues[language].words, int(len(tongues[language].words) * HELD_OUT))
        gone[language] = sum(breaker(language).costs.pop(word, None) is not None for word in words)
    return gone
