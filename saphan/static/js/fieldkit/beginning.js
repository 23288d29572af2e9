// Before the first question: which questions, with whom, whether it is safe, who is present.
import { backward, button, choices, field, h, note, quiet, selection, show } from "./dom.js";
import { begin, finish, isAsking, save, sit } from "./interview.js";
import { asAnswers, takeWaiting, waitingHere } from "./known.js";
import { home } from "./home.js";
import { finished, session } from "./session.js";
import { ask } from "./asking.js";
import { listOf, said, t } from "./words.js";

const firstCode = (list) => list.find((i) => i.audience !== "child" && i.formal)?.version ?? list[0]?.version ?? "";

// The person and the questions. `visit` gives the next number in the group.
export const beginScreen = async ({ visit = null, number = 1, back = home, begun } = {}) => {
  session.screen = "begin";
  const waiting = await waitingHere();
  let going = false;
  const { instruments, people } = session.catalogue ?? { instruments: [], people: [] };
  const drawn = { version: firstCode(instruments), who: "new", age_band: "", sex: "unknown", language: "", second: "" };
  const preparedFor = (who) => waiting.filter((w) => w.person === who && instruments.some((i) => i.version === w.version));
  const chosen = (who) => { drawn.who = who; drawn.version = preparedFor(who)[0]?.version ?? drawn.version };
  const draw = (errors = {}) => {
    const instrument = instruments.find((i) => i.version === drawn.version);
    const known = people.find((p) => p.id === drawn.who);
    const prepared = known && preparedFor(known.id).find((w) => w.version === drawn.version);
    const child = known ? known.age_band !== "adult" : drawn.age_band && drawn.age_band !== "adult";
    show(
      h("p", {}, backward(t("back"), back)), h("h1", {}, visit ? t("begin.person_n", { n: number }) : t("begin.title")),
      instruments.length === 0 && note(t("begin.no_questions"), "warning"),
      field(t("begin.who"), selection([["new", t("begin.new")], ...people.map((p) => [p.id, preparedFor(p.id).length ? `${p.alias} · ${t("begin.prepared")}` : p.alias])], drawn.who, (code) => { chosen(code); draw() }, { id: "who" }), { hint: t("begin.who_hint") }),
      !known && choices(t("begin.age"), listOf("choices.age_band"), { value: drawn.age_band, error: errors.age, hint: t("begin.age_hint"), onchange: (code) => { drawn.age_band = code; if (code !== "adult") drawn.version = instruments.find((i) => i.audience === "child")?.version ?? drawn.version; draw() } }),
      !known && field(t("begin.sex"), selection(listOf("choices.sex"), drawn.sex, (code) => { drawn.sex = code }, { id: "sex" }), { hint: t("begin.sex_hint") }),
      !known && field(t("begin.language"), selection([["", t("choose")], ...listOf("choices.language")], drawn.language, (code) => { drawn.language = code }, { id: "language" }), { error: errors.language }),
      field(t("begin.questions"), selection(instruments.filter((i) => !i.retired).map((i) => [i.version, said(i.name) + (i.formal ? "" : ` (${t("begin.training")})`)]), drawn.version, (code) => { drawn.version = code; draw() }, { id: "version" })),
      prepared && prepared.known.length > 0 && h("div", { class: "note", id: "known-here" }, h("p", {}, t("begin.known", { n: prepared.known.length }))),
      instrument && !instrument.formal && note(t("begin.training_long"), "warning"),
      instrument?.audience === "child" && !child && note(t("begin.child_only"), "warning"),
      instrument && field(t("begin.second"), selection([["", t("begin.no_second")], ...instrument.languages.map((code) => [code, said(Object.fromEntries(listOf("choices.language").map(([c, w]) => [c, w])), code) || code])], drawn.second, (code) => { drawn.second = code }, { id: "second" }), { hint: t("begin.second_hint") }),
      h("p", { class: "acts" }, button(t("begin.go"), async () => {
        const missing = known ? {} : { ...(drawn.age_band ? {} : { age: t("begin.age_missing") }), ...(drawn.language ? {} : { language: t("begin.language_missing") }) };
        if (Object.keys(missing).length || !drawn.version) return draw(missing);
        if (going) return;
        going = true; // pressed twice, it is still one interview
        const person = known
          ? { known: known.id, alias: known.alias, age_band: known.age_band, language: known.language }
          : { new: crypto.randomUUID(), age_band: drawn.age_band, sex: drawn.sex, language: drawn.language, number };
        const interview = await begin(drawn.version, person, { visit: visit?.source ?? null, second: drawn.second, ...(prepared ? { prepared: prepared.interview, answers: asAnswers(prepared) } : {}) });
        if (prepared) await takeWaiting(prepared);
        await begun?.(interview);
        safetyScreen(interview, back);
      }, { id: "go" })),
    );
  };
  draw();
};

const POINTS = ["private_place", "interpreter", "same_village", "same_community", "sex_asked", "consent", "may_skip", "referrals_ready", "person_risk", "worker_risk"];
const OF_INTERPRETER = new Set(["same_village", "same_community", "sex_asked"]);
const GOOD = { private_place: ["yes"], consent: ["yes"], may_skip: ["yes"], referrals_ready: ["yes"], interpreter: ["present", "not_needed"], same_village: ["no"], same_community: ["no"], sex_asked: ["yes"], person_risk: ["low", "some", "high"], worker_risk: ["low", "some", "high"] };

const applies = (safety) => (point) => !OF_INTERPRETER.has(point) || safety.interpreter === "present";
export const failing = (safety) => POINTS.filter((p) => applies(safety)(p) && !GOOD[p].includes(safety[p]));
const unanswered = (safety) => POINTS.filter((p) => applies(safety)(p) && !safety[p]);

// As at the desk: what cannot have changed since the check before is carried over.
const CARRIED = ["language", "may_skip", "referrals_ready"];
const isToday = (iso) => Boolean(iso) && new Date(iso).toDateString() === new Date().toDateString();

export const safetyScreen = (interview, back) => {
  const safety = interview.safety;
  safety.language ||= interview.person.language;
  checkScreen(interview, back, safety, {
    head: [h("p", { class: "soft" }, t("safety.about"))],
    language: () => field(t("begin.language"), selection(listOf("choices.language"), safety.language, async (code) => { safety.language = code; await save(interview) })),
    met: async () => { interview.checked_at = new Date().toISOString(); presentScreen(await save(interview), back) },
  });
};

// Why the check comes again before the interview goes on; empty where the last one holds. One that was begun today is finished first.
const whyAgain = (interview) => (isToday(interview.again?.at) ? interview.again.why : isToday(interview.checked_at ?? interview.sittings[0]?.began_at) ? "" : "day");

const againScreen = (interview, back, why, present = "") => {
  if (!isToday(interview.again?.at)) interview.again = { why, at: "", points: Object.fromEntries(CARRIED.map((name) => [name, interview.safety[name]])) };
  const { again } = interview;
  checkScreen(interview, back, again.points, {
    head: [note(t(`again.${again.why}`), "warning"), h("p", { class: "soft" }, t("again.about"))],
    points: POINTS.filter((name) => !CARRIED.includes(name)), labels: { consent: "safety.consent_again" },
    changed: () => { again.at = new Date().toISOString() },
    met: async () => {
      const at = new Date().toISOString();
      interview.checks = [...(interview.checks ?? []), { sitting: interview.sittings.length + 1, at, points: again.points }];
      Object.assign(interview, { again: null, checked_at: at });
      presentScreen(await save(interview), back, present);
    },
  });
};

const checkScreen = (interview, back, safety, { head, language, points = POINTS, labels = {}, changed, met }) => {
  session.screen = "safety";
  const draw = (checked = false, focus = false) => {
    const missing = new Set(checked ? unanswered(safety) : []), wrong = new Set(checked ? failing(safety) : []);
    const point = (name) => choices(t(labels[name] ?? `safety.${name}`), listOf(`choices.${name}`), {
      value: safety[name], error: missing.has(name) ? t("safety.choose") : wrong.has(name) ? t(`safety.fail.${name}`) : "",
      onchange: async (code) => { safety[name] = code; changed?.(); await save(interview); if (name === "interpreter") draw(checked, "interpreter") },
    });
    show(
      h("p", {}, backward(t("back"), back)), h("h1", {}, t("safety.title")), head,
      checked && wrong.size > 0 && h("div", { class: "summary", role: "alert" }, h("h2", {}, t("safety.not_yet"))),
      h("p", {}, button(t("emergency"), () => emergencyScreen(() => draw(checked)), { class: "button exit" })),
      language?.(),
      points.filter(applies(safety)).map(point),
      h("p", { class: "acts" }, button(t("safety.go"), () => (failing(safety).length ? draw(true) : met()), { id: "go" }),
        quiet(t("stop.instead"), () => stopScreen(interview, back, () => draw(checked)))),
    );
    if (focus) document.querySelector(`input[value="${safety.interpreter}"]`)?.focus();
  };
  draw();
};

export const emergencyScreen = (back) => {
  session.screen = "emergency";
  show(h("p", {}, backward(t("back"), back)), h("h1", {}, t("emergency")), h("ul", { class: "plain" }, listOf("emergency.contacts").map(([number, name, use]) =>
    h("li", { class: "item" }, h("p", {}, h("a", { class: "button", href: `tel:${number}` }, number), " ", h("strong", {}, name)), h("p", { class: "hint" }, use)))));
};

// Whether the place or the interpreter is another is asked on going on, unless the check was made for this sitting already.
export const presentScreen = (interview, back, present = "") => {
  session.screen = "present";
  const going = interview.sittings.length > 0, typed = h("textarea", { rows: 3, value: present });
  const asks = going && interview.checks?.at(-1)?.sitting !== interview.sittings.length + 1;
  let changed = "";
  const go = async () => {
    if (asks && !changed) return draw(t("present.changed_missing"));
    if (changed === "yes") return againScreen(interview, back, "place", typed.value);
    await sit(interview, typed.value.trim());
    ask(interview, back);
  };
  const draw = (error = "") => show(h("p", {}, backward(t("back"), going ? back : () => safetyScreen(interview, back))), h("h1", {}, t("present.title")),
    asks && choices(t("present.changed"), listOf("choices.changed"), { value: changed, error, hint: t("present.changed_hint"), onchange: (code) => { changed = code } }),
    field(t("present.label"), typed, { hint: t("present.hint") }),
    h("p", { class: "acts" }, button(going ? t("present.resume") : t("present.go"), go, { id: "go" })));
  draw();
};

export const stopScreen = (interview, back, cancel) => {
  session.screen = "stop";
  let reason = "";
  const draw = (error = "") => show(h("p", {}, backward(t("back"), cancel)), h("h1", {}, t("stop.title")), h("p", {}, t("stop.about")),
    choices(t("stop.why"), listOf("choices.stop_reason"), { value: reason, error, onchange: (code) => { reason = code } }),
    h("p", { class: "acts" }, button(t("stop.go"), async () => {
      if (!reason) return draw(t("stop.missing"));
      await finish(interview, "stop", reason);
      finished();
      back();
    }, { class: "button danger" })));
  draw();
};

// A check that passed on another day is asked anew before the first question, but for what cannot have changed.
const beforehand = (interview, back) => {
  if (interview.checked_at && !isToday(interview.checked_at)) {
    for (const name of POINTS.filter((p) => !CARRIED.includes(p))) delete interview.safety[name];
    interview.checked_at = "";
  }
  safetyScreen(interview, back);
};

export const interviewScreen = (interview, back = home) => {
  if (interview.state === "safety") return beforehand(interview, back);
  if (interview.state !== "resting" && isAsking(interview)) return ask(interview, back);
  const why = whyAgain(interview);
  return why ? againScreen(interview, back, why) : presentScreen(interview, back);
};
