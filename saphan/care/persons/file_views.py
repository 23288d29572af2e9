"""Screens of a person's file: alias and working facts, what is opened on a stated purpose, correction."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from saphan.access.actions import Action
from saphan.access.guard import StaffRequest, page_for
from saphan.access.policy import check, require
from saphan.audit.services import record
from saphan.care.persons import files
from saphan.care.persons.disclosure import ends_now, readable_classes, reveal
from saphan.care.persons.forms import FileForm, PurposeForm, RevealForm, working_facts
from saphan.care.persons.models import Involvement, Person
from saphan.care.persons.steps import steps_for
from saphan.core import clock
from saphan.core.errors import Outdated
from saphan.core.forms import differences, unchanged
from saphan.core.once import once
from saphan.core.sealing import sealed_fields


@page_for(Action.PERSON_READ)
@require_GET
def detail(request: StaffRequest, person_id: UUID) -> HttpResponse:
    """The file under its alias. A colleague who is not involved is asked why first."""
    person = visible_person(request, person_id)
    if not check(request.user, Action.PERSON_READ, person):
        return redirect("persons:why", person.pk)
    record(by=request.user, action=Action.PERSON_READ, target=person, subject=person.pk, at=clock.now())
    return _page(request, person)


@page_for(Action.PERSON_STATE_PURPOSE)
@require_http_methods(["GET", "POST"])
def why(request: StaffRequest, person_id: UUID) -> HttpResponse:
    """A colleague says why the file is needed; it stays open for a day, and the lead is told."""
    person = visible_person(request, person_id)
    require(request.user, Action.PERSON_STATE_PURPOSE, person)
    form = PurposeForm(request.POST or None)
    onward = _own_address(request)
    if request.method == "POST" and form.is_valid():
        files.state_purpose(person_id=person.pk, purpose=form.cleaned_data["purpose"], by=request.user, at=clock.now())
        messages.success(request, _("The file %(alias)s is open to you for a day. The lead worker is told.") % {"alias": person.alias})
        return redirect(onward) if onward else redirect("persons:detail", person.pk)
    return render(request, "persons/why.html", {"person": person, "form": form, "next": onward}, status=422 if request.method == "POST" else 200)


def _own_address(request: StaffRequest) -> str:
    address = request.POST.get("next") or request.GET.get("next") or ""
    safe = url_has_allowed_host_and_scheme(address, allowed_hosts=None) and address.startswith("/desk/")
    return address if safe else ""


@page_for(Action.PERSON_REVEAL)
@require_POST
def show_sealed(request: StaffRequest, person_id: UUID) -> HttpResponse:
    """Shows the chosen parts on this answer only; nothing of it is kept by the browser, all of it is in the audit."""
    person = visible_person(request, person_id)
    form = RevealForm(request.POST, offered=readable_classes(request.user, person))
    if not form.is_valid():
        return _page(request, person, reveal_form=form, status=422)
    chosen = set(form.cleaned_data["classes"])
    fields = [name for name, field in sealed_fields(Person).items() if field.sensitivity in chosen]
    values = reveal(person, *fields, by=request.user, at=clock.now(), purpose=form.cleaned_data["purpose"])
    shown = [(FileForm.base_fields[name].label, value) for name, value in values.items()]
    return render(request, "persons/revealed.html", {"person": person, "shown": shown})


@page_for(Action.PERSON_EDIT)
@require_http_methods(["GET", "POST"])
@once
def edit(request: StaffRequest, person_id: UUID) -> HttpResponse:
    """Corrects the file. The second of two editors sees both versions side by side and loses nothing."""
    person = visible_person(request, person_id)
    require(request.user, Action.PERSON_EDIT, person)
    if request.method == "GET":
        return render(request, "persons/file_edit.html", {"person": person, "form": FileForm(keeps=True, initial=working_facts(person))})
    form = FileForm(request.POST, keeps=True)
    if not form.is_valid():
        return render(request, "persons/file_edit.html", {"person": person, "form": form}, status=422)
    try:
        files.update_person(person_id=person.pk, version=form.cleaned_data["version"] or 0, facts=form.facts(), by=request.user, at=clock.now())
    except Outdated as error:
        return _conflict(request, person_id, form, error)
    messages.success(request, _("The file %(alias)s is saved.") % {"alias": person.alias})
    return redirect("persons:detail", person.pk)


def _conflict(request: StaffRequest, person_id: UUID, form: FileForm, error: Outdated) -> HttpResponse:
    theirs = visible_person(request, person_id)
    found = differences(form, {name: value for name, value in working_facts(theirs).items() if name in FileForm.WORKING})
    context = {
        "person": theirs,
        "form": form,
        "differences": found,
        "kept": unchanged(form, found),
        "version": theirs.version,
        "sentence": error.sentence,
    }
    return render(request, "persons/file_conflict.html", context, status=error.status)


def visible_person(request: StaffRequest, person_id: UUID) -> Person:
    """The file, or the same 404 for a foreign one as for none."""
    person = Person.objects.visible_to(request.user).select_related("org", "office", "nationality", "report").filter(pk=person_id).first()
    if person is None:
        raise Http404
    return person


def _page(request: StaffRequest, person: Person, *, reveal_form: RevealForm | None = None, status: int = 200) -> HttpResponse:
    at = clock.now()
    offered = readable_classes(request.user, person)
    involved = Involvement.objects.open_at(at).filter(person=person).select_related("user", "org").order_by("since")
    context = {
        "person": person, "offered": offered, "reveal_form": reveal_form or RevealForm(offered=offered), "involved": involved,
        "until": ends_now(person, request.user),
        "may_edit": check(request.user, Action.PERSON_EDIT, person).allowed, "steps": steps_for(person, request.user),
        "report": person.report if person.org_id == request.user.org_id and Action.REPORT_READ in request.user.acts else None,
    }  # fmt: skip
    return render(request, "persons/file.html", context, status=status)
