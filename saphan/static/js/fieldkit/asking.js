// The questions: one a page, or a whole section for those who know them. Every answer is kept at once; nothing goes on by itself.
import { announce, backward, button, h, note, quiet, show } from "./dom.js";
import { answer, finish, questions, rest, save } from "./interview.js";
import { emergencyScreen, stopScreen } from "./beginning.js";
import { control, faultOf, giveUp, hasAside, kept, noteField, other, raw, sentenceOf, settle, shown, turnOf, unkept, wordsOf } from "./controls.js";
import { isKnown } from "./known.js";
import { finished, session } from "./session.js";
import { withInstance, withoutInstance } from "./filling.js";
import { listOf, said, t } from "./words.js";

export { settle };

const sectionLabel = (instrument, code) => said(instrument.sections.find((s) => s.code === code)?.label ?? {});
let wanted = ""; // a known answer that the worker asks again all the same: interview and place
const isWanted = (interview, entry) => wanted === `${interview.id} ${entry.place}`;
const isPassed = (interview) => (entry) => isKnown(interview, entry) && !isWanted(interview, entry);
const looked = (interview) => questions(session.catalogue, interview);

const top = (interview, { instrument, filling, asked: list }, at, back) => [
  h("p", { class: "acts" }, quiet(t("ask.pause"), async () => { await settle(); await rest(interview); back() }, { id: "pause", "data-back": at === 0 }),
    button(t("emergency"), async () => { await settle(); emergencyScreen(() => ask(interview, back)) }, { class: "button exit" })),
  h("p", { class: "meta" }, h("span", {}, [sectionLabel(instrument, list[at].section), interview.view === "section" ? "" : turnOf(filling, list[at])].filter(Boolean).join(" · ")), h("span", {}, t("ask.place", { at: at + 1, total: list.length })),
    h("span", { class: "tag good", id: "kept" }, kept(interview)),
    !instrument.formal && h("span", { class: "tag warm" }, t("begin.training"))),
];

export const ask = (interview, back, errors = {}) => {
  session.screen = "ask";
  unkept.clear();
  const looks = looked(interview), { instrument, asked: list } = looks;
  if (!instrument || !list.length) return show(h("h1", {}, t("ask.none")), backward(t("back"), back));
  interview.at = Math.min(Math.max(interview.at, 0), list.length - 1);
  const again = list.some((e) => isKnown(interview, e) && isWanted(interview, e));
  if (interview.view === "section" && !again) return section(interview, back, looks, errors);
  // What is known is not asked: the next one that is open, from here on.
  const at = list.findIndex((e, n) => n >= interview.at && !isPassed(interview)(e));
  if (at < 0) return overview(interview, back);
  interview.at = at;
  return list[interview.at].repeat ? more(interview, back, looks) : single(interview, back, looks, errors);
};

// Leaves the page for another one. A value that does not fit was not kept, so it is put right or emptied first.
const go = async (interview, back, at, total, want = "") => {
  await settle();
  if (unkept.size) return pointOut();
  wanted = want && `${interview.id} ${want}`;
  interview.at = at;
  await save(interview);
  if (at >= total) return overview(interview, back);
  ask(interview, back);
};
const pointOut = () => (document.querySelector("#main [aria-invalid=true]") ?? document.querySelector("#main [data-wrong] input"))?.focus();

// What speaks against the answers of these places as they stand now, by place, in words.
const told = (interview, { instrument, asked: list }, places) => {
  const found = {};
  for (const entry of list.filter((e) => e.question && places.has(e.place) && !isKnown(interview, e))) {
    const fault = faultOf(instrument, interview, entry, raw(interview, entry));
    if (fault) found[entry.place] = sentenceOf(fault);
  }
  return found;
};

// Goes on when nothing speaks against this page; what is needed and missing, or does not fit, is told at its question.
const onward = async (interview, back, entries) => {
  await settle();
  if (unkept.size) return pointOut();
  // A known answer that was asked again and is the same was said now.
  for (const entry of entries.filter((e) => isKnown(interview, e) && isWanted(interview, e))) await answer(interview, entry.place, interview.answers[entry.place].value);
  const looks = looked(interview), places = new Set(entries.map((e) => e.place)), errors = told(interview, looks, places);
  if (Object.keys(errors).length) {
    ask(interview, back, errors);
    announce(Object.values(errors)[0]);
    return pointOut();
  }
  // What the answers of this page brought up within it is asked before going on.
  const { section: part } = entries[0], fresh = looks.asked.findIndex((e) => e.section === part && !places.has(e.place));
  const last = looks.asked.findLastIndex((e) => places.has(e.place));
  return go(interview, back, interview.view === "section" && fresh >= 0 ? fresh : last + 1, looks.asked.length);
};

const later = async (interview, back, at, total) => { giveUp(); unkept.clear(); await go(interview, back, at, total) };
const aside = async (interview, back, entry, value) => {
  giveUp();
  unkept.clear();
  await answer(interview, entry.place, value);
  announce(t("ask.kept"));
  await onward(interview, back, [entry]);
};

const views = (interview, back, total, label, view) => h("p", { class: "acts" },
  quiet(label, async () => { await settle(); interview.view = view; await save(interview); ask(interview, back) }, { id: view === "section" ? "by-section" : "by-question" }),
  quiet(t("ask.all"), () => go(interview, back, total, total), { id: "all" }));

const single = (interview, back, looks, errors) => {
  const { instrument, filling, asked: list } = looks, at = interview.at, entry = list[at], { question, place } = entry;
  const given = question.asked && !filling.isReadOnly(place), before = list.findLastIndex((e, n) => n < at && !isPassed(interview)(e));
  show(
    top(interview, looks, at, back), isKnown(interview, entry) && note(t("ask.known", { reference: interview.answers[place].from })),
    h("h1", { id: "question" }, wordsOf(filling, question.label ?? {}, place)), other(interview, filling, entry),
    given && h("p", { class: "soft" }, `${wordsOf(filling, question.why ?? {}, place)} ${filling.isRequired(place) ? t("ask.needed") : ""} ${t("ask.need_not")}`.trim()),
    control(interview, entry, instrument, filling, { hidden: true, error: errors[place] }), given && noteField(interview, entry),
    h("p", { class: "acts" }, button(t("ask.next"), () => onward(interview, back, [entry]), { id: "next" }),
      given && quiet(t("ask.later"), () => later(interview, back, at + 1, list.length), { id: "later" }),
      given && !hasAside(instrument, question) && ["unknown", "declined"].map((value) => quiet(t(`ask.${value}`), () => aside(interview, back, entry, value), { id: value })),
      isWanted(interview, entry) ? backward(t("back"), () => go(interview, back, interview.view === "section" ? at : list.length, list.length))
        : before >= 0 && backward(t("back"), () => go(interview, back, before, list.length))),
    views(interview, back, list.length, t("ask.by_section"), "section"),
  );
};

// A known answer within a part: shown, and asked again only where the worker wants it.
const knownCard = (interview, back, { instrument, filling, asked: list }, entry) => h("div", { class: "card known" }, entry.index.length > 0 && h("p", { class: "meta turn" }, turnOf(filling, entry)),
  h("p", {}, wordsOf(filling, entry.question.label ?? {}, entry.place)), h("p", {}, h("strong", {}, shown(instrument, filling, interview, entry))), note(t("ask.known", { reference: interview.answers[entry.place].from })),
  h("p", { class: "acts" }, quiet(t("ask.again"), () => go(interview, back, list.indexOf(entry), list.length, entry.place), { class: "button quiet again" })));

const section = (interview, back, looks, errors) => {
  const { instrument, filling, asked: list } = looks, code = list[interview.at].section, mine = list.filter((e) => e.section === code), first = list.indexOf(mine[0]);
  show(
    top(interview, looks, first, back), h("h1", {}, sectionLabel(instrument, code) || t("ask.questions")), h("p", { class: "soft" }, t("ask.need_not")),
    mine.map((entry) => (entry.repeat ? turns(interview, back, looks, entry) : isKnown(interview, entry) ? knownCard(interview, back, looks, entry)
      : h("div", { class: "card asked" }, entry.index.length > 0 && h("p", { class: "meta turn" }, turnOf(filling, entry)), entry.question.asked && filling.isRequired(entry.place) && h("p", { class: "meta" }, t("ask.needed")),
        control(interview, entry, instrument, filling, { error: errors[entry.place] }), entry.question.asked && noteField(interview, entry)))),
    h("p", { class: "acts" }, button(t("ask.next_section"), () => onward(interview, back, mine), { id: "next" }),
      first > 0 && backward(t("back"), () => go(interview, back, first - 1, list.length))),
    views(interview, back, list.length, t("ask.by_question"), "question"),
  );
};

// Behind the last turn of a repeat: one more, or one taken out again.
const more = (interview, back, looks) => {
  const { filling, asked: list } = looks, at = interview.at, entry = list[at], before = list.findLastIndex((e, n) => n < at && !isPassed(interview)(e));
  show(
    top(interview, looks, at, back), h("h1", { id: "question" }, wordsOf(filling, entry.repeat.label ?? {}, entry.place) || t("ask.more")),
    h("p", {}, t("ask.turns", { n: entry.instances })), turns(interview, back, looks, entry),
    h("p", { class: "acts" }, button(t("ask.next"), () => go(interview, back, at + 1, list.length), { id: "next" }), before >= 0 && backward(t("back"), () => go(interview, back, before, list.length))),
    views(interview, back, list.length, t("ask.by_section"), "section"),
  );
};

const turns = (interview, back, { filling }, entry) => {
  const what = wordsOf(filling, entry.repeat.label ?? {}, entry.place), box = h("div", { class: "turns" });
  const inTurn = (turn) => (e) => e.index.length > entry.index.length && [...entry.index, turn].every((n, depth) => e.index[depth] === n) && filling.within(e.code)[entry.index.length]?.code === entry.code;
  const add = async () => {
    await settle();
    if (unkept.size) return pointOut();
    withInstance(filling, interview, entry);
    const list = looked(interview).asked, fresh = list.findIndex(inTurn(entry.instances + 1));
    interview.at = fresh >= 0 ? fresh : interview.at;
    await save(interview);
    ask(interview, back);
    if (interview.view === "section") document.querySelectorAll("#main .turn")[list.filter((e) => e.section === entry.section && e.question && e.index.length > 0).findIndex(inTurn(entry.instances + 1))]?.scrollIntoView();
  };
  const takeOut = async (turn) => {
    giveUp();
    withoutInstance(filling, interview, entry, turn);
    const at = looked(interview).asked.findIndex((e) => e.repeat && e.place === entry.place);
    interview.at = at >= 0 ? at : interview.at;
    await save(interview);
    ask(interview, back);
    announce(t("ask.turns", { n: Math.max(0, entry.instances - 1) }));
  };
  // What was said in a turn is gone from the device with it, so it is asked once more.
  const draw = (asking = 0) => box.replaceChildren(
    h("ul", { class: "plain" }, Array.from({ length: entry.instances }, (_, n) => n + 1).map((turn) => h("li", { class: "item" }, `${what} ${turn}`.trim(), " ",
      asking === turn ? [note(t("ask.remove_asks"), "warning"), button(t("ask.remove", { what, number: turn }), () => takeOut(turn), { class: "button danger" }), quiet(t("back"), () => draw())]
        : quiet(t("ask.remove", { what, number: turn }), () => draw(turn), { class: "button quiet remove" })))),
    h("p", { class: "acts" }, quiet(what ? t("ask.add", { what }) : t("ask.more"), add, { class: "button quiet add" })));
  draw();
  return box;
};

// Everything that was said, before it is finished: what is needed and missing, or does not fit any more, is told once more.
export const overview = (interview, back, asking = false) => {
  session.screen = "overview";
  unkept.clear();
  const looks = looked(interview), { instrument, filling, asked: list } = looks, put = list.filter((e) => e.question?.asked && !filling.isReadOnly(e.place));
  const risk = (name) => listOf(`choices.${name}`).find(([code]) => code === interview.safety[name])?.[1] ?? "";
  const open = put.filter((e) => !raw(interview, e)).length, errors = told(interview, looks, new Set(put.map((e) => e.place)));
  const against = put.filter((e) => errors[e.place]), unfit = against.filter((e) => raw(interview, e));
  const change = (entry) => go(interview, back, list.indexOf(entry), list.length, isKnown(interview, entry) ? entry.place : "");
  const last = interview.view === "section" ? list.length - 1 : list.findLastIndex((e) => !isKnown(interview, e));
  const done = async () => { await finish(interview, "complete"); announce(t("over.finished")); finished(); back() };
  const name = (entry) => [turnOf(filling, entry), wordsOf(filling, entry.question.label ?? {}, entry.place)].filter(Boolean).join(": ");
  show(
    h("h1", {}, t("over.title")), h("p", {}, t("over.open", { n: open, total: put.length })), !instrument.formal && note(t("begin.training_long"), "warning"),
    against.length > 0 && h("div", { class: "summary", role: asking ? "alert" : null, id: "against", tabindex: "-1" }, h("h2", {}, t("over.look_again")),
      h("ul", {}, against.map((e) => h("li", {}, h("button", { type: "button", class: "aslink", onclick: () => change(e) }, `${name(e)}: ${errors[e.place]}`)))), unfit.length === 0 && h("p", {}, t("over.may_stay_open"))),
    h("dl", { class: "facts" }, h("dt", {}, t("safety.person_risk")), h("dd", {}, risk("person_risk")), h("dt", {}, t("safety.worker_risk")), h("dd", {}, risk("worker_risk"))),
    h("p", { class: "acts" }, button(asking && unfit.length === 0 ? t("over.finish_open") : t("over.finish"), () => {
      if (against.length === 0 || (asking && unfit.length === 0)) return done();
      overview(interview, back, true);
      document.getElementById("against").focus();
    }, { id: "finish" }),
    backward(t("back"), last >= 0 ? () => go(interview, back, last, list.length) : async () => { await rest(interview); back() }),
    quiet(t("ask.pause"), async () => { await rest(interview); back() }), quiet(t("stop.instead"), () => stopScreen(interview, back, () => overview(interview, back)))),
    h("p", { class: "hint" }, t("over.hint")),
    h("ul", { class: "plain" }, list.filter((e) => e.question && e.question.kind !== "note").map((e) => h("li", { class: "item" }, h("p", {}, name(e)), errors[e.place] && raw(interview, e) && h("p", { class: "error" }, errors[e.place]),
      h("p", {}, h("strong", {}, shown(instrument, filling, interview, e) || t("ask.open")), interview.answers[e.place]?.note ? ` · ${interview.answers[e.place].note}` : "", isKnown(interview, e) && h("span", { class: "meta" }, " · ", t("ask.known_from", { reference: interview.answers[e.place].from }))),
      quiet(t(isKnown(interview, e) ? "ask.again" : "over.change"), () => change(e), { "aria-label": `${t(isKnown(interview, e) ? "ask.again" : "over.change")}: ${name(e)}` })))),
  );
};
