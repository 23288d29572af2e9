import pytest

from saphan.directory.models import Country
from saphan.portal.site.seeds import plant


@pytest.fixture
def portal(people):
    """The demonstration's public pages, written by the editor and published by the publisher."""
    names = {"KH": ("Cambodia", "กัมพูชา"), "CN": ("China", "จีน"), "LA": ("Lao PDR", "สปป. ลาว"), "MM": ("Myanmar", "เมียนมา"), "VN": ("Viet Nam", "เวียดนาม")}
    for code, (en, th) in names.items():
        Country.objects.get_or_create(code=code, defaults={"name_en": en, "name_th": th})
    plant(people)
    return people
