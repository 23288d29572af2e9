// The sentences of the page in the language of the worker: one file made by the server, kept with the shell.
import "./db.js";

const store = globalThis.kitStore;
let sentences = {};
export let language = "en";

export const chooseLanguage = async (code) => {
  language = code;
  await store.put("meta", code, "language");
  const response = await fetch(document.body.dataset[`words${code[0].toUpperCase()}${code.slice(1)}`]);
  sentences = await response.json();
  document.documentElement.lang = code;
};

export const begin = async () => chooseLanguage((await store.get("meta", "language")) ?? (document.documentElement.lang === "th" ? "th" : "en"));

// t("queue.waiting", {n: 3}); a missing sentence shows its name, which a test forbids.
export const t = (name, values = {}) => String(sentences[name] ?? name).replace(/\{(\w+)\}/g, (whole, part) => (part in values ? values[part] : whole));
export const listOf = (name) => sentences[name] ?? [];

// A text of an instrument in the language asked for, else in another one that it has.
export const said = (texts, code = language) => texts?.[code] || texts?.en || Object.values(texts ?? {})[0] || "";

export const dateTime = (iso) => new Intl.DateTimeFormat(language === "th" ? "th-TH" : "en-GB", { dateStyle: "medium", timeStyle: "short" }).format(new Date(iso));

export const age = (iso) => {
  const minutes = Math.max(0, Math.round((Date.now() - Date.parse(iso)) / 60_000));
  if (minutes < 60) return t("age.minutes", { n: minutes });
  return minutes < 2880 ? t("age.hours", { n: Math.round(minutes / 60) }) : t("age.days", { n: Math.round(minutes / 1440) });
};
