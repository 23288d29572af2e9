import os
import time
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from saphan.audit.models import AuditEvent
from saphan.core import scanner
from saphan.core.errors import Invalid, NotFound
from saphan.core.scanner import Finding
from saphan.portal.library import services
from saphan.portal.library.models import FileText, StoredFile
from saphan.portal.library.services import destroy, path_of, receive, sweep
from saphan.portal.library.tests import papers
from tests.people import NOON

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def own_folder(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


def sent(content, name="paper.pdf"):
    return receive(SimpleUploadedFile(name, content), NOON)


def refusal(content, name="paper.pdf"):
    with pytest.raises(Invalid) as fault:
        sent(content, name)
    return fault.value.sentence


def test_a_file_is_kept_as_it_came_with_its_words_and_its_cover():
    content = papers.pdf("Words of a paper", pages=2)
    stored = sent(content)
    assert path_of(stored.pk, "pdf").read_bytes() == content
    assert (stored.kind, stored.size, stored.pages, stored.has_cover, stored.partly) == ("pdf", len(content), 2, True, False)
    assert FileText.objects.get(file=stored).text == "Words of a paper\nWords of a paper"
    assert path_of(stored.pk, "webp").read_bytes().startswith(b"RIFF")


def test_the_same_bytes_are_the_same_file_whatever_their_name():
    content = papers.word("hello")
    assert sent(content, "a.docx") == sent(content, "B.DOCX")
    assert StoredFile.objects.count() == 1


@pytest.mark.parametrize(
    ("name", "make", "reason"),
    [
        ("paper.exe", lambda: b"MZ", "PDF and Word"),
        ("paper", lambda: b"x", "PDF and Word"),
        ("paper.pdf.svg", lambda: b"<svg/>", "PDF and Word"),
        ("paper.doc", lambda: b"\xd0\xcf\x11\xe0", "PDF and Word"),
        ("paper.pdf", lambda: b"x" + papers.pdf("hello"), "no sound PDF"),
        ("paper.pdf", lambda: papers.word("hello"), "no sound PDF"),
        ("paper.docx", lambda: papers.pdf("hello"), "cannot be opened"),
        ("paper.pdf", papers.with_script, "scripts"),
        ("paper.pdf", papers.with_archive, "no sound PDF"),
        ("paper.docx", papers.with_macro, "macros"),
        ("paper.docx", papers.bomb, "unpacks"),
        ("paper.pdf", lambda: papers.pdf("hello")[:-200] + b"%%EOF", ""),
    ],
)
def test_what_may_not_be_kept_is_refused_with_the_reason(name, make, reason):
    assert reason in refusal(make(), name)
    assert not StoredFile.objects.exists()
    assert list(services._stored_paths()) == []


def test_too_much_and_nothing_are_refused(monkeypatch):
    assert "empty" in refusal(b"")
    monkeypatch.setattr(services, "BYTES_AT_MOST", 100)
    assert "too large" in refusal(papers.pdf("hello"))


@pytest.mark.parametrize(("finding", "reason"), [(Finding.INFECTED, "found something"), (Finding.SILENT, "no answer")])
def test_the_scanner_is_asked_and_heard(monkeypatch, finding, reason):
    monkeypatch.setattr(scanner, "scan", lambda _content: finding)
    assert reason in refusal(papers.pdf("hello"))


def test_what_a_crash_leaves_behind_is_swept_after_a_day_and_nothing_else():
    kept = sent(papers.pdf("kept"))
    left = path_of("0" * 64, "pdf")
    left.parent.mkdir(parents=True, exist_ok=True)
    left.write_bytes(b"x")
    now = NOON.fromtimestamp(time.time(), tz=NOON.tzinfo)
    assert sweep(now).removed == 0
    old = time.time() - timedelta(days=2).total_seconds()
    for file in services._stored_paths():
        os.utime(file, (old, old))
    assert sweep(now).removed == 1
    assert path_of(kept.pk, "pdf").exists()
    assert path_of(kept.pk, "webp").exists()


def test_the_check_names_files_that_are_gone_or_changed():
    first, second = sent(papers.pdf("first")), sent(papers.pdf("second"))
    assert sweep(NOON, deeply=True).whole
    path_of(first.pk, "pdf").unlink()
    path_of(second.pk, "pdf").write_bytes(b"other")
    found = sweep(NOON, deeply=True)
    assert (found.missing, found.changed) == ([first.pk], [second.pk])


def test_a_destroyed_file_is_gone_with_its_words_and_never_comes_back(django_capture_on_commit_callbacks):
    content = papers.pdf("who she is")
    stored = sent(content)
    with django_capture_on_commit_callbacks(execute=True):
        destroy(digest=stored.pk[:12], at=NOON)
    assert not path_of(stored.pk, "pdf").exists()
    assert not path_of(stored.pk, "webp").exists()
    assert not FileText.objects.exists()
    assert "destroyed" in refusal(content)
    event = AuditEvent.objects.latest("pk")
    assert (event.action, event.target_id) == ("library:destroy", stored.pk)


@pytest.mark.parametrize("name", ["", "abc", "0" * 12, "%"])
def test_only_a_file_that_exists_is_destroyed(name):
    sent(papers.pdf("stays"))
    with pytest.raises(NotFound):
        destroy(digest=name, at=NOON)


def test_the_commands_speak_and_answer_with_their_exit_code():
    from typer.testing import CliRunner

    from saphan.portal.library.commands import library

    stored = sent(papers.pdf("hello"))
    runner = CliRunner()
    assert runner.invoke(library, ["check"]).exit_code == 0
    path_of(stored.pk, "pdf").unlink()
    assert runner.invoke(library, ["check", "--json"]).exit_code == 1
    assert runner.invoke(library, ["destroy", "0" * 12, "--yes"]).exit_code == 2
    assert runner.invoke(library, ["destroy", stored.pk[:12]], input="n\n").exit_code == 1
    assert runner.invoke(library, ["destroy", stored.pk[:12], "--yes"]).exit_code == 0
    assert runner.invoke(library, ["check"]).exit_code == 0
