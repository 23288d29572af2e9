"""A real site for journeys: `saphan up` on a fresh data directory and a free port."""

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

from tests.database import CACHE, alone, digest_of_demonstration

ROOT = Path(__file__).resolve().parent.parent


@dataclass
class Site:
    """A running site: where it is, who may sign in, how it is stopped."""

    url: str
    data: Path
    process: subprocess.Popen[bytes]
    environment: dict[str, str]
    log: Path

    @property
    def password(self) -> str:
        return str(json.loads((self.data / "demo-sign-ins.json").read_text())["password"])

    def run(self, code: str) -> str:
        """Runs Python inside the installation, as an operator with a shell could; answers what it printed."""
        done = subprocess.run(
            [sys.executable, "-c", f"import django; django.setup()\n{code}"],
            env=self.environment | {"DJANGO_SETTINGS_MODULE": "saphan.settings.all"}, cwd=ROOT, capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        return done.stdout

    def code_for(self, email: str) -> str:
        """The present code of the second step."""
        done = subprocess.run(
            [sys.executable, "-m", "saphan", "demo", "code", email], env=self.environment, cwd=ROOT, capture_output=True, text=True, check=True
        )
        return done.stdout.strip()

    def is_ready(self) -> bool:
        try:
            return httpx.get(f"{self.url}/healthz", timeout=5).status_code == 200
        except httpx.HTTPError:
            return False

    def wait_until_ready(self, seconds: float = 600) -> None:
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            if self.process.poll() is not None:
                raise AssertionError(f"the site ended: {self.log.read_text()[-2000:]}")
            if self.is_ready():
                return
            time.sleep(0.1)
        raise AssertionError(f"not ready after {seconds} s: {self.log.read_text()[-2000:]}")

    def stop(self) -> int:
        """Ctrl-C; answers the exit code."""
        self.process.send_signal(signal.SIGINT)
        return self.process.wait(timeout=120)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def bare() -> dict[str, str]:
    """The environment of a person who has set nothing of ours."""
    return {k: v for k, v in os.environ.items() if not k.startswith(("SAPHAN_", "DJANGO_"))}


def start(data: Path, *, demo: str = "small", **extra: str) -> Site:
    """Starts `saphan up` as a user would and does not wait."""
    port = free_port()
    environment = bare() | extra
    log = data.with_suffix(".log")
    process = subprocess.Popen(
        [sys.executable, "-m", "saphan", "up", "--port", str(port), "--data", str(data), "--demo", demo],
        env=environment, cwd=ROOT, stdout=log.open("wb"), stderr=subprocess.STDOUT,
    )  # fmt: skip
    inside = environment | {"SAPHAN_DATA": str(data), "SAPHAN_DEMO": "1" if demo != "none" else "0", "SAPHAN_SITE_URL": f"http://localhost:{port}"}
    return Site(f"http://127.0.0.1:{port}", data, process, inside, log)


def prepared() -> Path:
    """A data directory with the demonstration, prepared once for each state of the code as `saphan up` prepares it."""
    name = f"saphan_prepared_{digest_of_demonstration()}"
    folder, part = CACHE / name, CACHE / f"{name}.part"
    with alone("prepared"):
        if not folder.exists():
            shutil.rmtree(part, ignore_errors=True)
            environment = bare() | {"SAPHAN_DATA": str(part), "SAPHAN_DEMO": "1"}
            subprocess.run([sys.executable, "-m", "saphan", "prepare", "--demo", "small"], env=environment, cwd=ROOT, check=True, capture_output=True)
            part.rename(folder)
    return folder


def lay_out(data: Path) -> None:
    """A copy of the prepared directory; the site's own address is told anew by the start."""
    shutil.copytree(prepared(), data, dirs_exist_ok=True)


@contextmanager
def running_site(data: Path, *, demo: str = "small", **extra: str) -> Iterator[Site]:
    """A site that is ready inside the block and stopped after it. On the embedded store it starts from a prepared directory."""
    if demo == "small" and not {"SAPHAN_DATABASE", "SAPHAN_SURFACE"} & extra.keys():
        lay_out(data)
    site = start(data, demo=demo, **extra)
    try:
        site.wait_until_ready()
        yield site
    finally:
        if site.process.poll() is None:
            site.stop()
