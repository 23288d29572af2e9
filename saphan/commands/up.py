"""`saphan up`: prepares everything and keeps web server and worker running as one supervised process."""

import fcntl
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path
from types import FrameType
from typing import IO, Annotated, NoReturn

import typer

from saphan.commands import app

GRACE_SECONDS = 10
READY_SECONDS = 60


@app.command()
def up(
    port: Annotated[int, typer.Option(help="Where the site answers.", min=1, max=65535)] = 8000,
    host: Annotated[str, typer.Option(help="The address to listen on.")] = "127.0.0.1",
    data: Annotated[Path, typer.Option(help="The data directory: database, keys, files.")] = Path("data"),
    demo: Annotated[str, typer.Option(help="Invented people and stories: small, large or none.")] = "small",
    web: Annotated[int, typer.Option(help="Web processes.", min=1)] = 1,
) -> None:
    """Prepares everything, starts the site and its worker, and prints where they are. Ctrl-C stops both."""
    if demo not in {"small", "large", "none"}:
        refuse(f"--demo takes small, large or none, not “{demo}”.")
    data = data.resolve()
    site = f"http://{'localhost' if host == '127.0.0.1' else host}:{port}"
    open_directory(data)
    hold = hold_directory(data)
    free_port(host, port)
    environment = os.environ | {"SAPHAN_DATA": str(data), "SAPHAN_DEMO": "0" if demo == "none" else "1"}
    environment.setdefault("SAPHAN_SITE_URL", site)
    started = time.monotonic()
    prepare(data, demo, environment)
    Supervisor(commands(host, port, web), environment).run(lambda: welcome(site, data, started))
    hold.close()


def refuse(sentence: str) -> NoReturn:
    """Ends with one clear sentence and exit code 2."""
    print(sentence, file=sys.stderr)  # noqa: T201  # the program's own voice
    raise typer.Exit(2)


def say(sentence: str) -> None:
    print(sentence, flush=True)  # noqa: T201  # the program's own voice


def open_directory(data: Path) -> None:
    """Makes the data directory and proves that it can be written."""
    try:
        data.mkdir(parents=True, exist_ok=True, mode=0o700)
        probe = data / ".probe"
        probe.write_bytes(b"x")
        probe.unlink()
    except OSError as error:
        refuse(f"The data directory {data} cannot be written ({error.strerror}). Name another with --data DIR.")


def hold_directory(data: Path) -> IO[str]:
    """One running Saphan per data directory."""
    lock = (data / ".lock").open("w")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        refuse(f"Saphan already runs on {data}. Stop it first, or name another directory with --data DIR.")
    return lock


def free_port(host: str, port: int) -> None:
    """Says which port is taken before anything is prepared."""
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except PermissionError:
            refuse(f"Port {port} needs more rights than you have. Choose one above 1023 with --port N.")
        except OSError as error:
            refuse(f"Port {port} on {host} cannot be used ({error.strerror}). Choose another with --port N.")


def prepare(data: Path, demo: str, environment: dict[str, str]) -> None:
    """Runs the preparation in a process of its own, so that its memory is given back."""
    mark = data / ".setting-up"
    if mark.exists():
        say("An earlier set-up stopped half-way. Going on from where it stood.")
    mark.touch()
    done = subprocess.run([sys.executable, "-m", "saphan", "prepare", "--demo", demo], env=environment, check=False)  # noqa: S603  # our own program
    if done.returncode:
        refuse("The set-up did not finish; the lines above say why. Nothing is half done: run the same command again when it is mended.")
    mark.unlink()


def commands(host: str, port: int, web: int) -> dict[str, list[str]]:
    """The two programs that make up a running site."""
    bind = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
    server = [sys.executable, "-m", "gunicorn", "saphan.settings.wsgi:application", "--bind", bind, "--workers", str(web), "--threads", "4"]
    server += ["--worker-class", "gthread", "--graceful-timeout", str(GRACE_SECONDS - 2), "--log-level", "warning", "--no-control-socket"]
    server += ["--logger-class", "saphan.core.serverlog.ServerLog"]
    if Path("/dev/shm").is_dir():  # noqa: S108  # gunicorn's heartbeat file wants memory, not disk
        server += ["--worker-tmp-dir", "/dev/shm"]  # noqa: S108
    return {"web": server, "worker": [sys.executable, "-m", "saphan", "worker"]}


class Supervisor:
    """Keeps the programs running: one that ends is started again, slower each time; a signal stops all."""

    def __init__(self, programs: dict[str, list[str]], environment: dict[str, str]) -> None:
        self.programs, self.environment = programs, environment
        self.running: dict[str, subprocess.Popen[bytes]] = {}
        self.fast_deaths: dict[str, int] = dict.fromkeys(programs, 0)
        self.started_at: dict[str, float] = {}
        self.stopping = False

    def run(self, once_ready: Callable[[], None]) -> None:
        """Starts all, calls `once_ready` when the site answers, and returns after a clean stop."""
        signal.signal(signal.SIGTERM, self._stop)
        signal.signal(signal.SIGINT, self._stop)
        for name in self.programs:
            self._start(name)
        ready = False
        while not self.stopping:
            if not ready and (ready := answers(self.programs["web"])):
                once_ready()
            self._revive()
            time.sleep(0.1 if not ready else 0.5)
        self._end()

    def _stop(self, _number: int, _frame: FrameType | None) -> None:
        self.stopping = True

    def _start(self, name: str) -> None:
        self.started_at[name] = time.monotonic()
        self.running[name] = subprocess.Popen(self.programs[name], env=self.environment, start_new_session=True)  # noqa: S603  # our own programs

    def _revive(self) -> None:
        for name, process in list(self.running.items()):
            if process.poll() is None or self.stopping:
                continue
            lived = time.monotonic() - self.started_at[name]
            self.fast_deaths[name] = self.fast_deaths[name] + 1 if lived < 10 else 0
            pause = min(5, 2 ** self.fast_deaths[name] - 1)
            say(f"The {name} ended unexpectedly (code {process.returncode}); starting it again{f' in {pause} s' if pause else ''}.")
            end_of_pause = time.monotonic() + pause
            while time.monotonic() < end_of_pause and not self.stopping:
                time.sleep(0.1)
            if not self.stopping:
                self._start(name)

    def _end(self) -> None:
        say("Stopping.")
        for process in self.running.values():
            if process.poll() is None:
                process.terminate()
        deadline = time.monotonic() + GRACE_SECONDS
        for process in self.running.values():
            try:
                process.wait(timeout=max(0.1, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)


def answers(web: list[str]) -> bool:
    """Whether /healthz says ready. Asks the listening socket itself, whatever name the site has outside."""
    bind = web[web.index("--bind") + 1]
    try:
        with urllib.request.urlopen(f"http://{bind}/healthz", timeout=5) as reply:
            return bool(reply.status == 200)
    except (urllib.error.URLError, OSError):
        return False


def welcome(site: str, data: Path, started: float) -> None:
    """Addresses, and the demo's sign-ins."""
    say(f"\nSaphan is ready after {time.monotonic() - started:.1f} s.\n")
    say(f"  Public pages   {site}/en/   {site}/th/")
    say(f"  Desk           {site}/desk/")
    say(f"  Editors        {site}/cms/")
    sign_ins = data / "demo-sign-ins.json"
    if sign_ins.exists():
        cast = json.loads(sign_ins.read_text())
        width = max(len(person["email"]) for person in cast["people"])
        say(f"\nDemonstration with invented people. Password for all: {cast['password']}")
        say("The code of the second step stands on the sign-in page, and in: script/saphan demo code EMAIL")
        for person in cast["people"]:
            say(f"  {person['email']:<{width}}  {person['name']}, {person['roles']} ({person['organisation']})")
    say("\nCtrl-C stops.")
    if shutil.disk_usage(data).free < 500_000_000:
        say("Less than 500 MB of disk are free where the data lies.")
