"""Every part of the interface in every state, for those who build and judge it."""

from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from saphan.core import clock
from saphan.core.dates import DateField
from saphan.core.forms import Answers, differences, unchanged
from saphan.core.paging import Page

WORDS = [
    ("en", "Someone keeps my papers. Whom can I ask for help?"),
    ("th", "มีคนเก็บเอกสารของฉันไว้ ฉันจะขอความช่วยเหลือจากใครได้บ้าง"),
    ("lo", "ມີຄົນເກັບເອກະສານຂອງຂ້ອຍໄວ້ ຂ້ອຍຈະຂໍຄວາມຊ່ວຍເຫຼືອຈາກໃຜໄດ້"),
    ("km", "មានគេរក្សាទុកឯកសាររបស់ខ្ញុំ តើខ្ញុំអាចសុំជំនួយពីអ្នកណា"),
    ("my", "ကျွန်ုပ်၏စာရွက်စာတမ်းများကို တစ်စုံတစ်ယောက်က သိမ်းထားသည်။ မည်သူ့ထံ အကူအညီတောင်းနိုင်မလဲ။"),
    ("vi", "Có người giữ giấy tờ của tôi. Tôi có thể nhờ ai giúp đỡ?"),
]
SYMBOLS = [
    "menu", "check", "warning", "info", "back", "next", "clock", "leaf",
    "person", "people", "key", "leave", "eye", "lock", "paper", "print",
    "send", "phone", "search", "plus", "bell", "flask", "share", "house",
    "globe",
]  # fmt: skip
SPANS = [timedelta(days=9), timedelta(days=4), timedelta(hours=20), timedelta(hours=2, minutes=5), -timedelta(hours=3)]


class Sample(forms.Form):
    """One field of each kind."""

    line = forms.CharField(label=_("Name of the office"), help_text=_("So that the answer reaches the right desk."))
    kind = forms.ChoiceField(
        label=_("Kind of organisation"), choices=[("", "—"), ("ngo", _("non-governmental organisation")), ("health", _("health service"))]
    )
    day = DateField(label=_("Day of the call"), required=False)
    papers = forms.ChoiceField(
        label=_("Do you keep your identity papers yourself?"),
        widget=Answers(aside=("unknown", "declined")),
        help_text=_("Asked to learn whether you can come and go freely. You need not answer."),
        choices=[
            ("self", _("I keep them")),
            ("other", _("Somebody else keeps them")),
            ("unknown", _("Not known")),
            ("declined", _("Prefer not to say")),
        ],
    )
    needs = forms.MultipleChoiceField(
        label=_("What is needed first"),
        widget=forms.CheckboxSelectMultiple,
        required=False,
        choices=[("safe", _("a safe place")), ("doctor", _("a doctor")), ("interpreter", _("an interpreter"))],
    )
    words = forms.CharField(label=_("In their own words"), widget=forms.Textarea, required=False)
    paper = forms.FileField(label=_("Document"), required=False, help_text=_("PDF or picture, at most 10 MB."))
    agreed = forms.BooleanField(label=_("The person was told who will see this, and agrees"))


@require_GET
def gallery(request: HttpRequest) -> HttpResponse:
    """The parts, for signed-in staff and in demonstrations; no record of anybody is read."""
    if not settings.DEMO and not request.user.is_authenticated:
        return redirect_to_login(request.get_full_path())
    return render(request, "parts/gallery.html", {"words": WORDS, "symbols": SYMBOLS, **_forms(), **_times(clock.now()), **_places()})


def _forms() -> dict[str, Any]:
    wrong = Sample({"wrong-line": "", "wrong-kind": "ngo", "wrong-day": "31/31/2026", "wrong-words": "…"}, prefix="wrong")
    mine = Sample({"line": "Mae Sai office", "kind": "ngo", "papers": "other", "words": "Called twice.\nSpeaks Lao."}, auto_id="mine_%s")
    theirs = {"line": "Mae Sai office", "kind": "health", "words": "Called twice."}
    found = differences(mine, theirs)
    return {"blank": Sample(), "wrong": wrong, "differences": found, "kept": unchanged(mine, found), "version": 4}


def _times(at: datetime) -> dict[str, Any]:
    rows = [
        (_("Consent recorded"), "", 50),
        (_("Referral sent"), "warm", 26),
        (_("Referral accepted"), "good", 3),
        (_("Consent withdrawn"), "bad", 0),
    ]
    entries = [{"label": label, "tone": tone, "at": at - timedelta(hours=hours), "detail": "R-8F2K71QD", "url": ""} for label, tone, hours in rows]
    clocks = [{"label": _("Panel decision"), "kind": _("15 working days"), "due_at": at + span + timedelta(seconds=30), "url": "#"} for span in SPANS]
    return {"entries": entries, "clocks": clocks}


def _places() -> dict[str, Any]:
    tabs = [{"label": label, "url": "#", "current": n == 1} for n, label in enumerate((_("Situation"), _("Timeline"), _("Documents"), _("Sharing")))]
    heads = [{"label": _("Organisation")}, {"label": _("Sees")}, {"label": _("Waiting"), "number": True}]
    reasons = [_("Art. 6: the panel of both sides has not recorded its decision."), _("Art. 7: consent to travel is not given.")]
    return {"tabs": tabs, "heads": heads, "reasons": reasons, "page": Page([], next_url="?after=x", previous_url="?before=x")}
