// What an expression is worth: the trees that the server made of an instrument's expressions, seen from one place of an interview (filling.js).
// The meaning of each word is that of saphan/xlsform/evaluating.py; a test asks both the same.
const DAY = /^(\d{4})-(\d{2})-(\d{2})(?:([T ])(\d{2}):(\d{2})(?::(\d{2})(?:\.\d+)?)?(Z|[+-]\d{2}:?\d{2})?)?$/;
const NUMBER = /^[ \t\n\r\f\v]*-?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d{1,3})?[ \t\n\r\f\v]*$/;
const CLOCK = /^(\d{1,2}):(\d{2})(?::(\d{2}))?/;
const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
const WEEKDAYS = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"];
const MOST_TEXT = 20_000, MOST_MATCHED = 1_000, DAY_MS = 86_400_000;

// What a value means as a text, a number, a truth. Several values are an array: the first counts, as in XPath.
const first = (value) => (Array.isArray(value) ? value[0] ?? "" : value);
const midnight = (year, month, day) => {
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  return year > 0 && date.getUTCMonth() === month - 1 && date.getUTCDate() === day ? date.getTime() : NaN;
};
const zone = (written) => (!written || written === "Z" ? 0 : (written[0] === "-" ? -1 : 1) * (Number(written.slice(1, 3)) * 60 + Number(written.slice(-2))) / 1440);
const days = (written) => {
  const found = DAY.exec(written);
  if (!found) return NaN;
  const [year, month, day] = found.slice(1, 4).map(Number), [hour, minute, second] = found.slice(5, 8).map((part) => Number(part ?? 0));
  return midnight(year, month, day) / DAY_MS + (hour * 3600 + minute * 60 + second) / 86_400 - zone(found[8]);
};
export const number = (value) => {
  const one = first(value);
  return typeof one === "number" ? one : typeof one === "boolean" ? Number(one) : NUMBER.test(one) ? Number(one) : days(one);
};
// The digits of a number without an exponent.
const digits = (n) => {
  const [, sign, whole, rest = "", power] = /^(-?)(\d+)(?:\.(\d+))?e([+-]\d+)$/.exec(String(n)) ?? [];
  if (!power) return String(n);
  const all = whole + rest, at = whole.length + Number(power);
  return sign + (at <= 0 ? `0.${"0".repeat(-at)}${all}` : all.length <= at ? all.padEnd(at, "0") : `${all.slice(0, at)}.${all.slice(at)}`);
};
const plain = (n) => (Number.isNaN(n) ? "" : !Number.isFinite(n) ? (n > 0 ? "Infinity" : "-Infinity") : Number.isInteger(n) && Math.abs(n) >= 1e15 && Math.abs(n) < 1e16 ? `${digits(n)}.0` : digits(n));
export const text = (value) => {
  const one = first(value);
  return typeof one === "boolean" ? (one ? "true" : "false") : typeof one === "number" ? plain(one) : one;
};
export const truth = (value) => {
  const one = first(value);
  return typeof one === "boolean" ? one : typeof one === "number" ? !Number.isNaN(one) && one !== 0 : one !== "";
};
const words = (value) => text(value).split(/\s+/).filter(Boolean);
const flat = (values) => values.flatMap((value) => (Array.isArray(value) ? value : [text(value)]));
const numbers = (values) => flat(values).map(number).filter((n) => !Number.isNaN(n));

// One value against another, or any of several.
const compared = (compare) => {
  const with_ = (a, b) => (Array.isArray(a) ? a.some((one) => with_(one, b)) : Array.isArray(b) ? b.some((one) => with_(a, one)) : compare(a, b));
  return with_;
};
const same = (a, b) => (typeof a === "boolean" || typeof b === "boolean" ? truth(a) === truth(b) : typeof a === "number" || typeof b === "number" ? number(a) === number(b) : a === b);

// Numbers: what mathematics has no value for has none here.
const divided = (a, b) => (b === 0 ? (a === 0 || Number.isNaN(a) ? NaN : a * (1 / b)) : a / b);
const rounded = (n, places) => {
  if (Math.abs(n) === Infinity) return n;
  const factor = 10 ** Math.max(-12, Math.min(12, Math.trunc(places))), moved = n * factor + 0.5;
  return Number.isFinite(places) && Number.isFinite(moved) ? Math.floor(moved) / factor : NaN;
};
const bounded = (compute) => (...values) => { const given = values.map(number), found = compute(...given); return given.every(Number.isFinite) && !Number.isFinite(found) ? NaN : found };
const power = (a, b) => (a === 1 || (a === -1 && Math.abs(b) === Infinity) ? 1 : a ** b);
const within = (total, least, most) => (number(least) === -1 || total >= number(least)) && (number(most) === -1 || total <= number(most));

// Days and clocks, as they are written, in no zone.
const dayOf = (value) => {
  const one = first(value), found = typeof one === "string" && DAY.exec(one);
  if (found) { const at = midnight(...found.slice(1, 4).map(Number)); return Number.isNaN(at) ? null : at }
  const n = number(one);
  return n > -700_000 && n < 2_900_000 ? Math.floor(n) * DAY_MS : null;
};
const iso = (at) => { const year = at.getUTCFullYear(); return `${String(year).padStart(4, "0")}${at.toISOString().slice(-20, -14)}` };
const dateOf = (value) => { const at = dayOf(value); return at === null ? "" : iso(new Date(at)) };
// The moment that a value names: milliseconds since 1970 by its own clock.
const momentOf = (value) => {
  const at = dayOf(value), one = first(value), found = typeof one === "string" && DAY.exec(one);
  if (at === null) return null;
  if (found) return at + ((Number(found[5] ?? 0) % 24) * 3600 + (Number(found[6] ?? 0) % 60) * 60 + (Number(found[7] ?? 0) % 60)) * 1000;
  const n = number(one), whole = Math.trunc(n), seconds = (n - whole) * 86_400, full = Math.trunc(seconds);
  return Math.floor((whole * 86_400_000_000 + full * 1_000_000 + Math.round((seconds - full) * 1_000_000)) / 1000);
};
const dateTimeOf = (value) => {
  const one = first(value);
  if (typeof one === "string" && one.includes("T") && DAY.test(one)) return one;
  const at = momentOf(value);
  return at === null ? "" : `${iso(new Date(at))}T${new Date(at).toISOString().slice(-13, -1)}`;
};
const timeOf = (value) => {
  const whole = text(value), found = CLOCK.exec(whole.split(/T(.*)/s)[1] || whole);
  return found ? (Number(found[1]) * 3600 + Number(found[2]) * 60 + Number(found[3] ?? 0)) / 86_400 : NaN;
};
const week = (at) => {
  const thursday = at - ((new Date(at).getUTCDay() + 6) % 7 - 3) * DAY_MS, year = new Date(thursday).getUTCFullYear();
  return 1 + Math.floor((thursday - midnight(year, 1, 1)) / (7 * DAY_MS));
};
const two = (n) => String(n).padStart(2, "0");
const formatted = (value, pattern) => {
  const at = momentOf(value);
  if (at === null) return "";
  const date = new Date(at), year = date.getUTCFullYear(), month = date.getUTCMonth(), hour = date.getUTCHours();
  const signs = {
    Y: String(year).padStart(4, "0"), y: two(year % 100), m: two(month + 1), n: String(month + 1), b: MONTHS[month], d: two(date.getUTCDate()), e: String(date.getUTCDate()),
    a: WEEKDAYS[date.getUTCDay()], H: two(hour), h: String(hour), M: two(date.getUTCMinutes()), S: two(date.getUTCSeconds()), 3: "000", W: String(week(Math.floor(at / DAY_MS) * DAY_MS)),
  };
  return text(pattern).replace(/%(.)/g, (whole, sign) => signs[sign] ?? whole);
};
const localIso = (at) => new Date(at.getTime() - at.getTimezoneOffset() * 60_000).toISOString();
const now = (at) => {
  const ahead = -at.getTimezoneOffset(), size = Math.abs(ahead);
  return `${localIso(at).slice(0, 23)}${ahead < 0 ? "-" : "+"}${two(Math.floor(size / 60))}:${two(size % 60)}`;
};
export const today = (at) => localIso(at).slice(0, 10);

// Texts.
const cut = (whole, from, to) => {
  const letters = [...whole], place = (n) => { const p = Math.trunc(Math.max(-letters.length, Math.min(letters.length, n))); return p < 0 ? p + letters.length : p };
  return Number.isNaN(from) || Number.isNaN(to) ? "" : letters.slice(place(from), place(to)).join("");
};
// Patterns are Python's: its digits and letters are those of every script. What this browser cannot read at all the office looks at.
const script = (pattern) => {
  let inside = false;
  return pattern.replace(/\\(.)|\(\?P<|[[\]]/gsu, (whole, sign) => {
    if (whole === "[" || whole === "]") { inside = whole === "["; return whole }
    if (whole === "(?P<") return inside ? whole : "(?<";
    const both = { d: "\\p{Nd}", D: "\\P{Nd}", A: "^", Z: "$" }[sign];
    return both ?? (sign === "w" ? (inside ? "\\p{L}\\p{N}_" : "[\\p{L}\\p{N}_]") : sign === "W" && !inside ? "[^\\p{L}\\p{N}_]" : /[a-zA-Z0-9^$\\.*+?()[\]{}|/]/.test(sign) || (inside && sign === "-") ? whole : sign);
  });
};
const matches = (value, pattern) => {
  if ([...value].length > MOST_MATCHED) return false;
  try { return new RegExp(`^(?:${script(pattern)})$`, "u").test(value) } catch { return true }
};
const translated = (value, before, after) => {
  const old = [...text(before)], fresh = [...text(after)];
  return [...text(value)].map((letter) => { const at = old.indexOf(letter); return at < 0 ? letter : fresh[at] ?? "" }).join("");
};
const short = (value) => { const letters = value.length > MOST_TEXT ? [...value] : null; return letters ? letters.slice(0, MOST_TEXT).join("") : value };

// Words that look at the place themselves, or do not evaluate all they are given.
const ASKING = {
  "text": (_here, [value]) => String(value),
  "number": (_here, [value]) => Number(value),
  "truth": (_here, [value]) => Boolean(value),
  "self": (here) => here.own(),
  "answer": (here, [code]) => here.answer(code),
  "every": (here, [code]) => here.every(code),
  "instances": (here, [code]) => here.instances(code),
  "position": (here, [code]) => here.position(code),
  "indexed": (here, [code, ...at]) => here.indexed(code, at.map((part) => { const n = number(evaluate(part, here)); return n > 0 && n < 1e6 ? Math.trunc(n) : 0 })),
  "column": (here, [name]) => here.column(name),
  "lookup": (here, [listed, test, column]) => here.lookup(listed, test, column),
  "choice-name": (here, [part, code]) => here.choiceName(code, text(evaluate(part, here))),
  "and": (here, [a, b]) => truth(evaluate(a, here)) && truth(evaluate(b, here)),
  "or": (here, [a, b]) => truth(evaluate(a, here)) || truth(evaluate(b, here)),
  "if": (here, [test, then, otherwise]) => evaluate(truth(evaluate(test, here)) ? then : otherwise, here),
  "coalesce": (here, parts) => { for (const part of parts) { const found = text(evaluate(part, here)); if (found) return found } return "" },
  "once": (here, [part]) => here.own() || evaluate(part, here),
  "today": (here) => today(here.at),
  "now": (here) => now(here.at),
};
const STRICT = {
  "=": compared(same),
  "!=": compared((a, b) => !same(a, b)),
  "<": compared((a, b) => number(a) < number(b)),
  "<=": compared((a, b) => number(a) <= number(b)),
  ">": compared((a, b) => number(a) > number(b)),
  ">=": compared((a, b) => number(a) >= number(b)),
  "+": (a, b) => number(a) + number(b),
  "-": (a, b) => number(a) - number(b),
  "*": (a, b) => number(a) * number(b),
  "div": (a, b) => divided(number(a), number(b)),
  "mod": (a, b) => number(a) % number(b),
  "neg": (a) => -number(a),
  "not": (a) => !truth(a),
  "boolean": truth,
  "boolean-from-string": (a) => ["1", "true"].includes(text(a).toLowerCase()),
  "selected": (where, what) => words(where).includes(text(what).trim()),
  "selected-at": (where, at) => { const found = words(where), n = number(at); return n >= 0 && n < found.length ? found[Math.trunc(n)] : "" },
  "count-selected": (where) => words(where).length,
  "date": dateOf,
  "date-time": dateTimeOf,
  "decimal-date-time": number,
  "decimal-time": timeOf,
  "format-date": formatted,
  "format-date-time": formatted,
  "int": (a) => Math.trunc(number(a)),
  "as-number": number,
  "round": (a, places) => rounded(number(a), places === undefined ? 0 : number(places)),
  "floor": (a) => Math.floor(number(a)),
  "ceiling": (a) => Math.ceil(number(a)),
  "abs": (a) => Math.abs(number(a)),
  "pow": bounded(power),
  "sqrt": bounded(Math.sqrt),
  "exp": bounded(Math.exp),
  "log": bounded(Math.log),
  "log10": bounded(Math.log10),
  "pi": () => Math.PI,
  "sin": bounded(Math.sin),
  "cos": bounded(Math.cos),
  "tan": bounded(Math.tan),
  "string": text,
  "string-length": (a) => [...text(a)].length,
  "regex": (a, pattern) => matches(text(a), text(pattern)),
  "concat": (...parts) => short(flat(parts).join("")),
  "join": (by, ...parts) => short(flat(parts).join(text(by))),
  "substr": (a, from, to) => cut(text(a), number(from), to === undefined ? [...text(a)].length : number(to)),
  "contains": (a, b) => text(a).includes(text(b)),
  "starts-with": (a, b) => text(a).startsWith(text(b)),
  "ends-with": (a, b) => text(a).endsWith(text(b)),
  "substring-before": (a, b) => { const at = text(b) ? text(a).indexOf(text(b)) : -1; return at < 0 ? "" : text(a).slice(0, at) },
  "substring-after": (a, b) => { const at = text(a).indexOf(text(b)); return at < 0 ? "" : text(a).slice(at + text(b).length) },
  "normalize-space": (a) => words(a).join(" "),
  "translate": translated,
  "count": (a) => (Array.isArray(a) ? a.length : 1),
  "count-non-empty": (a) => flat([a]).filter(Boolean).length,
  "sum": (...parts) => numbers(parts).reduce((sum, n) => sum + n, 0),
  "min": (...parts) => numbers(parts).reduce((least, n) => (least <= n ? least : n), NaN),
  "max": (...parts) => numbers(parts).reduce((most, n) => (most >= n ? most : n), NaN),
  "checklist": (least, most, ...answers) => within(answers.filter(truth).length, least, most),
  "weighted-checklist": (least, most, ...pairs) => {
    let total = 0;
    for (let at = 0; at + 1 < pairs.length; at += 2) if (truth(pairs[at])) total += number(pairs[at + 1]);
    return within(total, least, most);
  },
};
export const WORDS = [...Object.keys(ASKING), ...Object.keys(STRICT)];

export const evaluate = ([word, ...parts], here) => (word in ASKING ? ASKING[word](here, parts) : STRICT[word](...parts.map((part) => evaluate(part, here))));
