"""The sentences of the field kit in the worker's language: the page has none of its own, so that they are translated like all others."""

import re
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import override, pgettext

from saphan.care.fieldkit.codes import Activity, SiteKind
from saphan.care.persons.codes import Language
from saphan.care.persons.models import Person
from saphan.care.screening.codes import Interpreter, Known, Risk, StopReason, YesNo
from saphan.care.screening.forms import PresentForm, ResumeForm, SafetyForm
from saphan.care.screening.reference import emergency_contacts
from saphan.care.screening.safety import failing_points
from saphan.directory.models import Province
from saphan.xlsform.faults import SENTENCES

POINTS = (
    "private_place",
    "interpreter",
    "same_village",
    "same_community",
    "sex_asked",
    "consent",
    "may_skip",
    "referrals_ready",
    "person_risk",
    "worker_risk",
)
NOTHING_MET = {
    "private_place": YesNo.NO, "consent": YesNo.NO, "may_skip": YesNo.NO, "referrals_ready": YesNo.NO, "interpreter": Interpreter.PRESENT,
    "same_village": Known.YES, "same_community": Known.YES, "sex_asked": Known.NO, "person_risk": Risk.DANGER, "worker_risk": Risk.DANGER,
}  # fmt: skip


def sentences(language: str) -> dict[str, Any]:
    """Every sentence by its name. `{n}` is filled in by the page."""
    with override(language):
        return _page() | _queue() | _beginning() | _asking() | _faults() | _group() | _safety() | _choices()


def _faults() -> dict[str, str]:
    """What speaks against an answer: the sentences of the server's own pages."""
    return {f"fault.{code}": re.sub(r"%\((\w+)\)s", r"{\1}", str(sentence)) for code, sentence in SENTENCES.items()}


def _safety() -> dict[str, Any]:
    """The same points and the same sentences as on the desk, so that the two never say different things."""
    form = SafetyForm()
    missing = failing_points(NOTHING_MET) | failing_points(NOTHING_MET | {"interpreter": Interpreter.MISSING})
    words = {f"safety.{name}": str(form.fields[name].label) for name in POINTS}
    return words | {f"safety.fail.{name}": str(sentence) for name, sentence in (missing | failing_points(NOTHING_MET)).items() if name != "interpreter"} | {
        "safety.fail.interpreter": failing_points(NOTHING_MET | {"interpreter": Interpreter.MISSING})["interpreter"],
        "safety.title": _("Safety check"),
        "safety.about": _("The interview can start when every point is met. A point that is not met says what to do."),
        "safety.choose": _("Please answer: it concerns the safety of the person."),
        "safety.not_yet": _("Not yet. Look at the points marked below."),
        "safety.go": _("Keep this check"),
        "safety.consent_again": _("Does the person agree to go on, here, now and with you?"),
        "again.day": _("The safety check is of another day. Make it again, briefly, before you ask."),
        "again.place": _("The place or the interpreter is another. Make the safety check again, briefly, before you ask."),
        "again.about": _("Before it goes on: only what may have changed. The check before stays on record."),
    }  # fmt: skip


def _pairs(words: Any) -> list[list[str]]:
    return [[str(code), str(label)] for code, label in words]


def _choices() -> dict[str, Any]:
    aside = {"unknown", "declined"}
    known = [[code, label, code in aside] for code, label in _pairs(Known.choices)]
    found: dict[str, Any] = {
        f"choices.{name}": _pairs(YesNo.choices) for name in ("private_place", "consent", "may_skip", "referrals_ready", "changed")
    }
    found |= {f"choices.{name}": known for name in ("same_village", "same_community", "sex_asked")}
    found |= {f"choices.{name}": _pairs(Risk.choices) for name in ("person_risk", "worker_risk")}
    return found | {
        "choices.interpreter": _pairs(Interpreter.choices),
        "choices.age_band": _pairs(Person.AgeBand.choices),
        "choices.sex": _pairs(Person.Sex.choices),
        "choices.language": _pairs(Language.choices),
        "choices.stop_reason": _pairs(StopReason.choices),
        "choices.site_kind": _pairs(SiteKind.choices),
        "choices.activity": _pairs(Activity.choices),
        "choices.province": sorted([[p.code, str(p)] for p in Province.objects.filter(country="TH")], key=lambda pair: pair[1]),
        "emergency.contacts": [[c.number, c.name, c.use] for c in emergency_contacts()],
    }


def _page() -> dict[str, str]:
    return {
        "back": _("Back"),
        "choose": _("choose"),
        "emergency": _("Emergency"),
        "age.minutes": _("{n} min"),
        "age.hours": _("{n} h"),
        "age.days": _("{n} d"),
        "none.title": _("This device is not prepared"),
        "none.about": _("Prepare it once, with a network: it takes the questions along and makes a locked store for interviews."),
        "none.go": _("Prepare this device"),
        "none.emptied": _("The office ended this device. Its store was emptied: {when}."),
        "locked.title": _("The store is locked"),
        "locked.label": _("Passphrase of this device"),
        "locked.hint": _("Nobody can reset it. Without it, what has not been sent is lost."),
        "locked.go": _("Open the store"),
        "locked.opening": _("Opening …"),
        "locked.wrong": _("This is not the passphrase of this device."),
        "locked.wait": _("Too many wrong tries. Wait {n} min, then try again."),
        "locked.now": _("Locked. Every answer is kept."),
        "locked.waiting": _("Interviews that wait to be sent: {n}. The oldest has waited {age}."),
        "locked.unfinished": _("Interviews that are not finished: {n}. Open the store to go on."),
        "home.title": _("Interviews without a network"),
        "home.visit": _("New visit to a site"),
        "home.interview": _("New interview"),
        "home.device": _("This device"),
        "home.stands": _("{reference}, in use until {until}."),
        "home.fetched": _("Questions fetched {when}: {n} sets."),
        "home.refresh": _("Fetch questions and files anew"),
        "home.refreshed": _("Fetched."),
        "home.not_refreshed": _("Nothing could be fetched. What is here stays."),
        "home.lock": _("Lock"),
        "warn.evicted": _("This browser may delete what is kept here when room gets short or the page stays unopened for days. Send soon."),
        "warn.room": _("Little room is left on this device. Send what waits before the next interview."),
        "warn.oldest": _("The oldest interview that is not sent is {age} old."),
        "warn.expired": _("The office ended this device. What waits can still be sent; finish what is open. Then the store empties itself."),
        "warn.clock": _("The clock of this device is wrong. The office sees by how much."),
        "open.title": _("Not finished"),
        "person.new_n": _("New person {n}"),
    }


def _queue() -> dict[str, str]:
    return {
        "net.on": _("Network: there. What waits is sent by itself."),
        "net.off": _("No network. Everything is kept here and sent later."),
        "queue.title": _("To be sent"),
        "queue.count": _("Saved here: {waiting} · Sending: {sending} · Received: {received} · Refused: {refused}"),
        "queue.waiting": _("saved here, waiting"),
        "queue.sending": _("sending"),
        "queue.received": _("received"),
        "queue.refused": _("refused"),
        "queue.send_now": _("Send now"),
        "queue.export": _("Save as a file for a USB stick"),
        "queue.exported": _("Interviews in the file: {n}. It can be opened by the office only."),
        "queue.held": _("The office could not take this interview now. It is kept here and tried again by itself; the others go on."),
        "queue.open_again": _("Open again"),
        "queue.try_again": _("Send again"),
        "queue.no_reason": _("The office could not take this interview."),
        "queue.field": _("It concerns: {field}"),
        "queue.retired": _("Received. These questions have been replaced meanwhile; fetch the new ones."),
        "queue.clock": _("Received. The clock of this device was wrong; the office has marked it."),
        "queue.left": _("Still waiting: {n}. They are sent when the network is back."),
        "queue.none_left": _("Nothing waits."),
        "queue.unknown": _("The office does not know this device any more. Save the interviews as a file and bring them to the office."),
    }


def _beginning() -> dict[str, str]:
    present, changed = PresentForm().fields["present"], ResumeForm().fields["changed"]
    return {
        "begin.title": _("New interview"),
        "begin.person_n": _("Person {n}"),
        "begin.who": _("Whom do you interview?"),
        "begin.who_hint": _("Your own files by their alias, or somebody new. No name is written here."),
        "begin.new": _("a new person"),
        "begin.age": _("Age"),
        "begin.age_hint": _("When in doubt, the questions for children apply."),
        "begin.age_missing": _("Choose an age; in doubt is an answer too."),
        "begin.sex": _("Sex"),
        "begin.sex_hint": _("It need not be asked. “Unknown” also where the person does not want to say."),
        "begin.prepared": _("prepared"),
        "begin.known": _("Known already, not asked again: {n}."),
        "begin.language": _("Language of the interview"),
        "begin.language_missing": _("Choose the language of the person."),
        "begin.questions": _("Questions"),
        "begin.no_questions": _("No questions are on this device yet. Go back and fetch them with a network."),
        "begin.training": _("training"),
        "begin.training_long": _("These questions are a draft: for training and informal results only."),
        "begin.child_only": _("These questions are for children. Check the age."),
        "begin.second": _("Second language beside the question"),
        "begin.second_hint": _("Shows each question in the person's language too."),
        "begin.no_second": _("none"),
        "begin.go": _("Go on to the safety check"),
        "present.title": str(present.label),
        "present.label": str(present.label),
        "present.hint": str(present.help_text),
        "present.changed": str(changed.label),
        "present.changed_hint": str(changed.help_text),
        "present.changed_missing": _("Choose one of the answers."),
        "present.go": _("Begin with the first question"),
        "present.resume": _("Resume"),
    }


def _asking() -> dict[str, str]:
    return {
        "ask.none": _("No question applies."),
        "ask.need_not": _("You need not answer."),
        "ask.your_answer": _("Answer"),
        "ask.needed": _("(needed)"),
        "ask.questions": _("Questions"),
        "ask.range": _("From %(start)s to %(end)s.") % {"start": "{start}", "end": "{end}"},
        "ask.later": _("Ask later"),
        "ask.unknown": _("Not known"),
        "ask.declined": _("Prefer not to say"),
        "ask.more": _("Add another"),
        "ask.add": _("Add another: %(what)s") % {"what": "{what}"},
        "ask.remove": _("Remove %(what)s %(number)s") % {"what": "{what}", "number": "{number}"},
        "ask.remove_asks": _("What was said there leaves this device with it."),
        "ask.turns": _("Entries so far: {n}."),
        "ask.next": _("Continue"),
        "ask.next_section": _("Continue with the next part"),
        "ask.by_section": _("Show a whole part"),
        "ask.by_question": _("One question at a time"),
        "ask.all": _("All questions"),
        "ask.pause": pgettext("an interview", "Pause"),
        "ask.place": _("{at} of {total}"),
        "ask.count": _("{n} kept"),
        "ask.kept": _("Kept."),
        "ask.open": _("Not asked yet"),
        "ask.known": _("Known from interview %(reference)s. You need not ask it again.") % {"reference": "{reference}"},
        "ask.known_from": _("known from %(reference)s") % {"reference": "{reference}"},
        "ask.again": pgettext("a question", "Ask again"),
        "ask.note": _("Add a note"),
        "ask.note_label": _("Note"),
        "ask.note_hint": _("Kept locked on this device and sealed in the office."),
        "over.title": _("Everything that was said"),
        "over.open": _("{n} of {total} questions are open. An interview may be finished with open questions."),
        "over.finish": _("Finish: save for sending"),
        "over.finished": _("Saved here, waiting."),
        "over.hint": _("Until it is sent it can be opened again. After that the answers are gone from this device."),
        "over.change": _("Change"),
        "over.look_again": _("Please look at this again"),
        "over.may_stay_open": _("Nobody need answer. You may finish with these questions open."),
        "over.finish_open": _("Finish with open questions"),
        "stop.instead": _("Stop the interview"),
        "stop.title": _("Stop the interview"),
        "stop.about": _("No service depends on it."),
        "stop.why": _("Why does it stop?"),
        "stop.missing": _("Say why the interview stops."),
        "stop.go": _("Stop"),
        "photo.hint": _("At most 10 MB. What the camera writes into it is taken out in the office."),
        "photo.kept": _("A photo is kept."),
        "photo.too_many": _("At most {n} photos belong to one interview."),
        "photo.too_large": _("This photo is larger than 10 MB, so it was not taken. Make it smaller; the answers are kept."),
        "state.safety": _("before the safety check"),
        "state.open": _("under way"),
        "state.resting": _("paused"),
        "state.waiting": _("finished"),
    }


def _group() -> dict[str, str]:
    return {
        "visit.title": _("Visit to a site"),
        "visit.about": _("What holds for everybody there is written once. It is sealed."),
        "visit.place": _("The site"),
        "visit.place_hint": _("As you will know it again. No name of a person."),
        "visit.site_kind": _("Kind of site"),
        "visit.activity": _("What is done there"),
        "visit.province": _("Province"),
        "visit.conditions": _("Conditions that were reported or seen"),
        "visit.conditions_hint": _("Hours, pay, rooms, papers, guards. What concerns one person only belongs into that interview."),
        "visit.keep": _("Keep, and go on to the people"),
        "visit.list": _("Visits to sites"),
        "visit.unnamed": _("Site without a name"),
        "visit.count": _("People: {n}"),
        "visit.add": _("Add a person"),
        "visit.change": _("Change what holds for all"),
        "visit.go_on": _("Go on"),
        "visit.remove": _("Remove this visit from the device"),
        "visit.back": _("Back to the start"),
    }
