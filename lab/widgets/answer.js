// The field of an exercise whose answer is a number or a word. The rules of its spec judge it here and nowhere else, so
// the notebook and the built page say the same, and the page needs no kernel.

const LOOKS = { right: "✓ Right: ", wrong: "✗ Not yet: ", unread: "? Once more: " };
const ROUNDED = 0.005; // a number counts as a known wrong one when it is rounded to it
const WEIGHT = /^(0(\.\d{0,3})?|1(\.0{0,3})?)$/; // RFC 9110, section 12.4.2
const TOKEN = "[!#$%&'*+.^_`|~0-9a-z-]+";
const RANGE = new RegExp(`^(${TOKEN})/(${TOKEN})((?:[ \\t]*;[ \\t]*(?:${TOKEN}=(?:${TOKEN}|"[^"]*"))?)*)$`);

/** The elements of an Accept field as texts; RFC 9110 lets some be empty. */
const elementsOf = (field) => field.split(",").map((element) => element.trim()).filter(Boolean);

/** The elements of an Accept field: [what it names, how precisely, its weight]; or null for one that cannot be read. */
function ranges(field) {
  return elementsOf(field).map((element) => {
    const match = element.toLowerCase().match(RANGE);
    if (!match || (match[1] === "*" && match[2] !== "*")) return null;
    const parameters = match[3].split(";").map((part) => part.trim()).filter(Boolean);
    const weights = parameters.filter((part) => part.startsWith("q=")).map((part) => part.slice(2));
    if (weights.length > 1 || !weights.every((weight) => WEIGHT.test(weight))) return null;
    const others = parameters.filter((part) => !part.startsWith("q="));
    if (!others.every((part) => /^charset="?utf-8"?$/.test(part))) return ["", 0, 0]; // no representation of ours has it
    const precision = match[1] === "*" ? 0 : match[2] === "*" ? 1 : others.length ? 3 : 2;
    return [`${match[1]}/${match[2]}`, precision, Math.round(1000 * (weights[0] ?? 1))];
  });
}

/** The weight of a media type in an Accept field, from 0 to 1000: the most precise element decides. */
function weight(field, type) {
  const readable = ranges(field).filter(Boolean);
  if (!readable.length) return 1000;
  const naming = readable.filter(([name]) => [type, type.replace(/\/.*/, "/*"), "*/*"].includes(name));
  return naming.sort((one, other) => other[1] - one[1] || other[2] - one[2])[0]?.[2] ?? 0;
}

/** Whether a chain such as "application/json > text/html > 0" holds of an Accept field. */
function holds(field, chain) {
  const parts = chain.split(" ");
  const size = (part) => (part.includes("/") ? weight(field, part) : Number(part));
  const compare = { ">": (a, b) => a > b, ">=": (a, b) => a >= b, "=": (a, b) => a === b };
  return parts.every((sign, at) => at % 2 === 0 || compare[sign](size(parts[at - 1]), size(parts[at + 1])));
}

// What a rule may ask of an answer, by the rule's key; all that it asks has to hold
const CONDITIONS = {
  equals: ({ number }, values, { within }) =>
    [values].flat().some((value) => Math.abs(number - value) <= (within ?? Math.abs(value) * ROUNDED) + Math.abs(value) * 1e-9),
  above: ({ number }, limit) => number > limit,
  below: ({ number }, limit) => number < limit,
  converted: (answer, wanted) => answer.converted === wanted,
  fractional: ({ number }) => !Number.isInteger(number),
  pattern: ({ text }, pattern) => new RegExp(`^(?:${pattern})$`, "iu").test(text),
  weights: ({ text }, chain) => holds(text, chain),
  unreadable: ({ text }) => ranges(text).includes(null),
};

/** { state, message, rule }: the first rule that fits gives the sentence; its place is -1 for what cannot be read. */
function judge(spec, typed) {
  const text = numbers.unquoted(typed);
  const unread = (message) => ({ state: "unread", message, rule: -1 });
  if (!text) return unread("the field is empty.");
  const answer = { text, number: NaN };
  if (spec.form === "number") {
    const { value, converted, fault } = numbers.read(text, spec.unit, `${spec.label} ${spec.words}`, spec.decimals ? "," : ".");
    if (fault) return unread(fault);
    Object.assign(answer, { number: value, converted });
  }
  const place = spec.rules.findIndex((rule) => Object.entries(rule).every(([key, wanted]) => CONDITIONS[key]?.(answer, wanted, rule) ?? true));
  const rule = spec.rules[place];
  const groups = rule.pattern ? text.match(new RegExp(`^(?:${rule.pattern})$`, "iu")) : [];
  const shown = { number: numbers.written(answer.number), text, part: elementsOf(text)[ranges(text).indexOf(null)] };
  const message = rule.says.replace(/\{(\w+)\}/g, (_, name) => shown[name] ?? groups[name]);
  return { state: rule.right ? "right" : "wrong", message, rule: place };
}

function render({ model, el }) {
  const spec = model.get("spec"), { make, newId, field, status } = elements;
  const id = newId("answer");
  const input = field("input", { type: "text", id, size: 10, spellcheck: false, autocapitalize: "off" });
  if (spec.form === "number") input.inputMode = "decimal"; else input.className = "is-text";
  const unit = spec.unit ? [make("span", { id: `${id}-unit` }, spec.unit)] : [];
  input.setAttribute("aria-describedby", unit.length ? `${id}-unit ${id}-verdict` : `${id}-verdict`);
  const verdict = status("answer-verdict", `${id}-verdict`);
  const form = make(
    "form",
    { className: "exercise-box answer", noValidate: true },
    make("label", { htmlFor: id }, spec.label),
    make("div", { className: "prediction-row" }, input, ...unit, make("button", { type: "submit" }, "Check")),
    verdict,
  );

  const draw = () => {
    const typed = model.get("typed");
    const { state, message } = typed === "" ? {} : judge(spec, typed);
    if (typed !== "") input.value = typed;
    input.setAttribute("aria-invalid", String(state === "unread"));
    form.classList.remove("is-right", "is-wrong", "is-unread");
    verdict.replaceChildren();
    if (!state) return;
    form.classList.add(`is-${state}`);
    verdict.append(make("strong", {}, LOOKS[state]), message);
  };
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (input.value.trim() === "") {
      verdict.textContent = "Write your answer first.";
      input.focus();
      return;
    }
    model.set("typed", input.value);
    model.save_changes();
    draw(); // also where the same was typed again
  });
  // a verdict speaks of what was checked, and not of what is written now
  input.addEventListener("input", () => {
    form.classList.remove("is-right", "is-wrong", "is-unread");
    verdict.replaceChildren();
  });
  model.on("change:typed", draw);
  el.append(form);
  draw();
  return () => model.off("change:typed", draw);
}

export default { render, judge };
