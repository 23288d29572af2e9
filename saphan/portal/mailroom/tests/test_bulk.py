"""Sending many against real servers on loopback, good ones and bad ones."""

import smtplib
import socket
import threading

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP as Server

from saphan.portal.mailroom.bulk import Line, Master, Piece, State, slot
from saphan.portal.mailroom.letters import Letter
from tests.postbox import Postbox, read, text_of
from tests.running import free_port

LETTER = Letter(
    "readers@example.org",
    "จดหมายข่าว",
    f".A dot begins this line.\nLeave: {slot('leave')}\nสวัสดี",
    html=f'<p>สวัสดี</p><a href="{slot("leave")}">x</a>',
    headers=(("List-Unsubscribe", f"<{slot('leave')}>"), ("X-Key", slot("key"))),
    message_id=f"<{slot('key')}@example.org>",
)


def master():
    return Master(LETTER, ("leave", "key"))


def piece(number, to="a@example.org"):
    return Piece(str(number), "bounce@example.org", to, master().filled(leave="https://example.org/l/" + "x" * 90, key=f"k{number}"))


@pytest.fixture
def box():
    box = Postbox()
    box.start()
    yield box
    box.stop()


def line_to(port):
    smtp = smtplib.SMTP("127.0.0.1", port, timeout=5)
    smtp.ehlo()
    return Line(smtp)


def test_each_message_arrives_filled_in_and_reads_as_it_was_written(box):
    line = line_to(box.port)
    told: list[str] = []
    outcomes = list(line.send([piece(n) for n in range(20)], told.append))
    line.close()
    assert [o.state for o in outcomes] == [State.SENT] * 20
    assert told == [str(n) for n in range(20)]
    found = read(box.raw[7][2])
    assert found["Message-ID"] == "<k7@example.org>"
    assert found["List-Unsubscribe"] == "<https://example.org/l/" + "x" * 90 + ">"
    assert found["Subject"] == "จดหมายข่าว"
    assert text_of(found).startswith(".A dot begins this line.\nLeave: https://example.org/l/xxx")
    assert "สวัสดี" in text_of(found, "html")


def test_slots_stand_open_among_words_of_any_script(box):
    words = "จดหมายข่าวรายเดือนเรื่องการต่อต้านการค้ามนุษย์ " * 20
    letter = Letter("a@example.org", "ข่าว", f"{words}\n{slot('leave')}\n{words}", html=f'<p>{words}</p><a href="{slot("leave")}">{words}</a>')
    address = "https://example.org/th/?a=b&c=" + "x" * 41 + ".y" * 60
    line = line_to(box.port)
    list(line.send([Piece("1", "b@example.org", "a@example.org", Master(letter, ["leave"]).filled(leave=address))], lambda _key: None))
    line.close()
    found = read(box.raw[0][2])
    assert text_of(found).split("\n")[1] == address
    assert text_of(found).split("\n")[0] == words
    assert f'<p>{words}</p><a href="{address}">{words}</a>' in text_of(found, "html")
    assert max(map(len, box.raw[0][2].splitlines())) < 300


def test_a_value_never_breaks_out_of_its_line():
    with pytest.raises(ValueError, match="one line"):
        master().filled(leave="x\r\nBcc: b@example.org", key="1")


def test_a_slot_that_the_letter_does_not_show_is_an_error():
    with pytest.raises(ValueError, match="no place"):
        Master(LETTER, ("leave", "key", "other"))


class Particular(Server):
    """Offers to be spoken to ahead, as most servers do."""

    async def ehlo_hook(self, *_args):
        await self.push("250-PIPELINING")


class Moody:
    """Refuses some addresses, and falls silent after some messages."""

    def __init__(self):
        self.taken = []

    async def handle_RCPT(self, server, session, envelope, address, options):
        if address.startswith("gone"):
            return "550 5.1.1 no such person"
        if address.startswith("full"):
            return "452 4.2.2 full"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        if envelope.rcpt_tos[0].startswith("spam"):
            return "554 5.7.1 unwanted"
        if envelope.rcpt_tos[0].startswith("silent"):
            self.taken.append(envelope.rcpt_tos[0])
            server.transport.close()
        self.taken.append(envelope.rcpt_tos[0])
        return "250 OK"


class MoodyController(Controller):
    ahead = True

    def factory(self):
        return (Particular if self.ahead else Server)(self.handler)


@pytest.fixture(params=[True, False], ids=["spoken to ahead", "one word after the other"])
def moody(request):
    controller = MoodyController(Moody(), hostname="127.0.0.1", port=free_port())
    controller.ahead = request.param
    controller.start()
    yield controller
    controller.stop()


def test_each_refusal_has_its_state_and_the_others_arrive(moody):
    people = ["a@x.org", "gone@x.org", "b@x.org", "full@x.org", "spam@x.org", "c@x.org"]
    line = line_to(moody.port)
    outcomes = list(line.send([piece(n, to) for n, to in enumerate(people)], lambda _key: None))
    assert [o.state for o in outcomes] == [State.SENT, State.REFUSED, State.SENT, State.DEFERRED, State.REFUSED, State.SENT]
    assert [o.code for o in outcomes] == [250, 550, 250, 452, 554, 250]
    assert moody.handler.taken == ["a@x.org", "b@x.org", "c@x.org"]


def test_a_line_that_breaks_before_the_answer_leaves_one_uncertain_and_the_rest_unsent(moody):
    people = ["a@x.org", "silent@x.org", "b@x.org"]
    line = line_to(moody.port)
    outcomes = list(line.send([piece(n, to) for n, to in enumerate(people)], lambda _key: None))
    assert [(o.key, o.state) for o in outcomes] == [("0", State.SENT), ("1", State.UNCERTAIN)]


def test_a_server_that_hangs_up_before_the_message_has_taken_nothing():
    with socket.create_server(("127.0.0.1", 0)) as server:

        def once():
            talk, _from = server.accept()
            talk.sendall(b"220 hello\r\n")
            talk.recv(1000)
            talk.sendall(b"250 hello\r\n")
            talk.recv(1000)
            talk.close()

        threading.Thread(target=once, daemon=True).start()
        told: list[str] = []
        outcomes = list(line_to(server.getsockname()[1]).send([piece(1)], told.append))
    assert [o.state for o in outcomes] == [State.DEFERRED]
    assert told == []
