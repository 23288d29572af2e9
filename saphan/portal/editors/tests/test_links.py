"""Links that lead nowhere are told; other sites are asked only with leave, slowly, and never inside of the own network."""

import http.server
import json
import threading
from datetime import timedelta

import pytest
from django.core.files.base import ContentFile
from django.urls import reverse
from typer.testing import CliRunner
from wagtail.contrib.redirects.models import Redirect
from wagtail.documents.models import Document

from saphan.core import clock
from saphan.core.upkeep import CHORES
from saphan.portal.editors import asking
from saphan.portal.editors.asking import Answer, answer_of, ask_a_few, ask_due, head, keep_the_list
from saphan.portal.editors.commands import site
from saphan.portal.editors.links import broken_links, links
from saphan.portal.editors.models import OutsideLink
from saphan.portal.editors.tests.writing import draft, public
from tests.people import client_of

pytestmark = pytest.mark.django_db
OUT = "https://other.example/page"


def faults(page):
    return [(b.link.address or b.link.page_id or b.link.document_id, b.fault) for b in broken_links() if b.link.on_page == page.pk]


def test_the_demonstration_has_no_broken_link(portal):
    assert [(b.link.page_title, b.link.address, b.fault) for b in broken_links()] == []
    assert len(list(links())) > 10


def test_pages_that_are_gone_or_not_public_are_told(portal, editor):
    hidden = draft(by=editor, title="Hidden")
    page = public(title="Links", body=f'<p><a linktype="page" id="{hidden.pk}">a</a> <a linktype="page" id="999999">b</a></p>')
    assert faults(page) == [(hidden.pk, "page not public"), (999999, "page gone")]


def test_documents_that_are_gone_or_have_lost_their_file_are_told(portal, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    there = Document.objects.create(title="Law", file=ContentFile(b"x", name="law.pdf"))
    lost = Document.objects.create(title="Lost", file=ContentFile(b"x", name="lost.pdf"))
    lost.file.storage.delete(lost.file.name)
    body = "".join(f'<a linktype="document" id="{pk}">x</a>' for pk in (there.pk, lost.pk, 999999))
    assert faults(public(title="Links", body=f"<p>{body}</p>")) == [(lost.pk, "file gone"), (999999, "document gone")]


def test_written_addresses_of_this_site_are_looked_up(portal, settings):
    Redirect.add_redirect("/en/once/", "/en/about/")
    wanted = ["/en/about/", "/en/about", "/en/once/", "/en/search/?q=x", "/th/", f"{settings.SITE_URL}/en/help/#a"]
    wrong = ["/en/nowhere/", f"{settings.SITE_URL}/en/gone/", "/xx/"]
    page = public(title="Links", body="<p>" + "".join(f'<a href="{a}">x</a>' for a in [*wanted, *wrong]) + "</p>")
    assert faults(page) == [(address, "no such address") for address in wrong]


def test_the_report_is_a_screen_and_a_table_that_starts_no_formula(portal, editor):
    public(title="=HYPERLINK(1)", body='<p><a href="/en/nowhere/">x</a></p>')
    client = client_of(editor)
    shown = client.get(reverse("editors:links")).content.decode()
    assert "/en/nowhere/" in shown
    assert "operator has not allowed it" in shown
    table = client.get(reverse("editors:links"), {"export": "csv"})
    assert table["Content-Type"].startswith("text/csv")
    assert "'=HYPERLINK(1)" in table.content.decode("utf-8-sig")


def test_the_command_tells_the_same_and_its_exit_code_says_whether_there_are_any(portal, settings):
    run = CliRunner().invoke
    assert run(site, ["links"]).exit_code == 0
    public(title="Links", body='<p><a href="/en/nowhere/">x</a></p>')
    told = run(site, ["links", "--json"])
    assert told.exit_code == 1
    assert json.loads(told.output)["broken"][0]["fault"] == "no such address"
    assert "/en/nowhere/" in run(site, ["links"]).output
    assert run(site, ["links", "--ask"]).exit_code == 2


def test_nobody_outside_is_asked_without_the_operators_leave(portal, monkeypatch):
    monkeypatch.setattr(asking, "head", lambda url: pytest.fail(url))
    public(title="Links", body=f'<p><a href="{OUT}">x</a></p>')
    assert CHORES["links to other sites"](clock.now()) is None
    assert CHORES["addresses of other sites"](clock.now()) is None
    assert not OutsideLink.objects.exists()


def test_each_address_is_asked_once_a_week_a_few_at_a_time_with_pauses(portal, settings):
    settings.CHECK_OUTSIDE_LINKS = True
    OutsideLink.objects.all().delete()
    page = public(title="Links", body="<p>" + "".join(f'<a href="{OUT}{n}">x</a>' for n in range(5)) + "</p>")
    keep_the_list(clock.now())
    mine = OutsideLink.objects.filter(url__startswith=OUT)
    OutsideLink.objects.exclude(pk__in=mine).delete()
    asked: list[str] = []
    pauses: list[float] = []

    def ask(url):
        asked.append(url)
        return Answer(404, "not found") if url.endswith("3") else Answer(200)

    now = clock.now()
    assert [ask_due(now, limit=3, ask=ask, wait=pauses.append) for _ in range(3)] == [3, 2, 0]
    assert sorted(asked) == [f"{OUT}{n}" for n in range(5)]
    assert pauses == [1.0] * 3
    assert faults(page) == [(f"{OUT}3", "not found")]
    assert ask_due(now + timedelta(days=7), ask=ask, wait=pauses.append) == 5
    page.unpublish()
    keep_the_list(now)
    assert not OutsideLink.objects.filter(url__startswith=OUT).exists()


def test_what_an_answer_means():
    assert answer_of(200, "").fault == answer_of(302, "/x").fault == answer_of(403, "").fault == ""
    assert answer_of(410, "").fault == "not found"
    assert answer_of(301, "https://new.example/") == Answer(301, "moved", "https://new.example/")
    assert answer_of(503, "").fault == "no answer"


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1/",
        "http://localhost:8000/cms/",
        "http://10.0.0.1/",
        "http://[::1]/",
        "http://169.254.169.254/",
        "http://user@x.example/",
        "ftp://x/",
    ],
)
def test_the_own_network_is_never_asked(url):
    assert head(url) == Answer(fault="not asked")


def test_head_is_asked_first_and_get_where_it_is_unknown(monkeypatch):
    seen = []

    class Other(http.server.BaseHTTPRequestHandler):
        def do_HEAD(self):
            self.answer(405 if self.path == "/old" else 404)

        def do_GET(self):
            self.answer(200)

        def answer(self, status):
            seen.append((self.command, self.path))
            self.send_response(status)
            self.end_headers()

        def log_message(self, *_args):
            pass

    server = http.server.HTTPServer(("127.0.0.1", 0), Other)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    monkeypatch.setattr("ipaddress.ip_address", lambda _text: type("Public", (), {"is_global": True})())
    base = f"http://127.0.0.1:{server.server_port}"
    assert head(f"{base}/old").status == 200
    assert head(f"{base}/gone?a=ก").fault == "not found"
    assert [method for method, _path in seen] == ["HEAD", "GET", "HEAD"]
    server.shutdown()
    server.server_close()


def test_nothing_due_is_said_as_nothing(portal, settings):
    settings.CHECK_OUTSIDE_LINKS = True
    OutsideLink.objects.all().delete()
    assert ask_a_few(clock.now()) is None
