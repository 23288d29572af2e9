"""Invented neutral names: drawn at random, so that neither order nor number of files can be read from them."""

import secrets

from saphan.care.persons.models import Person

# fmt: off
NAMES = (
    "Lotus", "Jasmine", "Orchid", "Champak", "Frangipani", "Hibiscus", "Lantana", "Marigold", "Magnolia", "Ixora", "Bluebell", "Camellia",
    "Clover", "Daisy", "Fern", "Heather", "Iris", "Lily", "Mallow", "Myrtle", "Peony", "Poppy", "Primrose", "Sage", "Thyme", "Violet",
    "Yarrow", "Aster", "Begonia", "Dahlia", "Tamarind", "Teak", "Bamboo", "Banyan", "Cedar", "Cypress", "Ebony", "Elm", "Hazel", "Juniper",
    "Laurel", "Linden", "Maple", "Mangrove", "Olive", "Palm", "Pine", "Rattan", "Rowan", "Sandalwood", "Willow", "Acacia", "Almond",
    "Birch", "Mekong", "Ping", "Nan", "Yom", "Wang", "Moei", "Kok", "Salween", "Chi", "Mun", "Tapi", "Kwai", "Danube", "Tagus", "Ebro",
    "Loire", "Tiber", "Volga", "Niger", "Orinoco", "Yukon", "Severn", "Tweed", "Arno", "Rhone", "Neva", "Oder", "Vistula", "Drava", "Sava",
    "Tisza", "Dnieper", "Lena", "Amur", "Indus", "Kaveri", "Godavari",
)
# fmt: on
FIRST_TRIES = 6  # draws with two digits before a longer number is taken


def new_alias() -> str:
    """A free alias such as "Lotus 27"; longer numbers come only when many short ones are taken."""
    digits, tries = 2, 0
    while True:
        low = 10 ** (digits - 1)
        alias = f"{secrets.choice(NAMES)} {low + secrets.randbelow(9 * low)}"
        if not Person.objects.filter(alias=alias).exists():
            return alias
        tries += 1
        digits += tries % FIRST_TRIES == 0


def as_alias(typed: str) -> str:
    """What somebody typed, in the writing of an alias: "lotus  27" is "Lotus 27"."""
    return " ".join(typed.split()).capitalize()
