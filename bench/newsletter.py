"""The claims of the newsletter, measured in one run: letters a second from the rows of the database to a mail server in a process of its
own, beside Django's `send_mail` and its `send_messages` over one connection; memory by the number of readers.

`saphan bench newsletter [--recipients N] [--memory 1000,10000,100000] [--lines N] [--plain] [--pause MS] [--json]`. Nothing is asserted.

Ours is the whole way: readers written down, addresses opened, ways out signed, journal, answers and fates of each letter kept. The others
send the same text, with the way out put into it for each recipient, and keep nothing.
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
WAYS = ("send_mail", "send_messages", "ours")


def main() -> None:
    asked = parser().parse_args()
    figures: dict[str, Any] = {"recipients": asked.recipients, "lines": asked.lines, "rate": {}, "memory": {}}
    with tempfile.TemporaryDirectory(prefix="saphan-bench-") as name:
        folder = Path(name)
        sizes = dict.fromkeys([asked.recipients, *asked.memory])
        for size in sizes:
            data = folder / str(size)
            shutil.copytree(prepared(folder), data)
            environment = bare() | {
                "SAPHAN_DATA": str(data), "SAPHAN_DEMO": "1", "SAPHAN_NEWSLETTER_LINES": str(asked.lines), "DJANGO_SETTINGS_MODULE": "saphan.settings.all",
                "PYTHONPATH": os.environ.get("PYTHONPATH", str(ROOT)),
            }  # fmt: skip
            inside("plant", environment, size, folder / "letter.json")
            ways = WAYS if size == asked.recipients else WAYS[-1:]
            for way in ways:
                with sink(folder / f"{way}-{size}", asked) as port:
                    told = inside(way, environment | {"SAPHAN_SMTP_HOST": "127.0.0.1", "SAPHAN_SMTP_PORT": port}, size, folder / "letter.json")
                told |= taken(folder / f"{way}-{size}", size)
                if size == asked.recipients:
                    figures["rate"][way] = told
                if way == "ours":
                    figures["memory"][size] = told["peak_mb"]
    print(json.dumps(figures, indent=1) if asked.json else table(figures))


def bare() -> dict[str, str]:
    """The environment of a person who has set nothing of ours."""
    return {name: value for name, value in os.environ.items() if not name.startswith(("SAPHAN_", "DJANGO_"))}


def prepared(folder: Path) -> Path:
    """A fresh installation, made once."""
    data = folder / "prepared"
    if not data.exists():
        environment = bare() | {"SAPHAN_DATA": str(data), "SAPHAN_DEMO": "1"}
        subprocess.run(
            [sys.executable, "-m", "saphan", "prepare", "--demo", "small"], env=environment, cwd=ROOT, check=True, stdout=subprocess.DEVNULL
        )
    return data


def parser() -> argparse.ArgumentParser:
    made = argparse.ArgumentParser(prog="saphan bench newsletter")
    made.add_argument("--recipients", type=int, default=10_000)
    made.add_argument("--memory", type=lambda text: [int(part) for part in text.split(",") if part], default=[1_000, 10_000, 100_000])
    made.add_argument("--lines", type=int, default=2, help="our connections at once")
    made.add_argument("--pause", type=float, default=0.0, help="milliseconds that the server thinks about each letter")
    made.add_argument("--plain", action="store_true", help="a server that cannot be spoken to ahead")
    made.add_argument("--json", action="store_true")
    return made


@contextmanager
def sink(log: Path, asked: argparse.Namespace) -> Iterator[str]:
    """The mail server in a process of its own; answers its port."""
    command = [sys.executable, ROOT / "bench/sending/sink.py", log, "--pause", str(asked.pause), *(["--plain"] if asked.plain else [])]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    try:
        yield process.stdout.readline().strip()
    finally:
        process.kill()
        process.wait()


def inside(way: str, environment: dict[str, str], size: int, letter: Path) -> dict[str, Any]:
    """Runs one way in a process of its own."""
    done = subprocess.run(
        [sys.executable, ROOT / "bench/sending/ways.py", way, str(size), letter],
        env=environment,
        cwd=ROOT,
        check=True,
        stdout=subprocess.PIPE,
        text=True,
    )
    return dict(json.loads(done.stdout.strip().splitlines()[-1]))


def taken(log: Path, size: int) -> dict[str, Any]:
    """What the server says: everybody once, and how large a letter is."""
    lines = [line.split(" ") for line in log.read_text().splitlines()]
    once = len(lines) == len({to for to, _size in lines}) == size
    return {"everybody_once": once, "kilobytes": round(sum(int(n) for _to, n in lines) / max(1, len(lines)) / 1000, 1)}


def table(figures: dict[str, Any]) -> str:
    """The figures for reading."""
    rates = figures["rate"]
    base = rates["send_messages"]["per_second"]
    rows = [f"{figures['recipients']} recipients, {rates['ours']['kilobytes']} kB a letter, {figures['lines']} lines of ours", ""]
    rows += ["| way | letters a second | beside one connection of Django | peak memory | everybody once |", "|---|---|---|---|---|"]
    for way, told in rates.items():
        rows.append(
            f"| {way} | {told['per_second']:.0f} | {told['per_second'] / base:.2f} x | {told['peak_mb']:.0f} MB | {'yes' if told['everybody_once'] else 'NO'} |"
        )
    parts = ", ".join(f"{name} {seconds:.1f} s" for name, seconds in rates["ours"]["parts"].items())
    rows += ["", f"Ours in parts: {parts}.", "Memory of ours: " + ", ".join(f"{n} readers {mb:.0f} MB" for n, mb in figures["memory"].items()) + "."]
    return "\n".join(rows)


if __name__ == "__main__":
    main()
