"""One page, sent twice by an impatient hand or a poor line, acts once."""

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import wraps
from typing import Any, ClassVar

from django.contrib import messages
from django.db import models, transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _

from saphan.core import clock
from saphan.core.upkeep import chore

View = Callable[..., HttpResponse]
KEPT = timedelta(days=1)


class Submission(models.Model):
    """A page that was sent and done, and where its first sending led. Kept for a day."""

    by_id = models.CharField(max_length=36)
    token = models.CharField(max_length=43)
    location = models.CharField(max_length=500, default="")
    at = models.DateTimeField(default=clock.now, db_index=True)

    objects: ClassVar[models.Manager["Submission"]] = models.Manager()

    class Meta:
        app_label = "core"
        constraints = [models.UniqueConstraint(name="submission_once", fields=["by_id", "token"])]


def once(view: View) -> View:
    """Marks a view whose page carries `{% once %}`: a second sending of the same page gets the first one's answer, not a second act.

    Stands innermost, below `@page_for` and `@require_POST`.
    The token is claimed in the act's own transaction, so a parallel second sending waits for the first, and a crash leaves neither.
    """

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        token = request.POST.get("once", "") if request.method == "POST" else ""
        if not 16 <= len(token) <= 43:
            return view(request, *args, **kwargs)
        with transaction.atomic():
            claim, first = Submission.objects.get_or_create(by_id=str(request.user.pk or ""), token=token)
            if not first:
                messages.info(request, _("This was already saved; it was not done twice."))
                return HttpResponseRedirect(claim.location)
            return _answered(view(request, *args, **kwargs), claim)

    return guarded


def _answered(response: HttpResponse, claim: Submission) -> HttpResponse:
    """Only an act that ended in a redirect is remembered; a form that came back with errors may be sent again."""
    if isinstance(response, HttpResponseRedirect):
        claim.location = response.url
        claim.save(update_fields=["location"])
    else:
        claim.delete()
    return response


@chore("pages sent once")
def forget_old(at: datetime) -> int:
    """Removes what is past its day; returns how many."""
    return Submission.objects.filter(at__lt=at - KEPT).delete()[0]
