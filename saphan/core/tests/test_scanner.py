"""The client of ClamAV's daemon, against a small stand-in that speaks its protocol over a real socket."""

import socket
import struct
import threading
from pathlib import Path

import pytest

from saphan.core import scanner
from saphan.core.scanner import Finding, scan


@pytest.fixture
def clamd(settings, tmp_path):
    """Starts a daemon with this answer; returns what it was sent."""
    received: list[bytes] = []

    def start(answer: bytes) -> list[bytes]:
        path = tmp_path / "c"
        server = socket.socket(socket.AF_UNIX)
        server.bind(str(path))
        server.listen()
        settings.CLAMD_SOCKET = str(path)
        threading.Thread(target=serve, args=(server, answer), daemon=True).start()
        return received

    def serve(server: socket.socket, answer: bytes) -> None:
        line, _ = server.accept()
        with line, line.makefile("rb") as stream:
            assert stream.read(10) == b"zINSTREAM\0"
            content = b""
            while size := struct.unpack("!I", stream.read(4))[0]:
                content += stream.read(size)
            received.append(content)
            for piece in (answer[:5], answer[5:]):
                line.sendall(piece)

    return start


@pytest.mark.parametrize(("answer", "finding"), [
    (b"stream: OK\0", Finding.CLEAN), (b"stream: Eicar-Signature FOUND\0", Finding.INFECTED),
    (b"INSTREAM size limit exceeded. ERROR\0", Finding.SILENT), (b"", Finding.SILENT),
])  # fmt: skip
def test_the_answer_is_understood(clamd, answer, finding):
    received = clamd(answer)
    content = b"x" * (scanner.CHUNK + 7)
    assert scan(content) is finding
    assert received == [content]


def test_no_scanner_is_said_so(settings, tmp_path: Path):
    settings.CLAMD_SOCKET = str(tmp_path / "none")
    assert scan(b"x") is Finding.ABSENT


def test_a_scanner_that_has_died_is_silent_and_not_absent(settings, tmp_path: Path):
    dead = socket.socket(socket.AF_UNIX)
    dead.bind(str(tmp_path / "d"))
    dead.close()
    settings.CLAMD_SOCKET = str(tmp_path / "d")
    assert scan(b"x") is Finding.SILENT
