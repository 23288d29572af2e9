"""What procedures call things is said in the reader's language; a name that the catalogue does not know stays the name as words."""

from pathlib import Path

import pytest
from django.conf import settings
from django.urls import reverse
from django.utils import translation

from saphan.access.roles import Role
from saphan.access.seeds import People
from saphan.agreements.following.kept import shipped
from saphan.agreements.following.models import Binding
from saphan.agreements.following.names import catalogues, named
from saphan.agreements.procedures.compiling import Compiled, compile_procedure
from saphan.agreements.procedures.loading import load_file
from saphan.agreements.seeds import SAMPLE
from saphan.directory.models import Organisation
from tests.people import client_of

FILES = sorted((Path(settings.PACKAGE).parent / "seeds" / "reference" / "procedures").glob("*.yaml"))


RETIRED = {"th/referral": {"birth_year"}}  # of versions no longer shipped, which cases under way may follow


def names_of(found: Compiled) -> set[str]:
    procedure = found.procedure
    fields = {name for group in procedure.fields.values() for name in group}
    sayings = {block.say for article in procedure.articles for block in article.block}
    return {
        *found.stages, *procedure.roles, *found.checks, *found.consents, *found.documents, *found.messages, *found.promises, *procedure.facts,
        *fields, *sayings,
    }  # fmt: skip


@pytest.mark.parametrize("file", [*FILES, SAMPLE], ids=lambda file: file.parent.name + "/" + file.stem)
def test_everything_in_a_shipped_procedure_has_a_name_in_english_and_thai(file: Path) -> None:
    found = compile_procedure(load_file(file).procedure)
    catalogue = catalogues()[found.procedure.id]
    assert names_of(found) <= set(catalogue.names)
    for name, told in catalogue.names.items():
        assert set(told) >= {"en", "th"}, name
        assert told["th"] != told["en"], name


def test_the_catalogues_name_nothing_that_does_not_exist() -> None:
    shipped_ones = [compile_procedure(load_file(file).procedure) for file in FILES]
    assert set(catalogues()) == {found.procedure.id for found in shipped_ones}
    for identity, catalogue in catalogues().items():
        own = [found for found in shipped_ones if found.procedure.id == identity]  # perhaps in several versions
        assert set(catalogue.names) - RETIRED.get(identity, set()) == set().union(*map(names_of, own))
        assert set(catalogue.offices) == {role for found in own for rule in found.departures for role in rule.clause.approve}
        for who in catalogue.offices.values():
            assert who.kinds <= set(Organisation.Kind.values)
            assert who.roles <= set(Role.values)


def test_a_name_is_said_in_the_readers_language_else_in_english_else_as_words() -> None:
    identity = shipped("th-identification").procedure.id
    with translation.override("th"):
        assert named("wishes_written_down", identity) == "บันทึกความประสงค์แล้ว"
        assert named("never_heard_of", identity) == "never heard of"
        assert named("wishes_written_down", "th/other") == "wishes written down"
    with translation.override("km"):
        assert named("ob_rights", identity) == "tell of compensation and legal aid"


@pytest.mark.django_db
def test_the_page_of_a_case_is_in_thai_for_a_thai_reader(people: People, binding: Binding) -> None:
    with translation.override("th"):
        client = client_of(people.owner)
        client.cookies[settings.LANGUAGE_COOKIE_NAME] = "th"
        page = client.get(reverse("following:procedure", args=[binding.pk])).content.decode()
    for english in ("rights explained", "tracing", "look for family", "case officer"):
        assert english not in page.replace("case_officer", ""), english
    assert "อธิบายสิทธิแล้ว" in page
