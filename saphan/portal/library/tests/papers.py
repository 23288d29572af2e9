"""Documents of our own invention in the scripts of the region, sound and unsound, made when a test asks for them."""

import io
import tempfile
import zipfile
from functools import cache
from pathlib import Path

import docx
from fontTools.ttLib import TTFont  # type: ignore[import-untyped]  # carries no types
from fpdf import FPDF

FONTS = Path(__file__).resolve().parents[3] / "static" / "fonts"
SENTENCES = {
    "thai": "ผู้เสียหายถูกยึดหนังสือเดินทาง น้ำดื่มก็ไม่พอ",
    "lao": "ການຄ້າມະນຸດ ແມ່ນອາຊະຍາກຳ ນ້ຳດື່ມບໍ່ພຽງພໍ",
    "khmer": "ការជួញដូរមនុស្ស គឺជាបទល្មើស",
    "myanmar": "လူကုန်ကူးမှု သည် ပြစ်မှုဖြစ်သည်",
}


@cache
def letters(script: str) -> Path:
    """A font of ours as programs outside the browser read it."""
    font = TTFont(FONTS / f"{script}-400.woff2")
    font.flavor = None
    path = Path(tempfile.mkdtemp(prefix="saphan-letters-")) / f"{script}.ttf"
    font.save(path)
    return path


def pdf(text: str, script: str = "latin", *, pages: int = 1) -> bytes:
    """A PDF with the text on each page, its letters set as a typesetter would."""
    paper = FPDF()
    paper.add_font("letters", fname=letters(script))
    paper.set_font("letters", size=14)
    paper.set_text_shaping(True)
    for _number in range(pages):
        paper.add_page()
        paper.multi_cell(0, 10, text)
    return bytes(paper.output())


def scan() -> bytes:
    """A PDF that is only a picture."""
    from PIL import Image

    paper = FPDF()
    paper.add_page()
    paper.image(Image.new("RGB", (40, 60), "white"), x=10, y=10, w=100)
    return bytes(paper.output())


def word(*paragraphs: str, table: tuple[str, ...] = ()) -> bytes:
    """A Word document of paragraphs, with one row of a table at its end."""
    paper = docx.Document()
    for text in paragraphs:
        paper.add_paragraph(text)
    if table:
        row = paper.add_table(rows=1, cols=len(table)).rows[0]
        for cell, text in zip(row.cells, table, strict=True):
            cell.text = text
    out = io.BytesIO()
    paper.save(out)
    return out.getvalue()


def with_script() -> bytes:
    """A PDF that wants to run a program when it is opened."""
    sound = pdf("hello")
    return sound.replace(b"/Type /Catalog", b"/Type /Catalog /OpenAction << /S /JavaScript /JS (app.alert(1)) >>", 1)


def with_archive() -> bytes:
    """A PDF that is an archive as well."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("x.txt", "x")
    return pdf("hello").rstrip() + out.getvalue() + b"\n%%EOF"


def with_macro() -> bytes:
    """A Word document that carries a macro."""
    out = io.BytesIO(word("hello"))
    with zipfile.ZipFile(out, "a") as package:
        package.writestr("word/vbaProject.bin", b"x")
    return out.getvalue()


def bomb() -> bytes:
    """A Word document that unpacks to far more than it weighs."""
    out = io.BytesIO(word("hello"))
    with zipfile.ZipFile(out, "a", zipfile.ZIP_DEFLATED) as package:
        package.writestr("word/media/zeros.bin", b"\0" * (101 * 1024 * 1024))
    return out.getvalue()
