"""A mail server that takes everything and keeps nothing but who it was for: fast, in a process of its own.

    python bench/sending/sink.py LOG [--pause MILLISECONDS] [--plain]

Prints its port. Each message it says yes to is a line in LOG with its recipient and size, written before the yes leaves. `--plain` does
not offer PIPELINING; `--pause` waits before each yes.
"""

import argparse
import asyncio
import os

GREETING = b"220 sink ESMTP\r\n"
OFFERS = b"250-sink\r\n250-SIZE 20000000\r\n250-8BITMIME\r\n"


class Conversation(asyncio.Protocol):
    """One client."""

    def __init__(self, log: int, *, pause: float, ahead: bool) -> None:
        self.log, self.pause, self.ahead = log, pause, ahead
        self.waiting = bytearray()
        self.in_content = False
        self.scanned = 0
        self.recipients: list[bytes] = []

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = transport
        transport.write(GREETING)

    def data_received(self, data: bytes) -> None:
        self.waiting += data
        while self._step():
            pass

    def _step(self) -> bool:
        """Handles one command or one message; false when more must come first."""
        if self.in_content:
            return self._content()
        end = self.waiting.find(b"\r\n")
        if end < 0:
            return False
        line = bytes(self.waiting[:end])
        del self.waiting[: end + 2]
        self._command(line)
        return True

    def _content(self) -> bool:
        if self.waiting.startswith(b".\r\n"):
            end, over = 0, 3
        else:
            end, over = self.waiting.find(b"\r\n.\r\n", max(0, self.scanned - 5)), 5
        if end < 0:
            self.scanned = len(self.waiting)
            return False
        size = end
        del self.waiting[: end + over]
        self.in_content, self.scanned = False, 0
        os.write(self.log, b"".join(b"%s %d\n" % (to, size) for to in self.recipients))
        self.recipients = []
        if self.pause:
            asyncio.get_running_loop().call_later(self.pause, self.transport.write, b"250 2.0.0 Taken\r\n")
        else:
            self.transport.write(b"250 2.0.0 Taken\r\n")
        return True

    def _command(self, line: bytes) -> None:
        verb = line[:4].upper()
        if verb == b"EHLO":
            answer = OFFERS + (b"250-PIPELINING\r\n" if self.ahead else b"") + b"250 ENHANCEDSTATUSCODES\r\n"
        elif verb == b"DATA":
            self.in_content, answer = True, b"354 Go ahead\r\n"
        elif verb == b"QUIT":
            self.transport.write(b"221 Bye\r\n")
            self.transport.close()
            return
        else:
            if verb == b"RCPT":
                self.recipients.append(line[line.find(b"<") + 1 : line.find(b">")])
            elif verb in (b"MAIL", b"RSET"):
                self.recipients = []
            answer = b"250 2.1.0 OK\r\n"
        self.transport.write(answer)


async def serve(log: str, *, pause: float, ahead: bool) -> None:
    handle = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    server = await asyncio.get_running_loop().create_server(lambda: Conversation(handle, pause=pause, ahead=ahead), "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


def main() -> None:
    made = argparse.ArgumentParser()
    made.add_argument("log")
    made.add_argument("--pause", type=float, default=0.0, help="milliseconds before each yes")
    made.add_argument("--plain", action="store_true", help="do not offer PIPELINING")
    asked = made.parse_args()
    asyncio.run(serve(asked.log, pause=asked.pause / 1000, ahead=not asked.plain))


if __name__ == "__main__":
    main()
