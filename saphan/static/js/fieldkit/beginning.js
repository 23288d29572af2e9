// Before the first question: which questions, with whom, whether it is safe, who is present.
import { button, choices, field, h, note, quiet, selection, show } from "./dom.js";
import { begin, finish, forget, isAsking, save, sit } from "./interview.js";
import { home } from "./home.js";
import { finished, session } from "./session.js";
import { ask } from "./asking.js";
import { listOf, said, t } from "./words.js";

const firstCode = (list) => list.find((i) => i.audience !== "child" && i.formal)?.version ?? list[0]?.version ?? "";

// The person and the questions. `visit` gives the next number in the group.
export const beginScreen = ({ visit = null, number = 1, back = home, begun } = {}) => {
  session.screen = "begin";
  const { instruments, people } = session.catalogue ?? { instruments: [], people: [] };
  const drawn = { version: firstCode(instruments), who: "new", age_band: "", language: "", second: "" };
  const draw = (errors = {}) => {
    const instrument = instruments.find((i) => i.version === drawn.version);
    const known = people.find((p) => p.id === drawn.who);
    const child = known ? known.age_band !== "adult" : drawn.age_band && drawn.age_band !== "adult";
    show(
      h("p", {}, quiet(t("back"), back)), h("h1", {}, visit ? t("begin.person_n", { n: number }) : t("begin.title")),
      instruments.length === 0 && note(t("begin.no_questions"), "warning"),
      field(t("begin.who"), selection([["new", t("begin.new")], ...people.map((p) => [p.id, p.alias])], drawn.who, (code) => { drawn.who = code; draw() }), { hint: t("begin.who_hint") }),
      !known && choices(t("begin.age"), listOf("choices.age_band"), { value: drawn.age_band, error: errors.age, hint: t("begin.age_hint"), onchange: (code) => { drawn.age_band = code; if (code !== "adult") drawn.version = instruments.find((i) => i.audience === "child")?.version ?? drawn.version; draw() } }),
      !known && field(t("begin.language"), selection([["", t("choose")], ...listOf("choices.language")], drawn.language, (code) => { drawn.language = code }), { error: errors.language }),
      field(t("begin.questions"), selection(instruments.filter((i) => !i.retired).map((i) => [i.version, said(i.name) + (i.formal ? "" : ` (${t("begin.training")})`)]), drawn.version, (code) => { drawn.version = code; draw() })),
      instrument && !instrument.formal && note(t("begin.training_long"), "warning"),
      instrument?.audience === "child" && !child && note(t("begin.child_only"), "warning"),
      instrument && field(t("begin.second"), selection([["", t("begin.no_second")], ...instrument.languages.map((code) => [code, said(Object.fromEntries(listOf("choices.language").map(([c, w]) => [c, w])), code) || code])], drawn.second, (code) => { drawn.second = code }), { hint: t("begin.second_hint") }),
      h("p", { class: "acts" }, button(t("begin.go"), async () => {
        const missing = known ? {} : { ...(drawn.age_band ? {} : { age: t("begin.age_missing") }), ...(drawn.language ? {} : { language: t("begin.language_missing") }) };
        if (Object.keys(missing).length || !drawn.version) return draw(missing);
        const person = known
          ? { known: known.id, alias: known.alias, age_band: known.age_band, language: known.language }
          : { new: crypto.randomUUID(), age_band: drawn.age_band, sex: "unknown", language: drawn.language, number };
        const interview = await begin(drawn.version, person, { visit: visit?.source ?? null, second: drawn.second });
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

export const failing = (safety) => POINTS.filter((p) => (!OF_INTERPRETER.has(p) || safety.interpreter === "present") && !GOOD[p].includes(safety[p]));
const unanswered = (safety) => POINTS.filter((p) => (!OF_INTERPRETER.has(p) || safety.interpreter === "present") && !safety[p]);

export const safetyScreen = (interview, back) => {
  session.screen = "safety";
  const safety = interview.safety;
  safety.language ||= interview.person.language;
  const draw = (checked = false, focus = false) => {
    const missing = new Set(checked ? unanswered(safety) : []), wrong = new Set(checked ? failing(safety) : []);
    const point = (name) => choices(t(`safety.${name}`), listOf(`choices.${name}`), {
      value: safety[name], error: missing.has(name) ? t("safety.choose") : wrong.has(name) ? t(`safety.fail.${name}`) : "",
      onchange: async (code) => { safety[name] = code; await save(interview); if (name === "interpreter") draw(checked, "interpreter") },
    });
    show(
      h("p", {}, quiet(t("back"), back)), h("h1", {}, t("safety.title")), h("p", { class: "soft" }, t("safety.about")),
      checked && wrong.size > 0 && h("div", { class: "summary", role: "alert" }, h("h2", {}, t("safety.not_yet"))),
      h("p", {}, button(t("emergency"), () => emergencyScreen(() => draw(checked)), { class: "button exit" })),
      field(t("begin.language"), selection(listOf("choices.language"), safety.language, async (code) => { safety.language = code; await save(interview) })),
      POINTS.filter((p) => !OF_INTERPRETER.has(p) || safety.interpreter === "present").map(point),
      h("p", { class: "acts" }, button(t("safety.go"), () => (failing(safety).length ? draw(true) : presentScreen(interview, back)), { id: "go" }),
        quiet(t("stop.instead"), () => stopScreen(interview, back, () => draw(checked)))),
    );
    if (focus) document.querySelector(`input[value="${safety.interpreter}"]`)?.focus();
  };
  draw();
};

export const emergencyScreen = (back) => {
  session.screen = "emergency";
  show(h("p", {}, quiet(t("back"), back)), h("h1", {}, t("emergency")), h("ul", { class: "plain" }, listOf("emergency.contacts").map(([number, name, use]) =>
    h("li", { class: "item" }, h("p", {}, h("a", { class: "button", href: `tel:${number}` }, number), " ", h("strong", {}, name)), h("p", { class: "hint" }, use)))));
};

export const presentScreen = (interview, back) => {
  session.screen = "present";
  const typed = h("textarea", { rows: 3 });
  show(h("h1", {}, t("present.title")), field(t("present.label"), typed, { hint: t("present.hint") }),
    h("p", { class: "acts" }, button(interview.sittings.length ? t("present.resume") : t("present.go"), async () => {
      await sit(interview, typed.value.trim());
      ask(interview, back);
    }, { id: "go" })));
};

export const stopScreen = (interview, back, cancel) => {
  session.screen = "stop";
  let reason = "";
  const draw = (error = "") => show(h("p", {}, quiet(t("back"), cancel)), h("h1", {}, t("stop.title")), h("p", {}, t("stop.about")),
    choices(t("stop.why"), listOf("choices.stop_reason"), { value: reason, error, onchange: (code) => { reason = code } }),
    h("p", { class: "acts" }, button(t("stop.go"), async () => {
      if (!reason) return draw(t("stop.missing"));
      if (!completeSafety(interview)) { await forget(interview); return back() }
      await finish(interview, "stop", reason);
      finished();
      back();
    }, { class: "button danger" })));
  draw();
};

// A check that was left half way is no check: there is nothing to send.
const completeSafety = (interview) => unanswered(interview.safety).length === 0;

export const interviewScreen = (interview, back = home) => {
  if (interview.state === "safety") return safetyScreen(interview, back);
  if (interview.state === "resting" || !isAsking(interview)) return presentScreen(interview, back);
  return ask(interview, back);
};
