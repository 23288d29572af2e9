// Whether a question is asked: the trees that the server made of the instrument's own conditions. Unknown parts answer null, and null asks.
const number = (value) => (value === "" || value === null || value === undefined ? NaN : Number(value));
const truth = (value) => value !== null && value !== undefined && value !== "" && value !== false && !(typeof value === "number" && (value === 0 || Number.isNaN(value)));
const same = (a, b) => (typeof a === "number" || typeof b === "number" ? number(a) === number(b) : String(a ?? "") === String(b ?? ""));
const words = (value) => String(value ?? "").split(/\s+/).filter(Boolean);

const ACTS = {
  "and": (parts, known) => parts.every((part) => truth(evaluate(part, known))),
  "or": (parts, known) => parts.some((part) => truth(evaluate(part, known))),
  "not": ([part], known) => !truth(evaluate(part, known)),
  "=": ([a, b], known) => same(evaluate(a, known), evaluate(b, known)),
  "!=": ([a, b], known) => !same(evaluate(a, known), evaluate(b, known)),
  "<": ([a, b], known) => number(evaluate(a, known)) < number(evaluate(b, known)),
  "<=": ([a, b], known) => number(evaluate(a, known)) <= number(evaluate(b, known)),
  ">": ([a, b], known) => number(evaluate(a, known)) > number(evaluate(b, known)),
  ">=": ([a, b], known) => number(evaluate(a, known)) >= number(evaluate(b, known)),
  "+": (parts, known) => parts.reduce((sum, part) => sum + number(evaluate(part, known)), 0),
  "-": ([a, b], known) => (b === undefined ? -number(evaluate(a, known)) : number(evaluate(a, known)) - number(evaluate(b, known))),
  "*": (parts, known) => parts.reduce((product, part) => product * number(evaluate(part, known)), 1),
  "div": ([a, b], known) => number(evaluate(a, known)) / number(evaluate(b, known)),
  "mod": ([a, b], known) => number(evaluate(a, known)) % number(evaluate(b, known)),
  "if": ([test, then, otherwise], known) => evaluate(truth(evaluate(test, known)) ? then : otherwise, known),
  "selected": ([where, what], known) => words(evaluate(where, known)).includes(String(evaluate(what, known))),
  "count-selected": ([where], known) => words(evaluate(where, known)).length,
  "coalesce": (parts, known) => parts.map((part) => evaluate(part, known)).find((value) => value !== "" && value !== null) ?? "",
  "number": ([value]) => number(value),
  "text": ([value]) => value,
  "true": () => true,
  "false": () => false,
  "answer": ([place], known) => known.answers[place]?.value ?? "",
  "self": (_parts, known) => known.self ?? "",
};

export const evaluate = (tree, known) => {
  if (!Array.isArray(tree)) return tree ?? null;
  const act = ACTS[tree[0]];
  return act ? act(tree.slice(1), known) : null;
};

export const holds = (tree, known) => {
  if (tree === null || tree === undefined) return true;
  const said = evaluate(tree, known);
  return said === null ? true : truth(said);
};

// The questions of an instrument that are asked of this person, in order.
export const asked = (instrument, interview) =>
  instrument.questions.filter((q) => (!q.child_only || interview.person.age_band !== "adult") && holds(q.relevant, { answers: interview.answers }));
