// One site, many people: what holds for all is written once, then a row for each person with an interview of her own.
import * as vault from "./vault.js";
import { backward, button, field, h, quiet, selection, show } from "./dom.js";
import { beginScreen, interviewScreen } from "./beginning.js";
import { home, queuePart } from "./home.js";
import { queue, session } from "./session.js";
import { listOf, t } from "./words.js";

const today = () => new Date(Date.now() - new Date().getTimezoneOffset() * 60_000).toISOString().slice(0, 10);

export const visitForm = (visit = null) => {
  session.screen = "visit form";
  const facts = visit?.facts ?? { place: "", site_kind: "", activity: "", province: "", conditions: "" };
  const place = h("input", { type: "text", value: facts.place }), conditions = h("textarea", { rows: 4, value: facts.conditions });
  const chosen = { ...facts };
  const pick = (name) => selection([["", t("choose")], ...listOf(`choices.${name}`)], chosen[name], (code) => { chosen[name] = code });
  show(h("p", {}, backward(t("back"), () => (visit ? visitScreen(visit) : home()))), h("h1", {}, t("visit.title")), h("p", { class: "soft" }, t("visit.about")),
    field(t("visit.place"), place, { hint: t("visit.place_hint") }), field(t("visit.site_kind"), pick("site_kind")), field(t("visit.activity"), pick("activity")),
    field(t("visit.province"), pick("province")), field(t("visit.conditions"), conditions, { hint: t("visit.conditions_hint") }),
    h("p", { class: "acts" }, button(t("visit.keep"), async () => {
      const kept = await vault.put({ ...(visit ?? { kind: "visit", source: crypto.randomUUID(), visited_on: today() }), facts: { ...chosen, place: place.value.trim(), conditions: conditions.value.trim() } });
      visitScreen(kept);
    }, { id: "go" })));
};

const stateOf = (entry, interview) => (entry ? t(`queue.${entry.state}`) : t(`state.${interview?.state ?? "waiting"}`));

// The row of a person follows the queue below it, without the page being drawn anew.
const follow = async () => {
  const entries = new Map((await queue()).map((e) => [e.id, e]));
  for (const line of document.querySelectorAll("ol.people li")) {
    const entry = entries.get(line.dataset.source), tag = line.querySelector(".tag");
    if (!entry || !tag) continue;
    tag.textContent = t(`queue.${entry.state}`);
    tag.classList.toggle("good", entry.state === "received");
    line.querySelector(".number").textContent = entry.receipt?.reference ?? "";
  }
};

export const visitScreen = async (visit) => {
  session.screen = "visit";
  session.follow = follow;
  const interviews = new Map((await vault.all("interview")).map((i) => [i.source, i])), entries = new Map((await queue()).map((e) => [e.id, e]));
  const people = (visit.people ?? []).filter(({ source }) => interviews.has(source) || entries.has(source)), next = Math.max(0, ...people.map((p) => p.number)) + 1;
  const row = ({ source, number, alias }) => {
    const interview = interviews.get(source), entry = entries.get(source);
    return h("li", { class: "item", "data-source": source }, h("p", {}, h("strong", {}, alias || t("person.new_n", { n: number })), " ", h("span", { class: `tag ${entry?.state === "received" ? "good" : ""}` }, stateOf(entry, interview)), " ", h("span", { class: "number" }, entry?.receipt?.reference ?? "")),
      interview && interview.state !== "waiting" && quiet(t("visit.go_on"), () => interviewScreen(interview, () => visitScreen(visit))));
  };
  show(h("p", {}, backward(t("visit.back"), home)), h("h1", {}, visit.facts.place || t("visit.unnamed")), h("p", { class: "soft" }, t("visit.count", { n: people.length })),
    h("p", { class: "acts" }, button(t("visit.add"), () => beginScreen({
      visit, number: next, back: () => visitScreen(visit),
      begun: async (interview) => { visit = await vault.put({ ...visit, people: [...people, { source: interview.source, number: next, alias: interview.person.alias ?? "" }] }) },
    }), { id: "add-person" }), quiet(t("visit.change"), () => visitForm(visit))),
    h("ol", { class: "plain people" }, people.map(row)), await queuePart(),
    people.every(({ source }) => entries.get(source)?.state === "received") && people.length > 0 && h("p", { class: "acts" }, quiet(t("visit.remove"), async () => { await vault.remove(visit.id); home() })));
};

// What holds for a site leaves the device too: the day after the visit, when everybody's interview was received.
export const forgetPast = async () => {
  const entries = new Map((await queue()).map((e) => [e.id, e]));
  for (const visit of await vault.all("visit")) {
    const sent = (visit.people ?? []).length > 0 && visit.people.every(({ source }) => entries.get(source)?.state === "received");
    if (sent && visit.visited_on < today()) await vault.remove(visit.id);
  }
};
