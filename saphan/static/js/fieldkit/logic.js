// Whether a question is asked, whether a value fits, what is calculated: the trees that the server made of an instrument's expressions.
// The meaning of each word is that of saphan/xlsform/evaluating.py; a test asks both the same.
const DAY = /^(\d{4})-(\d{2})-(\d{2})(?:T(\d{2}):(\d{2})(?::(\d{2}))?(?:\.\d+)?(Z|[+-]\d{2}:?\d{2})?)?$/;
const NUMBER = /^-?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?$/;
const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

const days = (text) => {
  const found = DAY.exec(text);
  if (!found) return NaN;
  const [year, month, day, hour, minute, second] = found.slice(1, 7).map((part) => Number(part ?? 0));
  const midnight = Date.UTC(year, month - 1, day), date = new Date(midnight);
  if (date.getUTCMonth() !== month - 1 || date.getUTCDate() !== day) return NaN;
  const zone = found[7], offset = !zone || zone === "Z" ? 0 : (zone[0] === "-" ? -1 : 1) * (Number(zone.slice(1, 3)) * 60 + Number(zone.slice(-2))) / 1440;
  return midnight / 86_400_000 + (hour * 3600 + minute * 60 + second) / 86_400 - offset;
};
const number = (value) => (typeof value === "number" ? value : typeof value === "boolean" ? Number(value) : NUMBER.test(value) ? Number(value) : days(value));
const plain = (value) => (Number.isNaN(value) ? "" : !Number.isFinite(value) ? (value > 0 ? "Infinity" : "-Infinity") : String(value));
const text = (value) => (typeof value === "boolean" ? (value ? "true" : "false") : typeof value === "number" ? plain(value) : value);
const truth = (value) => (typeof value === "boolean" ? value : typeof value === "number" ? !Number.isNaN(value) && value !== 0 : value !== "");
const same = (a, b) => (typeof a === "boolean" || typeof b === "boolean" ? truth(a) === truth(b) : typeof a === "number" || typeof b === "number" ? number(a) === number(b) : a === b);
const names = (value) => text(value).split(/\s+/).filter(Boolean);
const numbers = (values) => values.map((value) => number(text(value))).filter((n) => !Number.isNaN(n));
const dateOf = (value) => {
  const found = typeof value === "string" && DAY.exec(value);
  if (found) return Number.isNaN(days(found[0].slice(0, 10))) ? "" : found[0].slice(0, 10);
  const n = number(value);
  return n > -700_000 && n < 2_900_000 ? new Date(Math.floor(n) * 86_400_000).toISOString().slice(0, 10) : "";
};
const cut = (whole, from, to) => {
  const letters = [...whole], place = (n) => { const p = Math.trunc(Math.max(-letters.length, Math.min(letters.length, n))); return p < 0 ? p + letters.length : p };
  return Number.isNaN(from) || Number.isNaN(to) ? "" : letters.slice(place(from), place(to)).join("");
};
const formatted = (value, pattern) => {
  const day = dateOf(value);
  if (!day) return "";
  const [year, month, date] = day.split("-"), signs = { Y: year, y: year.slice(2), m: month, n: String(Number(month)), b: MONTHS[Number(month) - 1], d: date, e: String(Number(date)) };
  return pattern.replace(/%(.)/g, (whole, sign) => signs[sign] ?? whole);
};
const rounded = (n, digits = 0) => { const factor = 10 ** Math.max(-12, Math.min(12, Math.trunc(digits))); return Math.floor(n * factor + 0.5) / factor };
const divided = (a, b) => (b === 0 ? (a === 0 || Number.isNaN(a) ? NaN : a * (1 / b)) : a / b);
const today = (at) => new Date(at.getTime() - at.getTimezoneOffset() * 60_000).toISOString().slice(0, 10);
const infinite = (n) => (Number.isFinite(n) ? n : NaN);

// Words that look at the place themselves, or do not evaluate all they are given.
const ASKING = {
  "text": (_known, [value]) => String(value),
  "number": (_known, [value]) => Number(value),
  "truth": (_known, [value]) => Boolean(value),
  "self": (known) => known.self ?? "",
  "answer": (known, [code]) => known.answer(code),
  "column": (known, [name]) => known.column?.(name) ?? "",
  "and": (known, [a, b]) => truth(evaluate(a, known)) && truth(evaluate(b, known)),
  "or": (known, [a, b]) => truth(evaluate(a, known)) || truth(evaluate(b, known)),
  "if": (known, [test, then, otherwise]) => evaluate(truth(evaluate(test, known)) ? then : otherwise, known),
  "coalesce": (known, parts) => { for (const part of parts) { const found = text(evaluate(part, known)); if (found) return found } return "" },
  "once": (known, [part]) => known.self || evaluate(part, known),
  "today": (known) => today(known.at),
};
const STRICT = {
  "=": same,
  "!=": (a, b) => !same(a, b),
  "<": (a, b) => number(a) < number(b),
  "<=": (a, b) => number(a) <= number(b),
  ">": (a, b) => number(a) > number(b),
  ">=": (a, b) => number(a) >= number(b),
  "+": (a, b) => number(a) + number(b),
  "-": (a, b) => number(a) - number(b),
  "*": (a, b) => number(a) * number(b),
  "div": (a, b) => divided(number(a), number(b)),
  "mod": (a, b) => number(a) % number(b),
  "neg": (a) => -number(a),
  "not": (a) => !truth(a),
  "true": () => true,
  "false": () => false,
  "boolean": truth,
  "as-number": number,
  "selected": (where, what) => names(where).includes(text(what).trim()),
  "selected-at": (where, at) => names(where)[Math.trunc(number(at))] ?? "",
  "count-selected": (where) => names(where).length,
  "date": dateOf,
  "decimal-date-time": number,
  "format-date": (value, pattern) => formatted(value, text(pattern)),
  "int": (a) => infinite(Math.trunc(number(a))),
  "round": (a, digits) => infinite(rounded(number(a), digits === undefined ? 0 : number(digits))),
  "floor": (a) => infinite(Math.floor(number(a))),
  "ceiling": (a) => infinite(Math.ceil(number(a))),
  "abs": (a) => Math.abs(number(a)),
  "pow": (a, b) => number(a) ** number(b),
  "string": text,
  "string-length": (a) => [...text(a)].length,
  "regex": (a, pattern) => { try { return new RegExp(`^(?:${text(pattern)})$`, "u").test(text(a)) } catch { return true } },
  "concat": (...parts) => parts.map(text).join(""),
  "join": (by, ...parts) => parts.map(text).join(text(by)),
  "substr": (a, from, to) => cut(text(a), number(from), to === undefined ? [...text(a)].length : number(to)),
  "contains": (a, b) => text(a).includes(text(b)),
  "starts-with": (a, b) => text(a).startsWith(text(b)),
  "ends-with": (a, b) => text(a).endsWith(text(b)),
  "normalize-space": (a) => names(a).join(" "),
  "count": () => 1,
  "count-non-empty": (a) => (text(a) ? 1 : 0),
  "sum": (...parts) => numbers(parts).reduce((sum, n) => sum + n, 0),
  "min": (...parts) => { const found = numbers(parts); return found.length ? Math.min(...found) : NaN },
  "max": (...parts) => { const found = numbers(parts); return found.length ? Math.max(...found) : NaN },
};
export const WORDS = [...Object.keys(ASKING), ...Object.keys(STRICT)];

export const evaluate = ([word, ...parts], known) => (word in ASKING ? ASKING[word](known, parts) : STRICT[word](...parts.map((part) => evaluate(part, known))));

// What an expression sees: answers of what is asked, and what is calculated of them. A ring was refused when the instrument was brought in.
export const seenFrom = (instrument, interview, at = new Date()) => {
  const byCode = new Map(instrument.questions.map((q) => [q.code, q])), calculated = new Map();
  const known = {
    at,
    answer: (code) => {
      const question = byCode.get(code);
      if (!question || !isAsked(question, interview, known)) return "";
      if (question.calculation) {
        if (!calculated.has(code)) { calculated.set(code, ""); calculated.set(code, text(evaluate(question.calculation, { ...known, self: "" }))) }
        return calculated.get(code);
      }
      const value = interview.answers[code]?.value ?? "";
      return value && ["integer", "decimal", "range"].includes(question.kind) ? number(value) : value;
    },
  };
  return known;
};

const isAsked = (question, interview, known) => (!question.child_only || interview.person.age_band !== "adult") && question.relevant.every((tree) => truth(evaluate(tree, { ...known, self: interview.answers[question.code]?.value ?? "" })));

// The questions of an instrument that are asked of this person, in order.
export const asked = (instrument, interview) => {
  const known = seenFrom(instrument, interview);
  return instrument.questions.filter((q) => q.shown && isAsked(q, interview, known));
};

// Whether a value may stand as this answer; an empty one always may.
export const fits = (instrument, interview, question, value) =>
  value === "" || !question.constraint || truth(evaluate(question.constraint, { ...seenFrom(instrument, interview), self: ["integer", "decimal", "range"].includes(question.kind) ? number(value) : value }));

// The answers that may be chosen, after the instrument's own filter.
export const offered = (instrument, interview, question) => {
  const listed = instrument.choices[question.choices] ?? [];
  if (!question.filter) return listed;
  const known = seenFrom(instrument, interview);
  return listed.filter((choice) => truth(evaluate(question.filter, { ...known, column: (name) => (name === "name" ? choice.name : choice.columns?.[name] ?? "") })));
};
