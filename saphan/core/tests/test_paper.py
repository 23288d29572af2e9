"""Printing leaves nothing behind in the process."""

import pytest
from PIL import ImageFile

from saphan.core.paper import printer


def test_a_printer_does_not_make_the_process_take_cut_pictures():
    pytest.importorskip("weasyprint")
    assert printer()("<p>สวัสดี</p>").startswith(b"%PDF")
    assert ImageFile.LOAD_TRUNCATED_IMAGES is False
