// One site, many people: what holds for all is written once, then a row for each person with an interview of her own.
import * as vault from "./vault.js";
import { button, field, h, quiet, selection, show } from "./dom.js";
import { beginScreen, interviewScreen } from "./beginning.js";
import { home, queuePart } from "./home.js";
import { session } from "./session.js";
import { listOf, t } from "./words.js";

const today = () => new Date(Date.now() - new Date().getTimezoneOffset() * 60_000).toISOString().slice(0, 10);

export const visitForm = (visit = null) => {
  session.screen = "visit form";
  const facts = visit?.facts ?? { place: "", site_kind: "", activity: "", province: "", conditions: "" };
  const place = h("input", { type: "text", value: facts.place }), conditions = h("textarea", { rows: 4, value: facts.conditions });
  const chosen = { ...facts };
  const pick = (name) => selection([["", t("choose")], ...listOf(`choices.${name}`)], chosen[name], (code) => { chosen[name] = code });
  show(h("p", {}, quiet(t("back"), () => (visit ? visitScreen(visit) : home()))), h("h1", {}, t("visit.title")), h("p", { class: "soft" }, t("visit.about")),
    field(t("visit.place"), place, { hint: t("visit.place_hint") }), field(t("visit.site_kind"), pick("site_kind")), field(t("visit.activity"), pick("activity")),
    field(t("visit.province"), pick("province")), field(t("visit.conditions"), conditions, { hint: t("visit.conditions_hint") }),
    h("p", { class: "acts" }, button(t("visit.keep"), async () => {
      const kept = await vault.put({ ...(visit ?? { kind: "visit", source: crypto.randomUUID(), visited_on: today() }), facts: { ...chosen, place: place.value.trim(), conditions: conditions.value.trim() } });
      visitScreen(kept);
    }, { id: "go" })));
};

export const visitScreen = async (visit) => {
  session.screen = "visit";
  const interviews = (await vault.all("interview")).filter((i) => i.visit === visit.source).sort((a, b) => (a.made_at < b.made_at ? -1 : 1));
  const count = Math.max(visit.count ?? 0, interviews.length);
  show(h("p", {}, quiet(t("visit.back"), home)), h("h1", {}, visit.facts.place || t("visit.unnamed")), h("p", { class: "soft" }, t("visit.count", { n: count })),
    h("p", { class: "acts" }, button(t("visit.add"), async () => {
      const kept = await vault.put({ ...visit, count: count + 1 });
      beginScreen({ visit: kept, number: count + 1, back: () => visitScreen(kept) });
    }, { id: "add-person" }), quiet(t("visit.change"), () => visitForm(visit))),
    h("ol", { class: "plain people" }, interviews.map((i) => h("li", { class: "item" }, h("p", {}, h("strong", {}, i.person.alias || t("person.new_n", { n: i.person.number })), " ", h("span", { class: "tag" }, t(`state.${i.state}`))),
      i.state !== "waiting" && quiet(t("visit.go_on"), () => interviewScreen(i, () => visitScreen(visit)))))),
    await queuePart());
};
