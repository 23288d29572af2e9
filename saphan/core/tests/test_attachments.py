"""Files that come from outside: what is kept, what is refused, what nobody can read (R9)."""

import io
import os
import zipfile
import zlib
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from types import MappingProxyType
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile, UploadedFile
from django.db import transaction
from PIL import Image

from saphan.core import attachments, scanner
from saphan.core.attachments import accept_upload, attachment_response, destroy_attachments, open_attachment, path_of, sweep
from saphan.core.errors import Invalid, WrongState
from saphan.core.inspection import pictures
from saphan.core.models import Attachment
from saphan.core.outbox import run_once
from saphan.core.scanner import Finding
from saphan.core.sealing import Broken, KeyMissing, share_keys, unseal
from tests.growth import TIMES, grows_evenly

NOON = datetime(2026, 11, 23, 5, 0, tzinfo=UTC)
pytestmark = pytest.mark.django_db
GPS = "CANARY-GPS-13.7563"


@pytest.fixture
def accept(org):
    def send(name: str, content: bytes, **options) -> Attachment:
        file = SimpleUploadedFile(name, content)
        return accept_upload(file, scope=options.pop("scope", uuid4()), sensitivity="identity", org=org, by_id=uuid4(), at=NOON)

    return send


def refused(accept, name: str, content: bytes) -> str:
    with pytest.raises(Invalid) as why:
        accept(name, content)
    assert not Attachment.objects.exists()
    return why.value.sentence


def picture(format_: str, size=(40, 20), **options) -> bytes:
    out = io.BytesIO()
    image = Image.new("RGB", size, "white")
    image.putpixel((0, 0), (255, 0, 0))
    image.save(out, format_, **options)
    return out.getvalue()


def exif(orientation: int = 1) -> Image.Exif:
    tags = Image.Exif()
    tags[0x0112], tags[0x010E] = orientation, GPS
    tags.get_ifd(0x8825)[29] = GPS
    return tags


def pdf(body: bytes = b"") -> bytes:
    return b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog >>\nendobj\n" + body + b"\ntrailer\n<< /Root 1 0 R >>\n%%EOF\n"


def stream(content: bytes, header: bytes = b"/Filter /FlateDecode") -> bytes:
    packed = zlib.compress(content)
    return b"2 0 obj\n<< " + header + b" /Length %d >>\nstream\r\n" % len(packed) + packed + b"\nendstream\nendobj"


TYPES = '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Override PartName="/{part}" ContentType="application/vnd.openxmlformats-officedocument.{type}"/></Types>'
RELS = '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" Type="http://x/{kind}" Target="http://x.example/" TargetMode="{mode}"/></Relationships>'


def office(kind: str = "docx", types: str = "", parts: Mapping[str, str | bytes] = MappingProxyType({})) -> bytes:
    main, type_ = {
        "docx": ("word/document.xml", "wordprocessingml.document.main+xml"),
        "xlsx": ("xl/workbook.xml", "spreadsheetml.sheet.main+xml"),
    }[kind]
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("[Content_Types].xml", types or TYPES.format(part=main, type=type_))
        package.writestr(main, "<x/>")
        for name, content in parts.items():
            package.writestr(name, content)
    return out.getvalue()


GOOD = {
    "a.pdf": pdf(stream(b"BT (hello) Tj ET")), "a.PDF": pdf(), "a.jpg": picture("JPEG"), "a.jpeg": picture("JPEG"), "a.png": picture("PNG"), "a.webp": picture("WEBP"),
    "a.txt": "บันทึก\n".encode(), "a.csv": "ชื่อ,จังหวัด\n".encode(), "a.docx": office("docx"), "a.xlsx": office("xlsx"),
}  # fmt: skip


@pytest.mark.parametrize("name", GOOD)
def test_a_good_file_is_kept_and_comes_back(accept, org, name):
    attachment = accept(name, GOOD[name])
    content = open_attachment(attachment, org=org)
    assert attachment.state == "unscanned"
    assert len(content) == attachment.size
    if not name.endswith(("jpg", "jpeg", "png", "webp")):
        assert content == GOOD[name]


def test_nothing_of_it_can_be_read_on_the_disk(accept, org, settings):
    attachment = accept("CANARY-name.txt", b"CANARY-content")
    stored = [file for file in settings.ATTACHMENTS.rglob("*") if file.is_file()]
    assert stored == [path_of(attachment)]
    assert "CANARY" not in str(stored[0])
    assert b"CANARY" not in stored[0].read_bytes()
    assert oct(stored[0].stat().st_mode & 0o777) == "0o600"
    assert unseal(attachment, "name", org=org) == {"name": "CANARY-name.txt"}


def test_a_partner_opens_it_only_with_the_shared_key(accept, org, partner):
    attachment = accept("a.txt", b"text")
    with pytest.raises(KeyMissing):
        open_attachment(attachment, org=partner)
    share_keys(attachment.scope, ["identity"], from_org=org, to_org=partner)
    assert open_attachment(attachment, org=partner) == b"text"
    assert unseal(attachment, "name", org=partner) == {"name": "a.txt"}


def test_files_swapped_on_the_disk_do_not_open(accept, org):
    scope = uuid4()
    first, second = accept("a.txt", b"one", scope=scope), accept("b.txt", b"two", scope=scope)
    path_of(second).write_bytes(path_of(first).read_bytes())
    with pytest.raises(Broken):
        open_attachment(second, org=org)
    path_of(first).unlink()
    with pytest.raises(Broken):
        open_attachment(first, org=org)


def test_the_download_is_a_download_and_nothing_else(accept, org):
    attachment = accept("ชื่อผู้เสียหาย.pdf", pdf())
    response = attachment_response(attachment, open_attachment(attachment, org=org))
    assert response["Content-Disposition"] == f'attachment; filename="{attachment.reference}.pdf"'
    assert response["Content-Type"] == "application/pdf"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Content-Security-Policy"].startswith("sandbox")
    assert "no-store" in response["Cache-Control"]


@pytest.mark.parametrize("name", ["a.svg", "a.html", "a.gif", "a.exe", "a.zip", "a.docm", "a.pdf.exe", "a", "", "pdf", "a.heic"])
def test_what_is_not_on_the_list_is_refused(accept, name):
    file = io.BytesIO(b"x")
    with pytest.raises(Invalid):
        accept_upload(UploadedFile(file, name or None, size=1), scope=uuid4(), sensitivity="identity", org=uuid4(), by_id=uuid4(), at=NOON)


SVG = b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>"
BAD = {
    "svg as png": ("a.png", SVG),
    "svg as text": ("a.txt", SVG),
    "html as text": ("a.txt", b"  <!DOCTYPE html><script>alert(1)</script>"),
    "gif with html": ("a.jpg", b"GIF89a/*<script>alert(1)</script>*/"),
    "gif as text": ("a.txt", b"GIF89a=1;alert(1)"),
    "png as jpg": ("a.jpg", picture("PNG")),
    "jpg as pdf": ("a.pdf", picture("JPEG")),
    "text with nul": ("a.txt", b"a\0b"),
    "no text": ("a.csv", bytes(range(128, 256))),
    "cut picture": ("a.png", picture("PNG")[:60]),
    "pdf with zip behind": ("a.pdf", pdf() + office()),
    "zip in front of pdf": ("a.pdf", office() + pdf()),
    "pdf in a zip": ("a.docx", office() + pdf()),
    "zip as docx": ("a.docx", b"PK\x03\x04rubbish"),
    "xlsx as docx": ("a.docx", office("xlsx")),
    "empty": ("a.txt", b""),
}


@pytest.mark.parametrize("what", BAD)
def test_what_is_not_what_it_says_is_refused(accept, what):
    assert refused(accept, *BAD[what])


def test_a_zip_behind_a_picture_is_left_behind(accept, org):
    hidden = office()
    content = open_attachment(accept("a.png", picture("PNG") + hidden), org=org)
    assert b"PK" not in content
    assert Image.open(io.BytesIO(content)).getpixel((0, 0)) == (255, 0, 0)


@pytest.mark.parametrize(("name", "format_"), [("a.jpg", "JPEG"), ("a.png", "PNG"), ("a.webp", "WEBP")])
def test_place_and_device_are_left_behind_and_the_picture_stands_upright(accept, org, name, format_):
    original = picture(format_, exif=exif(orientation=6))
    assert GPS.encode() in original
    content = open_attachment(accept(name, original), org=org)
    assert GPS.encode() not in content
    kept = Image.open(io.BytesIO(content))
    assert kept.size == (20, 40)
    assert not dict(kept.getexif())


def test_comments_and_profiles_are_left_behind(accept, org):
    content = open_attachment(accept("a.jpg", picture("JPEG", comment=GPS.encode(), icc_profile=GPS.encode() * 10)), org=org)
    assert GPS.encode() not in content


def test_a_see_through_picture_stays_see_through(accept, org):
    out = io.BytesIO()
    Image.new("RGBA", (4, 4), (0, 0, 255, 0)).save(out, "PNG")
    assert Image.open(io.BytesIO(open_attachment(accept("a.png", out.getvalue()), org=org))).getchannel("A").getpixel((0, 0)) == 0


def test_a_picture_with_too_many_pixels_is_refused_before_it_is_drawn(accept, monkeypatch):
    monkeypatch.setattr(pictures, "PIXELS_AT_MOST", 799)
    assert "40 million" in refused(accept, "a.png", picture("PNG"))
    header = picture("PNG")
    huge = bytearray(header)
    huge[16:24] = (60000).to_bytes(4, "big") * 2
    huge[29:33] = zlib.crc32(bytes(huge[12:29])).to_bytes(4, "big")
    assert refused(accept, "a.png", bytes(huge))


def test_a_moving_picture_is_refused(accept):
    out = io.BytesIO()
    frames = [Image.new("RGB", (4, 4), c) for c in ("red", "blue", "green")]
    frames[0].save(out, "PNG", save_all=True, append_images=frames[1:])
    assert "moving" in refused(accept, "a.png", out.getvalue())


def test_a_pdf_of_countless_streams_is_refused_and_takes_no_more_time_than_its_length_explains(accept):
    assert grows_evenly(lambda times: refused(accept, "a.pdf", pdf(b"stream\n" * times)), 400_000 // TIMES)
    assert "unusual" in refused(accept, "a.pdf", pdf(b"stream\n" * 1_400_000))


def test_a_pdf_with_a_plain_stream_of_objects_is_kept(accept):
    assert accept(
        "a.pdf", pdf(stream(b"<< /Type /Page >>", b"/Type /ObjStm /N 1 /First 4 /Filter /FlateDecode") + b"\n3 0 obj\n<< /OpenAction [1 0 R /Fit] >>")
    )


def test_a_picture_of_a_telephone_keeps_its_first_picture(accept, org):
    out = io.BytesIO()
    Image.new("RGB", (8, 4), "red").save(out, "MPO", save_all=True, append_images=[Image.new("RGB", (4, 4), "blue")])
    assert Image.open(io.BytesIO(open_attachment(accept("a.jpg", out.getvalue()), org=org))).size == (8, 4)


def test_too_large_is_refused_by_the_declared_and_by_the_counted_size(accept, org, monkeypatch):
    monkeypatch.setattr(attachments, "BYTES_AT_MOST", 100)
    assert "too large" in refused(accept, "a.txt", b"x" * 101)
    liar = UploadedFile(io.BytesIO(b"x" * 101), "a.txt", size=5)
    with pytest.raises(Invalid):
        accept_upload(liar, scope=uuid4(), sensitivity="identity", org=org, by_id=uuid4(), at=NOON)
    assert accept("a.txt", b"x" * 100).size == 100


ACTS = {
    "script": pdf(b"<< /S /JavaScript /JS (app.alert(1)) >>"),
    "hidden name": pdf(b"<< /S /J#61vaScript /JS (app.alert(1)) >>"),
    "launch": pdf(b"<< /S /Launch /F (cmd.exe) >>"),
    "embedded": pdf(b"<< /Names << /EmbeddedFiles 5 0 R >> >>"),
    "packed script": pdf(stream(b"<< /S /JavaScript >>", b"/Type /ObjStm /Filter /FlateDecode")),
    "packed hidden script": pdf(stream(b" " * 2_000_000 + b"<< /S /Java#53cript >>", b"/Type /Obj#53tm /Filter /FlateDecode")),
    "script across the cut": pdf(stream(b" " * (1024 * 1024 - 5) + b"/JavaScript ")),
    "predictor": pdf(stream(b"x", b"/Type /ObjStm /Filter /FlateDecode /DecodeParms << /Predictor 12 >>")),
    "packed twice": pdf(stream(zlib.compress(b"/JavaScript"), b"/Type /ObjStm /Filter [/FlateDecode /FlateDecode]")),
    "filter elsewhere": pdf(stream(b"x", b"/Type /ObjStm /Filter 9 0 R")),
    "form of the other kind": pdf(b"<< /XFA [(a) 1 0 R] >>"),
    "odd line end": pdf(stream(b"/JavaScript ", b"/Type /ObjStm /Filter /FlateDecode").replace(b"stream\r\n", b"stream \r")),
    "odd filter": pdf(stream(b"x", b"/Type /ObjStm /Filter [/ASCIIHexDecode /FlateDecode]")),
    "locked": pdf(b"<< /Encrypt 4 0 R >>"),
}


@pytest.mark.parametrize("what", ACTS)
def test_a_pdf_that_acts_or_hides_is_refused(accept, what):
    assert refused(accept, "a.pdf", ACTS[what])


def test_a_pdf_bomb_is_refused(accept, monkeypatch):
    monkeypatch.setattr("saphan.core.inspection.pdf.UNPACKED_AT_MOST", 3_000_000)
    assert "unpacks" in refused(accept, "a.pdf", pdf(stream(b" " * 4_000_000)))


OFFICE = {
    "macro": office(parts={"word/vbaProject.bin": b"x"}),
    "macro type": office(types=TYPES.format(part="word/document.xml", type="x").replace("x+xml", "macroEnabled")),
    "object": office(parts={"word/embeddings/o.bin": b"x"}),
    "control": office(parts={"word/activeX/a.xml": b"x"}),
    "template from outside": office(parts={"word/_rels/document.xml.rels": RELS.format(kind="attachedTemplate", mode="External")}),
    "picture from outside": office(parts={"word/_rels/document.xml.rels": RELS.format(kind="image", mode="&#69;xternal")}),
    "entity": office(parts={"word/_rels/d.rels": '<!DOCTYPE x [<!ENTITY a "b">]><x/>'}),
    "traversal": office(parts={"../../etc/passwd": b"x"}),
}


@pytest.mark.parametrize("what", OFFICE)
def test_a_document_that_acts_is_refused(accept, what):
    assert refused(accept, "a.docx", OFFICE[what])


def test_a_link_in_a_document_is_no_harm(accept):
    assert accept("a.docx", office(parts={"word/_rels/document.xml.rels": RELS.format(kind="hyperlink", mode="External")}))


def test_a_zip_bomb_is_refused_by_what_comes_out(accept, monkeypatch):
    monkeypatch.setattr("saphan.core.inspection.office.UNPACKED_AT_MOST", 1_000_000)
    bomb = office(parts={"word/media/a.png": b"\0" * 1_100_000})
    assert "unpacks" in refused(accept, "a.docx", bomb)
    lie = bytearray(bomb)
    at = lie.rfind(b"PK\x01\x02")
    lie[at + 24 : at + 28] = (10).to_bytes(4, "little")
    assert refused(accept, "a.docx", bytes(lie))


def test_an_old_thai_text_becomes_utf8(accept, org):
    assert open_attachment(accept("a.txt", "สวัสดี".encode("cp874")), org=org).decode() == "สวัสดี"
    assert open_attachment(accept("b.csv", "ชื่อ\t1\r\n".encode("utf-16")), org=org).decode() == "ชื่อ\t1\r\n"


def test_the_name_is_a_name_and_no_path(accept, org):
    attachment = accept("x.txt", b"x")
    assert attachments._clean_name("..\\..\\etc/pass\u202etxt.\u200bpdf\n") == "passtxt.pdf"
    assert unseal(attachment, "name", org=org) == {"name": "x.txt"}


def test_a_clean_scan_is_said_and_an_infected_file_is_not_kept(accept, monkeypatch, settings):
    monkeypatch.setattr(scanner, "scan", lambda content: Finding.CLEAN)
    assert accept("a.txt", b"x").state == "clean"
    Attachment.objects.all().delete()
    monkeypatch.setattr(scanner, "scan", lambda content: Finding.INFECTED)
    assert "scanner" in refused(accept, "a.txt", b"x")


@pytest.mark.parametrize(("later", "state"), [(Finding.CLEAN, "clean"), (Finding.INFECTED, "refused"), (Finding.ABSENT, "unscanned")])
def test_a_silent_scanner_leaves_the_file_in_quarantine_until_it_speaks(accept, org, monkeypatch, later, state, django_capture_on_commit_callbacks):
    monkeypatch.setattr(scanner, "scan", lambda content: Finding.SILENT)
    attachment = accept("a.txt", b"x")
    assert attachment.state == "quarantined"
    with pytest.raises(WrongState):
        open_attachment(attachment, org=org)
    with pytest.raises(attachments.ScannerSilent):
        attachments.scan_again({"id": str(attachment.pk)}, key="k")
    monkeypatch.setattr(scanner, "scan", lambda content: later)
    with django_capture_on_commit_callbacks(execute=True):
        assert run_once() == 1
    attachment.refresh_from_db()
    assert attachment.state == state
    assert path_of(attachment).exists() is (state != "refused")
    if state == "refused":
        with pytest.raises(WrongState):
            open_attachment(attachment, org=org)


def test_a_file_of_an_act_that_was_taken_back_is_swept_after_a_day(accept, settings):
    with transaction.atomic():
        orphan = accept("a.txt", b"x")
        transaction.set_rollback(True)
    kept = accept("b.txt", b"y")
    at = datetime.now(UTC)
    assert sweep(at).removed == 0
    os.utime(path_of(orphan), ((at - timedelta(days=2)).timestamp(),) * 2)
    os.utime(path_of(kept), ((at - timedelta(days=2)).timestamp(),) * 2)
    found = sweep(at)
    assert (found.removed, found.missing) == (1, [])
    assert path_of(kept).exists()
    path_of(kept).unlink()
    assert sweep(at).missing == [kept.pk]


def test_the_files_of_an_erased_scope_go(accept, django_capture_on_commit_callbacks):
    attachment = accept("a.txt", b"x")
    with django_capture_on_commit_callbacks(execute=True):
        assert destroy_attachments(attachment.scope) == 1
    assert not path_of(attachment).exists()
    assert not Attachment.objects.exists()
