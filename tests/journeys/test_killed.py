"""kill -9 of web and worker at random moments while referrals are accepted: nothing acknowledged is lost, nothing stands half."""

import json
import random
import re
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import psutil
import pytest

from tests.running import Site, running_site

PLANT = """
from saphan.access.models import User
from saphan.access.rowlock import as_system
from saphan.care.cases.consents import Given, record_consent
from saphan.care.cases.services import open_case
from saphan.care.persons.services import Facts, open_person
from saphan.care.referrals import services as referrals
from saphan.core import clock
from saphan.directory.models import Service
import json
worker, receiver = (User.objects.get(email=f"{n}@demo.example") for n in ("somsri", "wipa"))
service = Service.objects.filter(organisation=receiver.org).first()
ids = []
with as_system():
    for _ in range(%d):
        at = clock.now()
        person = open_person(report_id=None, facts=Facts(age_band="adult"), by=worker, at=at)
        case = open_case(person_id=person.pk, by=worker, at=at, ground="screening", given=Given(purpose="case", language="th", form="spoken", capacity="adult"))
        consent = record_consent(person_id=person.pk, by=worker, at=at, given=Given(purpose="service", language="th", form="spoken", capacity="adult", receiver_id=receiver.org_id, classes=("health", "plan")))
        referral = referrals.draft(case_id=case.pk, request=referrals.Request(service_id=service.pk, risk="high"), by=worker, at=at)
        referrals.send(referral_id=referral.pk, consent_id=consent.pk, classes=["health", "plan"], by=worker, at=at)
        referrals.acknowledge(referral_id=referral.pk, by=receiver, at=at)
        ids.append(str(referral.pk))
print(json.dumps(ids))
"""
LOOK = """
import json
from saphan.access.rowlock import as_system
from saphan.audit.models import AuditEvent
from saphan.audit.verify import verify
from saphan.care.persons.models import Involvement
from saphan.care.referrals.models import Referral
from saphan.core.models import DataKey, OutboxMessage
state = {}
with as_system():
    for referral in Referral.objects.filter(pk__in=%s):
        state[str(referral.pk)] = {
            "state": referral.state,
            "ties": Involvement.objects.filter(person=referral.person_id, org=referral.to_org_id, until=None).count(),
            "keys": DataKey.objects.filter(scope=referral.person_id, org=referral.to_org_id).count(),
            "events": AuditEvent.objects.filter(action="referrals:accept", outcome="done", target_id=str(referral.pk)).count(),
            "mails": OutboxMessage.objects.filter(topic="mail", key__contains=str(referral.pk), key__startswith="referral-accepted").count(),
        }
print(json.dumps({"referrals": state, "chain_holds": verify().whole, "undelivered": OutboxMessage.objects.filter(topic="mail", done_at=None).count()}))
"""


def sign_in(site: Site, email: str) -> httpx.Client:
    """A client with a session, password and second step done."""
    client = httpx.Client(base_url=site.url, timeout=20, follow_redirects=True)
    page = client.get("/accounts/login/")
    page = client.post("/accounts/login/", data={"login": email, "password": site.password, "csrfmiddlewaretoken": token_in(page.text)})
    page = client.post(page.url, data={"code": site.code_for(email), "csrfmiddlewaretoken": token_in(page.text)})
    assert page.url.path == "/desk/", page.url
    return client


def token_in(html: str) -> str:
    found = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', html)
    assert found, html[:500]
    return found.group(1)


def accept(client: httpx.Client, token: str, referral: str) -> bool:
    """Sends the acceptance until the site answers; True when it said that it is done."""
    for _attempt in range(200):
        try:
            reply = client.post(f"/desk/referrals/{referral}/accept/", data={"csrfmiddlewaretoken": token}, follow_redirects=False)
        except httpx.HTTPError:
            time.sleep(0.1)
            continue
        if reply.status_code < 500:
            return reply.status_code == 302 and "/accounts/" not in reply.headers["location"]
        time.sleep(0.1)
    raise AssertionError("the site did not come back")


def kill_now_and_then(site: Site, stop: threading.Event, killed: list[str], seed: int) -> None:
    """Ends a web process, the web server's parent or the worker with SIGKILL, at random moments."""
    chance = random.Random(seed)
    supervisor = psutil.Process(site.process.pid)
    while not stop.wait(chance.uniform(0.3, 1.2)):
        family = [p for p in supervisor.children(recursive=True) if p.is_running()]
        if not site.is_ready() or not family:
            continue
        victim = chance.choice(family)
        try:
            killed.append("worker" if "worker" in victim.cmdline() else "web")
            victim.kill()
        except psutil.NoSuchProcess:
            killed.pop()


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with running_site(tmp_path_factory.mktemp("killed") / "data") as started:
        yield started


@pytest.mark.kill
@pytest.mark.parametrize("number", [30, pytest.param(200, marks=pytest.mark.long)])
def test_acceptances_survive_sigkill_of_web_and_worker(site: Site, number: int) -> None:
    ids = json.loads(site.run(PLANT % number).strip().splitlines()[-1])
    client = sign_in(site, "wipa@demo.example")
    token = token_in(client.get(f"/desk/referrals/{ids[0]}/").text)
    stop, killed = threading.Event(), []
    killer = threading.Thread(target=kill_now_and_then, args=(site, stop, killed, 7))
    killer.start()
    try:
        acknowledged = {}
        for referral in ids:
            acknowledged[referral] = accept(client, token, referral)
            time.sleep(0.2)
    finally:
        stop.set()
        killer.join()
    site.wait_until_ready()
    found = wait_for_quiet(site, ids)
    whole = {"state": "accepted", "ties": 1, "keys": 2, "events": 1, "mails": 1}
    lost = [r for r, said in acknowledged.items() if said and found["referrals"][r] != whole]
    half = [
        r for r, facts in found["referrals"].items() if facts not in (whole, {"state": "acknowledged", "ties": 0, "keys": 0, "events": 0, "mails": 0})
    ]
    print(f"{len(killed)} kills ({killed.count('web')} web, {killed.count('worker')} worker), {sum(acknowledged.values())} acknowledged at first try")
    assert len(killed) >= number // 20
    assert lost == []
    assert half == []
    assert all(facts["state"] == "accepted" for facts in found["referrals"].values())
    assert found["chain_holds"]
    assert found["undelivered"] == 0
    assert len(letters(site.data)) >= 1


def wait_for_quiet(site: Site, ids: list[str]) -> dict:
    """What the database holds once the worker has sent what waits."""
    end = time.monotonic() + 420
    while True:
        found = json.loads(site.run(LOOK % json.dumps(ids)).strip().splitlines()[-1])
        if found["undelivered"] == 0 or time.monotonic() > end:
            return dict(found)
        time.sleep(2)


def letters(data: Path) -> list[Path]:
    return list((data / "mail").glob("*"))
