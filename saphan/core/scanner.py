"""The virus scanner, when one runs beside us: ClamAV's daemon, asked over its socket (clamd(8), command INSTREAM)."""

import socket
import struct
from enum import Enum
from pathlib import Path

from django.conf import settings

CHUNK = 256 * 1024
SECONDS = 60


class Finding(Enum):
    """What the scanner said. ABSENT: there is none here; SILENT: it gave no answer that counts, ask again later."""

    CLEAN = "clean"
    INFECTED = "infected"
    ABSENT = "absent"
    SILENT = "silent"


def scan(content: bytes) -> Finding:
    """Asks the scanner about one file."""
    if not settings.CLAMD_SOCKET or not Path(settings.CLAMD_SOCKET).is_socket():
        return Finding.ABSENT
    try:
        answer = _ask(content)
    except OSError:
        return Finding.SILENT
    if answer == b"stream: OK":
        return Finding.CLEAN
    return Finding.INFECTED if answer.endswith(b" FOUND") else Finding.SILENT


def _ask(content: bytes) -> bytes:
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as line:
        line.settimeout(SECONDS)
        line.connect(str(settings.CLAMD_SOCKET))
        line.sendall(b"zINSTREAM\0")
        for begin in range(0, len(content), CHUNK):
            chunk = content[begin : begin + CHUNK]
            line.sendall(struct.pack("!I", len(chunk)) + chunk)
        line.sendall(struct.pack("!I", 0))
        answer = b""
        while not answer.endswith(b"\0") and (piece := line.recv(4096)):
            answer += piece
    return answer.rstrip(b"\0")
