"""What the office of the Inquiry Corner keeps: templates, public answers, figures."""

import csv
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from saphan.access.actions import Action
from saphan.access.guard import StaffRequest, page_for
from saphan.access.policy import check, require
from saphan.audit.services import record
from saphan.core import clock
from saphan.core.errors import Invalid
from saphan.core.once import once
from saphan.core.spreadsheet import safe_cell
from saphan.portal.inquiries import publishing
from saphan.portal.inquiries.desk_forms import AnswerForm, QueueForm, TemplateForm
from saphan.portal.inquiries.fields import is_uuid, put_errors
from saphan.portal.inquiries.figures import half_within, lines, months_back, shown
from saphan.portal.inquiries.models import Answer, Template
from saphan.portal.inquiries.states import FAQ_LIFE


@page_for(Action.INQUIRY_TEMPLATE)
@require_http_methods(["GET", "POST"])
@once
def templates(request: StaffRequest) -> HttpResponse:
    """The texts that answers begin with, and a new one."""
    form = TemplateForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        _keep(request, form)
        return redirect("inquiries_desk:templates")
    context = {"templates": Template.objects.all(), "form": form}
    return render(request, "inquiries/desk/templates.html", context, status=422 if form.is_bound else 200)


@page_for(Action.INQUIRY_TEMPLATE)
@require_http_methods(["GET", "POST"])
@once
def template(request: StaffRequest, template_id: UUID) -> HttpResponse:
    """Changes one of them."""
    kept = _template(template_id)
    form = TemplateForm(request.POST if request.method == "POST" else None, instance=kept)
    if form.is_valid():
        _keep(request, form)
        return redirect("inquiries_desk:templates")
    return render(request, "inquiries/desk/template.html", {"form": form, "template": kept}, status=422 if form.is_bound else 200)


@page_for(Action.INQUIRY_TEMPLATE)
@require_http_methods(["GET", "POST"])
@once
def remove_template(request: StaffRequest, template_id: UUID) -> HttpResponse:
    """Removes one of them, after asking."""
    kept = _template(template_id)
    if request.method == "POST":
        require(request.user, Action.INQUIRY_TEMPLATE, kept)
        record(by=request.user, action=Action.INQUIRY_TEMPLATE, target=kept, at=clock.now(), purpose="remove")
        kept.delete()
        messages.success(request, _("The text is removed."))
        return redirect("inquiries_desk:templates")
    question = _("Remove the text “%(title)s”?") % {"title": kept.title}
    told = {"question": question, "consequences": [_("Answers that began with it stay as they are.")], "verb": _("Remove"), "back": "../"}
    return render(request, "confirm.html", told)


def _template(template_id: UUID) -> Template:
    kept = Template.objects.filter(pk=template_id).first()
    if kept is None:
        raise Http404
    return kept


def _keep(request: StaffRequest, form: TemplateForm) -> None:
    require(request.user, Action.INQUIRY_TEMPLATE)
    kept: Template = form.save(commit=False)
    kept.changed_at, kept.changed_by = clock.now(), request.user
    kept.save()
    record(by=request.user, action=Action.INQUIRY_TEMPLATE, target=kept, at=kept.changed_at)
    messages.success(request, _("The text is saved."))


@page_for(Action.FAQ_WRITE)
@require_GET
def answers(request: StaffRequest) -> HttpResponse:
    """Public questions and answers, and those that wait for a second person."""
    rows = [
        (answer, check(request.user, Action.FAQ_APPROVE, answer))
        for answer in Answer.objects.select_related("written_by").order_by("state", "question")
    ]
    return render(request, "inquiries/desk/answers.html", {"rows": rows})


@page_for(Action.FAQ_WRITE)
@require_http_methods(["GET", "POST"])
@once
def propose(request: StaffRequest) -> HttpResponse:
    """Writes a new one; `group` makes it the translation of another."""
    other = Answer.objects.filter(pk=request.GET["of"]).first() if is_uuid(request.GET.get("of", "")) else None
    form = AnswerForm(request.POST if request.method == "POST" else None, initial={"topic": other.topic if other else ""})
    if form.is_valid():
        try:
            publishing.propose(**form.cleaned_data, group=other.group if other else None, by=request.user, at=clock.now())
            messages.success(request, _("The answer waits for a second person."))
            return redirect("inquiries_desk:answers")
        except Invalid as error:
            put_errors(form, error)
    return render(request, "inquiries/desk/answer.html", {"form": form, "other": other}, status=422 if form.is_bound else 200)


@page_for(Action.FAQ_WRITE)
@require_http_methods(["GET", "POST"])
@once
def rewrite(request: StaffRequest, answer_id: UUID) -> HttpResponse:
    """Changes one; it waits for a second person again."""
    answer = _answer(answer_id)
    initial = {name: getattr(answer, name) for name in ("language", "question", "text", "topic")}
    form = AnswerForm(request.POST if request.method == "POST" else None, initial=initial)
    if form.is_valid():
        told = form.cleaned_data
        try:
            publishing.rewrite(
                answer_id=answer.pk, question=told["question"], text=told["text"], topic=told["topic"], by=request.user, at=clock.now()
            )
            messages.success(request, _("The answer waits for a second person."))
            return redirect("inquiries_desk:answers")
        except Invalid as error:
            put_errors(form, error)
    context = {"form": form, "answer": answer, "verbs": FAQ_LIFE.verbs_from(answer.state), "may": check(request.user, Action.FAQ_APPROVE, answer)}
    return render(request, "inquiries/desk/answer.html", context, status=422 if form.is_bound else 200)


@page_for(Action.FAQ_APPROVE)
@require_POST
@once
def publish(request: StaffRequest, answer_id: UUID) -> HttpResponse:
    """The second person makes it public."""
    publishing.publish(answer_id=_answer(answer_id).pk, by=request.user, at=clock.now())
    messages.success(request, _("The answer is public."))
    return redirect("inquiries_desk:answers")


@page_for(Action.FAQ_WRITE)
@require_POST
@once
def withdraw(request: StaffRequest, answer_id: UUID) -> HttpResponse:
    """Takes it out of the public."""
    publishing.withdraw(answer_id=_answer(answer_id).pk, by=request.user, at=clock.now())
    messages.success(request, _("The answer is withdrawn."))
    return redirect("inquiries_desk:answers")


@page_for(Action.INQUIRY_FIGURES)
@require_GET
def figures(request: StaffRequest) -> HttpResponse:
    """How many, month by month; as a table, or as a file."""
    filters = QueueForm(request.GET)
    filters.is_valid()
    chosen = {name: filters.cleaned_data.get(name) or "" for name in ("kind", "language")}
    months = months_back(timezone.localdate(clock.now()))
    found = lines(months, **chosen)
    rows: list[tuple[Any, list[Any]]] = [(line.label, [shown(number) for number in line.counts]) for line in found]
    rows.append((_("half of the first answers came"), half_within(found)))
    if request.GET.get("as") == "csv":
        return _as_file(months, rows)
    return render(request, "inquiries/desk/figures.html", {"months": months, "rows": rows, "filters": filters})


def _as_file(months: Any, rows: Any) -> HttpResponse:
    answer = HttpResponse(content_type="text/csv; charset=utf-8", headers={"Content-Disposition": 'attachment; filename="inquiries-by-month.csv"'})
    answer.write("\ufeff")
    writer = csv.writer(answer)
    writer.writerow(["", *(f"{month:%Y-%m}" for month in months)])
    for label, counts in rows:
        writer.writerow([safe_cell(label), *map(str, counts)])
    return answer


def _answer(answer_id: UUID) -> Answer:
    answer = Answer.objects.filter(pk=answer_id).first()
    if answer is None:
        raise Http404
    return answer
