// A guess that is committed before the measurement, and its comparison with what was measured.
// Both kinds of widget load this one script. They meet on the window, so it works with no kernel, from a file's address,
// and when a script is loaded twice.

const GUESSED = "book-guessed"; // the event's name; its detail is the name of the prediction
const books = (window.bookGuesses ??= new WeakMap());

/**
 * The guesses and the fields of this page, or of this notebook, by the name of the prediction.
 * JupyterLab shows several notebooks in one window: each has a widget manager of its own, a page has none.
 */
function sharedBy(model) {
  const owner = model.widget_manager ?? window;
  if (!books.has(owner)) books.set(owner, { guesses: new Map(), fields: new Map() });
  return books.get(owner);
}

/** How far the guess is from what was measured (or computed, or replayed), in a sentence. */
function distance(guess, { measured, exact, step, unit, how }) {
  if (guess === measured) return "You guessed it exactly.";
  if (Math.abs(guess - exact) <= step / 2) return `You guessed it: ${numbers.amount(exact, unit)}, rounded to ${numbers.written(measured)}.`;
  const [low, high] = [Math.min(guess, measured), Math.max(guess, measured)];
  if (low <= 0 || high / low < 2) return `Your guess is ${numbers.amount(high - low, unit)} too ${guess > measured ? "high" : "low"}.`;
  const times = (high / low).toLocaleString("en-GB", { maximumSignificantDigits: high / low < 100 ? 2 : 3 });
  return guess > measured ? `Your guess is ${times} times what was ${how}.` : `What was ${how} is ${times} times your guess.`;
}

/** What a comparison says where nothing was guessed yet, with a link to the field. */
function invitation(field) {
  if (!field) return ["No guess yet: make one above."];
  const link = elements.make("a", { href: `#${field.id}` }, "make one above");
  link.addEventListener("click", (event) => {
    event.preventDefault(); // JupyterLab would not go there
    field.focus();
  });
  return ["No guess yet: ", link, "."];
}

/** A field for a number: what a form shows, reads and locks. */
function numberField(id, { name, question, unit }) {
  const { make, field } = elements;
  const input = field("input", { type: "text", id, name, inputMode: "decimal", size: 10 });
  input.setAttribute("aria-describedby", `${id}-unit ${id}-said`);
  return {
    first: input,
    body: make("div", {}, make("label", { className: "prediction-question", htmlFor: id }, question)),
    row: [input, make("span", { id: `${id}-unit` }, unit)],
    read: () => numbers.read(input.value, unit, question),
    words: (guess) => numbers.amount(guess, unit),
    draw(guess, fault) {
      input.setAttribute("aria-invalid", String(Boolean(fault)));
      input.readOnly = guess !== null;
      if (guess === null) {
        input.style.width = "";
        return;
      }
      input.value = numbers.written(guess);
      input.style.width = `${input.value.length + 1}ch`; // as wide as what stands in it
    },
    empty() { input.value = ""; },
  };
}

/** Options to choose one from; the guess is its position. */
function optionField(id, { question, options }) {
  const { make, field } = elements;
  const radios = options.map((_, place) => field("input", { type: "radio", name: id, id: place ? `${id}-${place}` : id }));
  const labels = radios.map((radio, place) => make("label", {}, radio, make("span", {}, options[place])));
  return {
    first: radios[0],
    body: make("fieldset", {}, make("legend", { className: "prediction-question" }, question), make("div", { className: "prediction-options" }, ...labels)),
    row: [],
    read() {
      const value = radios.findIndex((radio) => radio.checked);
      return value < 0 ? { fault: "Choose one first." } : { value };
    },
    words: (guess) => options[guess],
    draw(guess) {
      radios.forEach((radio, place) => {
        radio.disabled = guess !== null;
        if (guess !== null) radio.checked = place === guess;
      });
    },
    empty() { radios.forEach((radio) => { radio.checked = false; }); },
  };
}

function renderPredict({ model, el }) {
  const spec = model.get("spec"), { make, newId, status } = elements, { guesses, fields } = sharedBy(model);
  const id = newId("prediction"), field = spec.options ? optionField(id, spec) : numberField(id, spec);
  const button = make("button", { type: "submit" }, "Commit");
  const reset = make("button", { type: "button", hidden: true }, "Guess again");
  const said = status("prediction-said", `${id}-said`);
  const form = make(
    "form",
    { className: "exercise-box prediction", noValidate: true },
    field.body,
    make("div", { className: "prediction-row" }, ...field.row, button, reset),
    said,
  );
  const keep = (guess) => {
    model.set("guess", guess);
    model.save_changes();
  };

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (model.get("guess") !== null) return;
    const { value, fault } = field.read();
    field.draw(null, fault);
    if (fault) {
      said.textContent = fault;
      field.first.focus();
      return;
    }
    keep(value);
    (field.first.disabled ? reset : field.first).focus(); // the button goes: the focus stays in the form
  });
  reset.addEventListener("click", () => {
    field.empty();
    keep(null);
    field.first.focus();
  });

  const draw = () => {
    const guess = model.get("guess"), committed = guess !== null;
    field.draw(guess);
    button.hidden = committed;
    reset.hidden = !committed;
    if (committed) guesses.set(spec.name, guess);
    else guesses.delete(spec.name); // taken back; or a kernel that was started anew, which knows of no guess
    said.textContent = committed ? `Committed: ${field.words(guess)}. You will see below.` : "";
    form.classList.toggle("is-committed", committed);
    window.dispatchEvent(new CustomEvent(GUESSED, { detail: spec.name }));
  };
  model.on("change:guess", draw);
  fields.set(spec.name, field.first); // before the comparison is told of the guess, so that it finds it
  el.append(form);
  draw();
  return () => {
    model.off("change:guess", draw);
    if (fields.get(spec.name) === field.first) fields.delete(spec.name);
  };
}

function renderCompare({ model, el }) {
  const spec = model.get("spec"), { make } = elements, { guesses, fields } = sharedBy(model);
  const { name, measured, unit, note, how, options } = spec;
  const heading = how[0].toUpperCase() + how.slice(1);
  const facts = make("dl", {});
  const sentence = make("p", { className: "prediction-distance" });
  const box = make("div", { className: "exercise-box comparison" }, facts, sentence, make("p", { className: "comparison-note" }, note));
  box.setAttribute("role", "status");

  const bar = (term, value, kind, longest) => {
    if (options) return make("div", {}, make("dt", {}, term), make("dd", {}, options[value]));
    const fill = make("span", { className: `comparison-bar is-${kind}` });
    fill.style.setProperty("--share", longest > 0 ? value / longest : 0);
    fill.setAttribute("aria-hidden", "true");
    return make("div", {}, make("dt", {}, term), make("dd", {}, numbers.amount(value, unit), fill));
  };
  const outcome = (guess) => {
    if (options) return guess === measured ? "You guessed it." : "You guessed another one.";
    return distance(guess, spec);
  };
  const draw = () => {
    const guess = guesses.get(name) ?? model.get("guess");
    const longest = Math.max(guess ?? 0, measured);
    const rows = guess === null ? [] : [bar("Your guess", guess, "guess", longest)];
    facts.replaceChildren(...rows, bar(heading, measured, "measured", longest));
    sentence.replaceChildren(...(guess === null ? invitation(fields.get(name)) : [outcome(guess)]));
  };
  const redraw = (event) => {
    if (event.detail !== name) return;
    // without a kernel nobody else takes a guess back
    if (!guesses.has(name)) model.set("guess", null);
    draw();
  };
  window.addEventListener(GUESSED, redraw);
  model.on("change:guess", draw);
  draw();
  el.append(box);
  return () => {
    window.removeEventListener(GUESSED, redraw);
    model.off("change:guess", draw);
  };
}

function render(context) {
  return context.model.get("spec").kind === "predict" ? renderPredict(context) : renderCompare(context);
}

export default { render };
