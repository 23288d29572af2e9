"""What is exchanged, how it is checked, and why something did not come about: closed lists, so that nothing about a person hides in them."""

from django.db.models import IntegerChoices, TextChoices
from django.utils.translation import gettext_lazy as _

from saphan.portal.exchange.units import Unit


class Kind(TextChoices):
    """What sort of thing is needed or offered."""

    GOODS = "goods", _("goods")
    SERVICE = "service", _("service")
    SKILL = "skill", _("skill")
    TIME = "time", _("time")
    PLACE = "place", _("place")
    CASH = "cash", _("money")


class Item(TextChoices):
    """What it is. Need and offer are matched only where this is the same; `other` is matched by people only."""

    BEDDING = "bedding", _("mattresses and bedding")
    CLOTHING = "clothing", _("clothing and shoes")
    HYGIENE = "hygiene", _("hygiene")
    FOOD = "food", _("food")
    KITCHEN = "kitchen", _("kitchen and household")
    FURNITURE = "furniture", _("furniture")
    SCHOOL = "school", _("school and learning materials")
    ELECTRONICS = "electronics", _("telephones and computers")
    TOOLS = "tools", _("tools for a livelihood")
    MEDICAL = "medical", _("medical supplies")
    TRANSPORT = "transport", _("transport")
    REPAIR = "repair", _("building and repair")
    CATERING = "catering", _("catering")
    INTERPRETING = "interpreting", _("interpreting and translation")
    LEGAL = "legal", _("legal advice")
    HEALTH_CARE = "health_care", _("health care")
    COUNSELLING = "counselling", _("counselling")
    TEACHING = "teaching", _("teaching and vocational training")
    COMPUTING = "computing", _("computing and design")
    OFFICE = "office", _("office and accounting")
    COMPANY = "company", _("accompanying and leisure")
    HELPING = "helping", _("sorting, packing, cleaning")
    ROOMS = "rooms", _("rooms for meetings and classes")
    BEDS = "beds", _("places to stay")
    WORKPLACES = "workplaces", _("work and training places")
    STORAGE = "storage", _("storage")
    FUND = "fund", _("money for a named purpose")
    OTHER = "other", _("other")


ITEMS_OF: dict[str, tuple[Item, ...]] = {
    Kind.GOODS: (Item.BEDDING, Item.CLOTHING, Item.HYGIENE, Item.FOOD, Item.KITCHEN, Item.FURNITURE, Item.SCHOOL, Item.ELECTRONICS, Item.TOOLS,
                 Item.MEDICAL, Item.OTHER),
    Kind.SERVICE: (Item.TRANSPORT, Item.REPAIR, Item.CATERING, Item.INTERPRETING, Item.LEGAL, Item.HEALTH_CARE, Item.OTHER),
    Kind.SKILL: (Item.INTERPRETING, Item.LEGAL, Item.HEALTH_CARE, Item.COUNSELLING, Item.TEACHING, Item.COMPUTING, Item.OFFICE, Item.REPAIR, Item.OTHER),
    Kind.TIME: (Item.COMPANY, Item.HELPING, Item.TEACHING, Item.TRANSPORT, Item.CATERING, Item.OFFICE, Item.OTHER),
    Kind.PLACE: (Item.ROOMS, Item.BEDS, Item.WORKPLACES, Item.STORAGE, Item.OTHER),
    Kind.CASH: (Item.FUND,),
}  # fmt: skip
UNITS_OF: dict[str, tuple[Unit, ...]] = {
    Kind.GOODS: (Unit.PIECE, Unit.DOZEN, Unit.PAIR, Unit.SET, Unit.GRAM, Unit.KILOGRAM, Unit.TONNE, Unit.LITRE, Unit.METRE),
    Kind.SERVICE: (Unit.HOUR, Unit.DAY, Unit.PIECE),
    Kind.SKILL: (Unit.HOUR, Unit.DAY),
    Kind.TIME: (Unit.HOUR, Unit.DAY),
    Kind.PLACE: (Unit.PLACE, Unit.NIGHT, Unit.DAY),
    Kind.CASH: (Unit.BAHT,),
}


class Urgency(IntegerChoices):
    """How soon it is needed; 4 is the most urgent."""

    SOMEDAY = 1, _("whenever it comes")
    SOON = 2, _("in the coming weeks")
    URGENT = 3, _("this week")
    AT_ONCE = 4, _("today or tomorrow")


class Tier(IntegerChoices):
    """How well a donor is known. Only the highest may meet survivors, and only while every check is valid."""

    UNKNOWN = 0, _("not checked")
    KNOWN = 1, _("identity seen")
    REFERRED = 2, _("references asked")
    CLEARED = 3, _("cleared to meet survivors")


class DonorKind(TextChoices):
    """Who offers."""

    PERSON = "person", _("a person")
    ORGANISATION = "organisation", _("an organisation or company")


class Check(TextChoices):
    """What is checked before somebody may meet survivors; each check runs out."""

    IDENTITY = "identity", _("identity seen in the original")
    REFERENCES = "references", _("two references asked")
    RECORD = "record", _("criminal record certificate seen")
    CONDUCT = "conduct", _("code of conduct signed")
    TRAINING = "training", _("safeguarding training done")
    INTERVIEW = "interview", _("interview held")


NEEDED_CHECKS: dict[int, frozenset[Check]] = {
    Tier.UNKNOWN: frozenset(),
    Tier.KNOWN: frozenset({Check.IDENTITY}),
    Tier.REFERRED: frozenset({Check.IDENTITY, Check.REFERENCES}),
    Tier.CLEARED: frozenset(Check),
}
VALID_DAYS: dict[str, int] = {
    Check.IDENTITY: 1825, Check.REFERENCES: 730, Check.RECORD: 365, Check.CONDUCT: 730, Check.TRAINING: 730, Check.INTERVIEW: 730,
}  # fmt: skip


class Result(TextChoices):
    """What a check found."""

    PASSED = "passed", _("nothing speaks against it")
    FAILED = "failed", _("something speaks against it")


class Question(TextChoices):
    """The check list of the safety review: each must be answered yes before a need or a campaign is public."""

    NO_PERSON = "no_person", _("It describes no single person: no age, origin, story or illness of one.")
    NO_PLACE = "no_place", _("It tells no place nearer than the province, and no way to a shelter.")
    ALIAS = "alias", _("The alias leads to no house, also for somebody who knows the neighbourhood.")
    NO_TIME = "no_time", _("It gives away no arrival, departure or number of people in a house.")
    FITTING = "fitting", _("What is asked for is needed, and its amount can be so.")
    PICTURE = "picture", _("Pictures, if any, show no survivor, no house and no street.")


class Condition(TextChoices):
    """In which condition something arrived."""

    GOOD = "good", _("good")
    USABLE = "usable", _("used but sound")
    PARTLY = "partly", _("partly damaged")
    UNFIT = "unfit", _("unfit")


class Why(TextChoices):
    """Why something did not come about."""

    NOT_FITTING = "not_fitting", _("It does not fit what is needed.")
    TOO_FAR = "too_far", _("The way is too far.")
    TOO_LATE = "too_late", _("It would come too late.")
    NOT_NOW = "not_now", _("It cannot be taken in now.")
    UNSAFE = "unsafe", _("It would not be safe.")
    DONOR = "donor", _("The donor takes it back.")
    NOT_BROUGHT = "not_brought", _("It was not brought.")
    UNFIT = "unfit", _("It arrived unfit.")
    NO_ANSWER = "no_answer", _("The donor could not be reached.")
    NO_LONGER = "no_longer", _("It is no longer needed.")
    TIME = "time", _("Its time ran out.")
