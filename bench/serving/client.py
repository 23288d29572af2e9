"""A small HTTP/1.1 client for loopback that keeps its connections: eight ask as fast as they are answered.

`python -m bench.serving.client PORT SECONDS CONNECTIONS PATH…` prints requests per second and times as JSON. It runs in a process of its own.
"""

import asyncio
import json
import sys
import time

CODINGS = "br, gzip"


class Asker(asyncio.Protocol):
    """One connection: sends the next request when the answer to the one before is whole."""

    def __init__(self, requests: list[bytes], first: int, stop_at: float, done: asyncio.Future[None]) -> None:
        self.requests, self.next, self.stop_at, self.done = requests, first, stop_at, done
        self.times: list[float] = []
        self.wrong = 0
        self.bytes = 0
        self.buffer = b""
        self.missing = -1

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = transport
        self.ask()

    def ask(self) -> None:
        self.buffer, self.missing = b"", -1
        self.sent_at = time.perf_counter()
        self.transport.write(self.requests[self.next % len(self.requests)])
        self.next += 1

    def data_received(self, data: bytes) -> None:
        self.bytes += len(data)
        if self.missing >= 0:
            self.missing -= len(data)
        else:
            self.buffer += data
            end = self.buffer.find(b"\r\n\r\n")
            if end < 0:
                return
            self.missing = length_of(self.buffer[:end]) - (len(self.buffer) - end - 4)
        if self.missing <= 0:
            self.times.append(time.perf_counter() - self.sent_at)
            self.wrong += not self.buffer.startswith(b"HTTP/1.1 200")
            if self.sent_at < self.stop_at:
                self.ask()
            else:
                self.transport.close()

    def connection_lost(self, error: Exception | None) -> None:
        if not self.done.done():
            self.done.set_result(None)


def length_of(head: bytes) -> int:
    """How long the body is. Both sites say so; a chunked answer would be an error of the bench."""
    for line in head.lower().split(b"\r\n"):
        if line.startswith(b"content-length:"):
            return int(line[15:])
    raise RuntimeError(head.decode())


async def ask(port: int, seconds: float, connections: int, paths: list[str]) -> dict[str, float]:
    """Asks for the paths in turn on all connections; answers what came."""
    loop = asyncio.get_running_loop()
    asked = [f"GET {path} HTTP/1.1\r\nHost: localhost\r\nAccept-Encoding: {CODINGS}\r\nAccept-Language: en\r\n\r\n".encode() for path in paths]
    started = time.perf_counter()
    askers, ends = [], []
    for number in range(connections):
        end = loop.create_future()
        _transport, asker = await loop.create_connection(lambda n=number, e=end: Asker(asked, n * 7, started + seconds, e), "127.0.0.1", port)
        askers.append(asker)
        ends.append(end)
    await asyncio.gather(*ends)
    lasted = time.perf_counter() - started
    times = sorted(one for asker in askers for one in asker.times)
    count = len(times)
    return {
        "requests": count,
        "per_second": count / lasted,
        "p50_ms": times[count // 2] * 1000,
        "p99_ms": times[int(count * 0.99)] * 1000,
        "wrong": sum(asker.wrong for asker in askers),
        "bytes": sum(asker.bytes for asker in askers) / count,
    }


class Echo(asyncio.Protocol):
    """The emptiest server: the same answer to everything. What the client reaches here it could reach anywhere."""

    answer = b"HTTP/1.1 200 OK\r\nContent-Length: 4096\r\n\r\n" + b"x" * 4096

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = transport

    def data_received(self, data: bytes) -> None:
        self.transport.write(self.answer)


async def echo(port: int) -> None:
    server = await asyncio.get_running_loop().create_server(Echo, "127.0.0.1", port)
    await server.serve_forever()


if __name__ == "__main__":
    if sys.argv[1] == "echo":
        asyncio.run(echo(int(sys.argv[2])))
    else:
        print(json.dumps(asyncio.run(ask(int(sys.argv[1]), float(sys.argv[2]), int(sys.argv[3]), sys.argv[4:]))))
