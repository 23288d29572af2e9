// How each kind of question is answered on the device: kept at once, and what does not fit is told at its place and not kept.
import { announce, choices, field, fresh, h } from "./dom.js";
import { answer, save } from "./interview.js";
import { asTyped, fillingOf, isAside } from "./filling.js";
import { language, said, t } from "./words.js";

const PHOTO_AT_MOST = 10 * 1024 * 1024;
const PHOTOS_AT_MOST = 10;
const TYPED = { date: "date", time: "time", datetime: "datetime-local" };
const INPUT_MODE = { integer: "numeric", decimal: "decimal", range: "decimal" };
const ASIDE = new Set(["unknown", "declined"]);
const pending = new Map(); // what is typed and not kept yet, by its field
export const unkept = new Set(); // places of this page whose present value does not fit, so that it was not kept

export const settle = async () => { for (const [name, act] of [...pending]) if (pending.delete(name)) await act() };
export const giveUp = () => pending.clear();

// A text of the form in the worker's language, with the answers that it mentions.
export const wordsOf = (filling, texts, place, code = language) => filling.filledIn(said(texts, code), place, code);

// Which turn of which repeat a question stands in: "Child 2".
export const turnOf = (filling, { code, index, place }) => filling.within(code).slice(0, index.length).map((row, depth) => `${wordsOf(filling, row.label ?? {}, place)} ${index[depth]}`.trim()).join(" · ");

export const sentenceOf = (fault) => said(fault.texts ?? {}) || t(`fault.${fault.code}`, fault.values ?? {});
export const raw = (interview, { question, place }) => (question.kind === "image" && interview.photos.find((p) => p.place === place)?.name) || (interview.answers[place]?.value ?? "");
export const faultOf = (instrument, interview, entry, value) => fillingOf(instrument, interview).fault(entry.place, value);

const optionsOf = (instrument, filling, { place }) => filling.offered(place).map((c) => [c.name, said(c.label) || c.name, ASIDE.has(c.name)]);

// Whether "not known" and "declined" stand among the answers themselves, as they do in questions of five answers.
export const hasAside = (instrument, question) => [...ASIDE].every((value) => !isAside(instrument, question, value));

// An answer in words.
export const shown = (instrument, filling, interview, entry) => {
  const { question } = entry, value = question.calculation || !interview.answers[entry.place]?.value ? filling.value(entry.place) : interview.answers[entry.place].value;
  if (isAside(instrument, question, value)) return t(`ask.${value}`);
  if (question.kind === "image") return raw(interview, entry) ? t("photo.kept") : "";
  const labels = new Map((instrument.choices[question.choices] ?? []).map((c) => [c.name, said(c.label)]));
  return labels.size ? value.split(/\s+/).filter(Boolean).map((name) => labels.get(name) || name).join(", ") : value;
};

export const other = (interview, filling, { question, place }) => {
  const code = interview.second;
  return code && code !== language && question.label?.[code] ? h("p", { class: "other", lang: code }, wordsOf(filling, question.label, place, code)) : null;
};

export const noteField = (interview, { place }) => {
  const typed = h("textarea", { rows: 3, maxlength: 4000, value: interview.answers[place]?.note ?? "" });
  let timer = 0;
  const keep = () => answer(interview, place, interview.answers[place]?.value ?? "", typed.value);
  typed.addEventListener("input", () => { clearTimeout(timer); pending.set(`note ${place}`, keep); timer = setTimeout(settle, 800) });
  return h("details", { class: "sealednote", open: Boolean(typed.value) }, h("summary", {}, t("ask.note")), field(t("ask.note_label"), typed, { hint: t("ask.note_hint") }));
};

// Keeps a value that fits; tells what speaks against another one. What was kept before stays until then.
const keeper = (interview, instrument, entry, wrong, mark) => async (value) => {
  const fault = value ? faultOf(instrument, interview, entry, value) : null;
  wrong.textContent = fault ? sentenceOf(fault) : "";
  mark(Boolean(fault));
  if (fault) unkept.add(entry.place); else unkept.delete(entry.place);
  if (!fault) await answer(interview, entry.place, value);
  return !fault;
};
const wrongLine = (error) => h("p", { class: "error told", role: "alert", id: fresh() }, error ?? "");
const describedBy = (control, line) => control.setAttribute("aria-describedby", [control.getAttribute("aria-describedby"), line.id].filter(Boolean).join(" "));

const typedField = (interview, entry, instrument, filling, { hidden, error }) => {
  const { question, place } = entry, kept = raw(interview, entry);
  const control = question.kind === "text" ? h("textarea", { rows: 3 }) : h("input", { type: TYPED[question.kind] ?? "text", inputmode: INPUT_MODE[question.kind] ?? null, autocomplete: "off" });
  control.value = isAside(instrument, question, kept) ? "" : kept || filling.value(place);
  if (error) control.setAttribute("aria-invalid", "true");
  let timer = 0;
  const wrong = wrongLine(error);
  const keep = keeper(interview, instrument, entry, wrong, (bad) => control.setAttribute("aria-invalid", bad ? "true" : "false"));
  const now = () => keep(asTyped(question.kind, control.value));
  control.addEventListener("input", () => { clearTimeout(timer); pending.set(place, now); timer = setTimeout(settle, 500) });
  const range = question.kind === "range" ? filling.fault(place, "NaN")?.values : null;
  const hint = [wordsOf(filling, question.hint ?? {}, place), range ? t("ask.range", { start: range.start, end: range.end }) : ""].filter(Boolean).join(" ");
  const whole = h("div", {}, field(hidden ? t("ask.your_answer") : wordsOf(filling, question.label, place), control, { hint }), wrong);
  describedBy(control, wrong);
  return whole;
};

const severalField = (interview, entry, instrument, filling, { hidden, error }) => {
  const { question, place } = entry, kept = raw(interview, entry), chosen = new Set(isAside(instrument, question, kept) ? [] : kept.split(/\s+/).filter(Boolean));
  const wrong = wrongLine(error);
  const keep = keeper(interview, instrument, entry, wrong, (bad) => box.toggleAttribute("data-wrong", bad));
  const box = h("div", { class: "field", "data-wrong": Boolean(error) }, h("fieldset", {}, h("legend", { class: hidden ? "unseen" : "" }, wordsOf(filling, question.label, place)), wrong,
    h("div", { class: "answers" }, optionsOf(instrument, filling, entry).map(([code, words]) => h("label", {}, h("input", { type: "checkbox", value: code, checked: chosen.has(code), onchange: async (event) => {
      if (event.target.checked) chosen.add(code); else chosen.delete(code);
      if (await keep([...chosen].join(" "))) countKept(interview);
    } }), h("span", {}, words))))));
  return box;
};

const tickField = (interview, entry, instrument, filling, { error }) => {
  const wrong = wrongLine(error), keep = keeper(interview, instrument, entry, wrong, (bad) => box.toggleAttribute("data-wrong", bad));
  const box = h("div", { class: "field", "data-wrong": Boolean(error) }, wrong, h("div", { class: "answers" }, h("label", {},
    h("input", { type: "checkbox", checked: raw(interview, entry) === "OK", onchange: async (event) => { await keep(event.target.checked ? "OK" : ""); countKept(interview) } }),
    h("span", {}, wordsOf(filling, entry.question.label, entry.place)))));
  return box;
};

const photoField = (interview, { question, place }, _instrument, filling, { error }) => {
  const kept = h("p", { class: "hint" }, interview.photos.some((p) => p.place === place) ? t("photo.kept") : "");
  const wrong = wrongLine(error);
  const control = h("input", { type: "file", accept: "image/jpeg,image/png,image/webp", onchange: async () => {
    const file = control.files[0], others = interview.photos.filter((p) => p.place !== place);
    wrong.textContent = "";
    if (!file) return;
    if (file.size > PHOTO_AT_MOST || others.length >= PHOTOS_AT_MOST) { wrong.textContent = t(file.size > PHOTO_AT_MOST ? "photo.too_large" : "photo.too_many", { n: PHOTOS_AT_MOST }); control.value = ""; return }
    const content = await new Promise((resolve) => { const reader = new FileReader(); reader.onload = () => resolve(reader.result.split(",")[1]); reader.readAsDataURL(file) });
    const ending = { "image/png": "png", "image/webp": "webp" }[file.type] ?? "jpg";
    interview.photos = [...others, { place, name: `photo.${ending}`, content }];
    await save(interview);
    kept.textContent = t("photo.kept");
    control.removeAttribute("aria-invalid");
    control.value = "";
  } });
  if (error) control.setAttribute("aria-invalid", "true");
  const whole = h("div", {}, field(wordsOf(filling, question.label, place), control, { hint: t("photo.hint") }), wrong, kept);
  describedBy(control, wrong);
  return whole;
};

const oneField = (interview, entry, instrument, filling, { hidden, error }) => {
  const { question, place } = entry, wrong = wrongLine(error);
  const keep = keeper(interview, instrument, entry, wrong, (bad) => box.toggleAttribute("data-wrong", bad));
  const box = h("div", { "data-wrong": Boolean(error) }, choices(wordsOf(filling, question.label, place), optionsOf(instrument, filling, entry), {
    value: raw(interview, entry), hidden, extra: [wrong, ...(hidden ? [] : [other(interview, filling, entry), question.why && h("p", { class: "hint" }, wordsOf(filling, question.why, place))])],
    onchange: async (code) => { if (await keep(code)) { announce(t("ask.kept")); countKept(interview) } },
  }));
  return box;
};

export const kept = (interview) => t("ask.count", { n: Object.values(interview.answers).filter((a) => a.value).length });
const countKept = (interview) => { const place = document.getElementById("kept"); if (place) place.textContent = kept(interview) };

const FIELDS = { select_multiple: severalField, image: photoField, acknowledge: tickField, select_one: oneField };

export const control = (interview, entry, instrument, filling, about = {}) => {
  const { question, place } = entry;
  if (question.kind === "note") return about.hidden ? null : h("p", {}, wordsOf(filling, question.label, place));
  if (filling.isReadOnly(place)) return h("div", {}, about.hidden ? null : h("p", {}, wordsOf(filling, question.label, place)), h("p", {}, h("output", {}, shown(instrument, filling, interview, entry) || "–")));
  return (FIELDS[question.kind] ?? typedField)(interview, entry, instrument, filling, about);
};
