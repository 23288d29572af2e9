// An instrument being answered on the device: what is asked now, in which repeats, which values count, what speaks against a value.
// The rules are those of saphan/xlsform/filling.py and faults.py; a test asks both the same. A place is `code`, or `code@2.1` inside repeats.
import { evaluate, number, text, today, truth } from "./logic.js";

const MOST_INSTANCES = 200;
const LONGEST = 4000;
const NUMBERS = new Set(["integer", "decimal", "range"]);
const SELECTS = new Set(["select_one", "select_multiple"]);
const MISSING = new Set(["unknown", "declined"]);
const WHOLE = /^-?\d{1,15}$/, DECIMAL = /^-?(?:\d{1,18}(?:\.\d{0,18})?|\.\d{1,18})$/;

export const placeOf = (code, index) => (index.length ? `${code}@${index.join(".")}` : code);
export const split = (place) => { const [code, numbers] = place.split("@"); return [code, numbers ? numbers.split(".").map(Number) : []] };

// Expressions look at the day on which the interview began, as at the desk.
const begun = (interview) => new Date(interview.sittings?.[0]?.began_at ?? Date.now());

// Whether a question was answered by "not known" or "declined" that its list does not have: given, and no value for any condition.
export const isAside = (instrument, question, value) => MISSING.has(value) && !(instrument.choices[question.choices] ?? []).some((choice) => choice.name === value);

export const fillingOf = (instrument, interview, at = begun(interview)) => {
  const rows = new Map([...instrument.questions, ...(instrument.containers ?? [])].map((row) => [row.code, row]));
  const known = new Map(), worth = new Map(), underWay = new Set();
  const values = new Map(Object.entries(interview.answers).filter(([place, { value }]) => value && rows.has(split(place)[0]) && !isAside(instrument, rows.get(split(place)[0]), value)).map(([place, { value }]) => [place, value]));
  for (const { place, name } of interview.photos ?? []) values.set(place, name);
  const repeatsOf = (code) => (rows.get(code)?.within ?? []).filter((outer) => rows.get(outer)?.node === "repeat");
  const given = [...new Set([...Object.keys(interview.answers), ...values.keys()])].map(split);

  const highest = (code, index) => {
    const numbers = given.filter(([other, at]) => repeatsOf(other)[index.length] === code && at.length > index.length && index.every((n, depth) => at[depth] === n)).map(([, at]) => at[index.length]);
    return Math.min(MOST_INSTANCES, Math.max(1, ...numbers));
  };
  const instances = (code, index) => {
    const row = rows.get(code);
    const n = row.count ? number(evaluate(row.count, here(code, index))) : interview.instances?.[placeOf(code, index)] ?? highest(code, index);
    return n > 0 ? Math.trunc(Math.min(n, MOST_INSTANCES)) : 0;
  };
  const standsIn = (outer, index) => {
    if (rows.get(outer)?.node !== "repeat") return relevantAt(outer, index);
    return index.length > 0 && relevantAt(outer, index.slice(0, -1)) && index.at(-1) <= instances(outer, index.slice(0, -1));
  };
  const relevantAt = (code, index) => {
    const key = placeOf(code, index);
    if (known.has(key)) return known.get(key);
    if (underWay.has(key)) return false; // a ring, which was refused when the instrument was brought in
    underWay.add(key);
    const row = rows.get(code), outer = row.within?.at(-1);
    const holds = (outer === undefined || standsIn(outer, index)) && (row.relevant ?? []).every((tree) => truth(evaluate(tree, here(code, index))));
    known.set(key, holds);
    underWay.delete(key);
    return holds;
  };
  const guarded = (tree, code, index) => {
    const key = `value ${placeOf(code, index)}`;
    if (underWay.has(key)) return "";
    underWay.add(key);
    const found = text(evaluate(tree, here(code, index, { own: values.get(placeOf(code, index)) ?? "" })));
    underWay.delete(key);
    return found;
  };
  const found = (question, index) => {
    const place = placeOf(question.code, index);
    if (question.calculation) return guarded(question.calculation, question.code, index);
    if (values.has(place)) return values.get(place);
    if (question.kind === "today") return today(at);
    return question.default ? guarded(question.default, question.code, index) : "";
  };
  const valueAt = (code, index) => {
    const key = placeOf(code, index);
    if (!worth.has(key)) worth.set(key, rows.get(code)?.kind && relevantAt(code, index) ? found(rows.get(code), index) : "");
    return worth.get(key);
  };
  const spread = (repeats, index) => repeats.slice(index.length).reduce((all, repeat) => all.flatMap((above) =>
    (relevantAt(repeat, above) ? Array.from({ length: instances(repeat, above) }, (_, n) => [...above, n + 1]) : [])), [index]);
  const shared = (code, index, other) => {
    const mine = repeatsOf(code), theirs = repeatsOf(other), apart = mine.findIndex((repeat, n) => repeat !== theirs[n]);
    return index.slice(0, apart < 0 ? mine.length : apart);
  };
  const typed = (code, index) => {
    const value = index.every((n) => n > 0) ? valueAt(code, index) : "";
    return value && NUMBERS.has(rows.get(code)?.kind) ? number(value) : value;
  };
  const wordsOf = (texts, language = instrument.default) => texts?.[language] || texts?.[instrument.default] || texts?.[""] || Object.values(texts ?? {}).find(Boolean) || "";
  const columnOf = (choice, name) => (name === "name" ? choice.name : name === "label" ? wordsOf(choice.label) : choice.columns?.[name] ?? "");
  const choiceName = (code, value, language) => {
    const listed = instrument.choices[rows.get(code)?.choices] ?? [], labels = new Map(listed.map((choice) => [choice.name, wordsOf(choice.label, language)]));
    return value.split(/\s+/).filter(Boolean).map((name) => labels.get(name) ?? name).join(", ");
  };

  // What an expression sees from one place.
  const here = (code, index, { own, choice } = {}) => ({
    at,
    own: () => own ?? valueAt(code, index),
    answer: (other) => { const near = shared(code, index, other); return typed(other, [...near, ...Array(repeatsOf(other).length - near.length).fill(1)]) },
    every: (other) => spread(repeatsOf(other), shared(code, index, other)).filter((each) => relevantAt(other, each)).map((each) => valueAt(other, each)),
    instances: (repeat) => spread(repeatsOf(repeat), shared(code, index, repeat)).filter((each) => relevantAt(repeat, each)).reduce((sum, each) => sum + instances(repeat, each), 0),
    position: (repeat) => index[repeatsOf(code).indexOf(repeat)] ?? 1,
    indexed: (other, numbers) => typed(other, numbers),
    column: (name) => (choice ? columnOf(choice, name) : ""),
    lookup: (listed, test, column) => (instrument.choices[listed] ?? []).filter((each) => truth(evaluate(test, here(code, index, { own, choice: each })))).map((each) => columnOf(each, column)),
    choiceName: (other, value) => choiceName(other, value),
  });

  const holds = (tree, code, index) => Boolean(tree) && truth(evaluate(tree, here(code, index)));
  const offered = (place) => {
    const [code, index] = split(place), question = rows.get(code), listed = instrument.choices[question.choices] ?? [];
    return question.filter ? listed.filter((choice) => truth(evaluate(question.filter, here(code, index, { choice })))) : listed;
  };
  const isReadOnly = (place) => { const [code, index] = split(place); return Boolean(rows.get(code).calculation) || holds(rows.get(code).readOnly, code, index) };
  const isRequired = (place) => { const [code, index] = split(place); return holds(rows.get(code).required, code, index) };

  // What speaks against a value here, or null: { code, texts, values } with the words of the form where it has some.
  const fault = (place, value) => {
    const [code, index] = split(place), question = rows.get(code);
    if (!value) return question.asked && isRequired(place) && !isReadOnly(place) ? { code: "required", texts: question.requiredMessage ?? {} } : null;
    if (isAside(instrument, question, value)) return null;
    const wrong = typeFault(question, value, SELECTS.has(question.kind) ? offered(place).map((choice) => choice.name) : []);
    if (wrong) return wrong;
    return question.constraint && !truth(evaluate(question.constraint, here(code, index, { own: value }))) ? { code: "constraint", texts: question.constraintMessage ?? {} } : null;
  };

  // What is asked now, in order: questions, and behind each repeat that people count themselves the place where one is added or taken out.
  const child = interview.person?.age_band !== "adult";
  function* walk(layout, index) {
    for (const part of layout) {
      const [code, children] = Array.isArray(part) ? part : [part];
      const row = rows.get(code);
      if (!relevantAt(code, index)) continue;
      if (!children) { if (row.shown && (child || !row.child_only)) yield { question: row, code, index, place: placeOf(code, index), section: row.section } }
      else if (row.node !== "repeat") yield* walk(children, index);
      else {
        const n = instances(code, index);
        for (let each = 1; each <= n; each++) yield* walk(children, [...index, each]);
        if (!row.count) yield { repeat: row, code, index, place: placeOf(code, index), section: row.section, instances: n };
      }
    }
  }
  const asked = () => {
    for (const code of instrument.order ?? []) for (const index of spread(repeatsOf(code), [])) if (rows.has(code)) { relevantAt(code, index); valueAt(code, index) }
    return [...walk(instrument.layout ?? instrument.questions.map((q) => q.code), [])];
  };
  // The words of the form with the answers they mention: `Does ${name} live here?`
  const filledIn = (words, place, language) => words.replace(/\$\{\s*([^}\s]+)\s*\}/g, (_whole, name) => {
    if (!rows.get(name)?.kind) return "…";
    const [code, index] = split(place), value = text(here(rows.has(code) ? code : name, index).answer(name));
    return (SELECTS.has(rows.get(name).kind) ? choiceName(name, value, language) : value) || "…";
  });
  return { asked, fault, offered, isReadOnly, isRequired, filledIn, instances, value: (place) => valueAt(...split(place)), within: (code) => repeatsOf(code).map((outer) => rows.get(outer)) };
};

const parametersOf = (written) => Object.fromEntries([...(written ?? "").matchAll(/([\w-]+)\s*=\s*([^\s,;]+)/g)].map(([, name, value]) => [name.toLowerCase(), value]));
const rangeFault = (question, value) => {
  const given = parametersOf(question.parameters), part = (name, otherwise) => { const n = Number(given[name]); return Number.isFinite(n) ? n : otherwise };
  const start = part("start", 1), end = part("end", 10), step = part("step", 1), n = Number(value), steps = step ? (n - start) / step : 0;
  const fits = DECIMAL.test(value) && n >= Math.min(start, end) && n <= Math.max(start, end) && Math.abs(steps - Math.round(steps)) < 1e-9;
  return fits ? null : { code: "range", texts: {}, values: { start, end, step } };
};
const isDay = (value) => /^\d{4}-\d{2}-\d{2}$/.test(value) && !Number.isNaN(number(value));
const isTime = (value) => { const found = /^(\d{2}):(\d{2})(?::\d{2}(?:\.\d{1,3})?)?(?:Z|[+-]\d{2}:\d{2})?$/.exec(value); return Boolean(found) && found[1] < 24 && found[2] < 60 };
const isPoint = (value) => { const parts = value.split(/\s+/); return parts.length >= 2 && parts.length <= 4 && parts.every((p) => DECIMAL.test(p)) && Math.abs(parts[0]) <= 90 && Math.abs(parts[1]) <= 180 };
const FITS = {
  integer: (value) => WHOLE.test(value),
  decimal: (value) => DECIMAL.test(value),
  date: isDay,
  time: isTime,
  datetime: (value) => { const [day, time = ""] = value.split("T"); return isDay(day) && isTime(time) },
  geopoint: isPoint,
  acknowledge: (value) => value === "OK",
};
const typeFault = (question, value, names) => {
  const is = (code, values) => ({ code, texts: {}, values });
  if ([...value].length > LONGEST) return is("too_long", { limit: LONGEST });
  if (question.kind === "range") return rangeFault(question, value);
  if (question.kind === "select_one") return names.includes(value) ? null : is("choice");
  if (question.kind === "select_multiple") { const chosen = value.split(/\s+/); return new Set(chosen).size === chosen.length && chosen.every((name) => names.includes(name)) ? null : is("choices") }
  return (FITS[question.kind]?.(value) ?? true) ? null : is(question.kind);
};

// A number, a clock, a point as one types it, in digits of any script: as the form takes it.
const DIGITS = [0x0e50, 0x0ed0, 0x17e0, 0x1040, 0x0660, 0x06f0, 0x0966];
export const asTyped = (kind, typed) => {
  const westerly = typed.trim().replace(/\p{Nd}/gu, (sign) => { const zero = DIGITS.find((z) => sign.codePointAt(0) - z >= 0 && sign.codePointAt(0) - z < 10); return zero === undefined ? sign : String(sign.codePointAt(0) - zero) });
  if (kind === "geopoint") return westerly.replaceAll(",", " ").split(/\s+/).join(" ");
  if (!NUMBERS.has(kind)) return typed.trim();
  const bare = westerly.replace(/(\d)\s(?=\d{3}\b)/g, "$1").replace("−", "-");
  const pointed = kind !== "integer" && bare.split(",").length === 2 && !bare.includes(".") ? bare.replace(",", ".") : bare;
  return pointed.replace(/^\+/, "").replace(/\.+$/, "");
};

// One more turn of a repeat; or one turn fewer: its answers and photos go, those of later turns move up.
export const withInstance = (filling, interview, { code, index, place }) => {
  interview.instances = { ...interview.instances, [place]: Math.min(filling.instances(code, index) + 1, MOST_INSTANCES) };
};
export const withoutInstance = (filling, interview, { code, index, place }, turn) => {
  const depth = index.length;
  const moved = (at) => {
    const [other, numbers] = split(at);
    const repeats = filling.within(other).map((row) => row.code);
    if (repeats[depth] !== code || numbers.length <= depth || index.some((n, d) => numbers[d] !== n) || numbers[depth] < turn) return at;
    return numbers[depth] === turn ? null : placeOf(other, [...numbers.slice(0, depth), numbers[depth] - 1, ...numbers.slice(depth + 1)]);
  };
  const kept = (all) => Object.fromEntries(Object.entries(all).map(([at, what]) => [moved(at), what]).filter(([at]) => at !== null && at !== "null"));
  const left = Math.max(0, filling.instances(code, index) - 1);
  interview.answers = kept(interview.answers);
  interview.instances = { ...kept(interview.instances ?? {}), [place]: left };
  interview.photos = interview.photos.map((photo) => ({ ...photo, place: moved(photo.place) })).filter((photo) => photo.place !== null);
};
