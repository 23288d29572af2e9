// The questions: one a page, or a whole section for those who know them. Every answer is kept at once; nothing goes on by itself.
import { announce, button, choices, field, h, note, quiet, show } from "./dom.js";
import { answer, finish, questions, rest, save } from "./interview.js";
import { emergencyScreen, stopScreen } from "./beginning.js";
import { finished, session } from "./session.js";
import { fits, offered } from "./logic.js";
import { language, listOf, said, t } from "./words.js";

const PHOTO_AT_MOST = 10 * 1024 * 1024;
const TYPED = { text: "text", integer: "number", decimal: "number", date: "date", time: "time" };
const ASIDE = new Set(["unknown", "declined"]);
let pending = null; // what is typed and not kept yet

export const settle = async () => { const act = pending; pending = null; await act?.() };

const optionsOf = (instrument, question, interview) => (interview ? offered(instrument, interview, question) : instrument.choices[question.choices] ?? []).map((c) => [c.name, said(c.label), ASIDE.has(c.name)]);

const other = (interview, question) => {
  const code = interview.second;
  const words = code && code !== language ? question.label[code] : "";
  return words ? h("p", { class: "other", lang: code }, words) : null;
};

const noteField = (interview, question) => {
  const typed = h("textarea", { rows: 3, value: interview.answers[question.code]?.note ?? "" });
  let timer = 0;
  const keep = () => answer(interview, question.code, interview.answers[question.code]?.value ?? "", typed.value);
  typed.addEventListener("input", () => { clearTimeout(timer); pending = keep; timer = setTimeout(settle, 800) });
  return h("details", { class: "sealednote", open: Boolean(typed.value) }, h("summary", {}, t("ask.note")), field(t("ask.note_label"), typed, { hint: t("ask.note_hint") }));
};

const typedField = (interview, question, instrument, hidden) => {
  const control = question.kind === "text" ? h("textarea", { rows: 3 }) : h("input", { type: TYPED[question.kind] ?? "text", inputmode: question.kind === "integer" ? "numeric" : null });
  control.value = interview.answers[question.code]?.value ?? "";
  let timer = 0;
  const wrong = h("p", { class: "error", role: "alert" });
  // What does not fit is not kept, and said at its place; what was kept before stays until then.
  const keep = async () => {
    const good = fits(instrument, interview, question, control.value);
    wrong.textContent = good ? "" : said(question.constraintMessage ?? {}) || t("ask.does_not_fit");
    control.setAttribute("aria-invalid", good ? "false" : "true");
    if (good) await answer(interview, question.code, control.value);
  };
  control.addEventListener("input", () => { clearTimeout(timer); pending = keep; timer = setTimeout(settle, 500) });
  return h("div", {}, field(hidden ? t("ask.your_answer") : said(question.label), control, { hint: said(question.hint ?? {}) }), wrong);
};

const severalField = (interview, question, instrument) => {
  const chosen = new Set((interview.answers[question.code]?.value ?? "").split(/\s+/).filter(Boolean));
  return h("div", { class: "field" }, h("fieldset", {}, h("legend", {}, said(question.label)), h("div", { class: "answers" }, optionsOf(instrument, question, interview).map(([code, words]) =>
    h("label", {}, h("input", { type: "checkbox", value: code, checked: chosen.has(code), onchange: (event) => {
      if (event.target.checked) chosen.add(code); else chosen.delete(code);
      answer(interview, question.code, [...chosen].join(" "));
    } }), h("span", {}, words))))));
};

const photoField = (interview, question) => {
  const kept = h("p", { class: "hint" }, interview.photos.some((p) => p.place === question.code) ? t("photo.kept") : "");
  const wrong = h("p", { class: "error", role: "alert" });
  const control = h("input", { type: "file", accept: "image/jpeg,image/png,image/webp", onchange: async () => {
    const file = control.files[0];
    wrong.textContent = "";
    if (!file) return;
    if (file.size > PHOTO_AT_MOST) { wrong.textContent = t("photo.too_large"); control.value = ""; return }
    const content = await new Promise((resolve) => { const reader = new FileReader(); reader.onload = () => resolve(reader.result.split(",")[1]); reader.readAsDataURL(file) });
    const ending = { "image/png": "png", "image/webp": "webp" }[file.type] ?? "jpg";
    interview.photos = [...interview.photos.filter((p) => p.place !== question.code), { place: question.code, name: `photo.${ending}`, content }];
    await save(interview);
    kept.textContent = t("photo.kept");
    control.value = "";
  } });
  return h("div", {}, field(said(question.label), control, { hint: t("photo.hint") }), wrong, kept);
};

const kept = (interview) => t("ask.count", { n: Object.values(interview.answers).filter((a) => a.value).length });
const countKept = (interview) => { document.getElementById("kept").textContent = kept(interview) };

const control = (interview, question, instrument, hidden) => {
  if (question.kind === "note") return h("p", {}, said(question.label));
  if (question.kind === "select_multiple") return severalField(interview, question, instrument);
  if (question.kind === "image") return photoField(interview, question);
  if (question.kind !== "select_one") return typedField(interview, question, instrument, hidden);
  return choices(said(question.label), optionsOf(instrument, question, interview), {
    value: interview.answers[question.code]?.value ?? "", hidden, extra: hidden ? null : [other(interview, question), question.why && h("p", { class: "hint" }, said(question.why))],
    onchange: async (code) => { await answer(interview, question.code, code); announce(t("ask.kept")); countKept(interview) },
  });
};

const sectionLabel = (instrument, code) => said(instrument.sections.find((s) => s.code === code)?.label ?? {});

const top = (interview, instrument, list, at, back) => [
  h("p", { class: "acts" }, quiet(t("ask.pause"), async () => { await settle(); await rest(interview); back() }, { id: "pause" }),
    button(t("emergency"), async () => { await settle(); emergencyScreen(() => ask(interview, back)) }, { class: "button exit" })),
  h("p", { class: "meta" }, h("span", {}, sectionLabel(instrument, list[at].section)), h("span", {}, t("ask.place", { at: at + 1, total: list.length })),
    h("span", { class: "tag good", id: "kept" }, kept(interview)),
    !instrument.formal && h("span", { class: "tag warm" }, t("begin.training"))),
];

export const ask = (interview, back) => {
  session.screen = "ask";
  const { instrument, asked: list } = questions(session.catalogue, interview);
  if (!instrument || !list.length) return show(h("h1", {}, t("ask.none")), quiet(t("back"), back));
  interview.at = Math.min(Math.max(interview.at, 0), list.length - 1);
  return interview.view === "section" ? section(interview, back, instrument, list) : single(interview, back, instrument, list);
};

const go = async (interview, back, at, total) => {
  await settle();
  const wrong = document.querySelector("#main [aria-invalid=true]");
  if (wrong) return wrong.focus();
  interview.at = at;
  await save(interview);
  if (at >= total) return overview(interview, back);
  ask(interview, back);
};

const single = (interview, back, instrument, list) => {
  const at = interview.at, question = list[at];
  show(
    top(interview, instrument, list, at, back),
    h("h1", { id: "question" }, said(question.label)), other(interview, question),
    h("p", { class: "soft" }, `${said(question.why ?? {})} ${t("ask.need_not")}`), control(interview, question, instrument, true), noteField(interview, question),
    h("p", { class: "acts" }, button(t("ask.next"), () => go(interview, back, at + 1, list.length), { id: "next" }),
      at > 0 && quiet(t("back"), () => go(interview, back, at - 1, list.length))),
    h("p", { class: "acts" }, quiet(t("ask.by_section"), async () => { await settle(); interview.view = "section"; await save(interview); ask(interview, back) }, { id: "by-section" }),
      quiet(t("ask.all"), () => go(interview, back, list.length, list.length), { id: "all" })),
  );
};

const section = (interview, back, instrument, list) => {
  const code = list[interview.at].section, first = list.findIndex((q) => q.section === code), mine = list.filter((q) => q.section === code);
  const after = first + mine.length;
  show(
    top(interview, instrument, list, first, back), h("h1", {}, sectionLabel(instrument, code)), h("p", { class: "soft" }, t("ask.need_not")),
    mine.map((question) => h("div", { class: "card asked" }, control(interview, question, instrument, false), noteField(interview, question))),
    h("p", { class: "acts" }, button(t("ask.next_section"), () => go(interview, back, after, list.length), { id: "next" }),
      first > 0 && quiet(t("back"), () => go(interview, back, first - 1, list.length))),
    h("p", { class: "acts" }, quiet(t("ask.by_question"), async () => { await settle(); interview.view = "question"; await save(interview); ask(interview, back) }),
      quiet(t("ask.all"), () => go(interview, back, list.length, list.length), { id: "all" })),
  );
};

// Everything that was said, before it is finished.
export const overview = (interview, back) => {
  session.screen = "overview";
  const { instrument, asked: list } = questions(session.catalogue, interview);
  const risk = (name) => listOf(`choices.${name}`).find(([code]) => code === interview.safety[name])?.[1] ?? "";
  const answered = (q) => { const value = interview.answers[q.code]?.value ?? ""; return value ? value.split(/\s+/).map((v) => optionsOf(instrument, q).find(([code]) => code === v)?.[1] ?? v).join(", ") : t("ask.open") };
  const open = list.filter((q) => !interview.answers[q.code]?.value).length;
  show(
    h("h1", {}, t("over.title")), h("p", {}, t("over.open", { n: open, total: list.length })), !instrument.formal && note(t("begin.training_long"), "warning"),
    h("dl", { class: "facts" }, h("dt", {}, t("safety.person_risk")), h("dd", {}, risk("person_risk")), h("dt", {}, t("safety.worker_risk")), h("dd", {}, risk("worker_risk"))),
    h("p", { class: "acts" }, button(t("over.finish"), async () => { await finish(interview, "complete"); announce(t("over.finished")); finished(); back() }, { id: "finish" }),
      quiet(t("ask.pause"), async () => { await rest(interview); back() }), quiet(t("stop.instead"), () => stopScreen(interview, back, () => overview(interview, back)))),
    h("p", { class: "hint" }, t("over.hint")),
    h("ul", { class: "plain" }, list.map((q, at) => h("li", { class: "item" }, h("p", {}, said(q.label)), h("p", {}, h("strong", {}, answered(q)), interview.answers[q.code]?.note ? ` · ${interview.answers[q.code].note}` : ""),
      quiet(t("over.change"), () => go(interview, back, at, list.length), { "aria-label": `${t("over.change")}: ${said(q.label)}` })))),
  );
};
