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

/** An element with properties, and children that are elements or text. */
function make(tag, properties, ...children) {
  const made = Object.assign(document.createElement(tag), properties);
  made.append(...children);
  return made;
}

/** The number in a text as a reader writes it ("1,024", "300 s"), or null. */
function read(text, unit) {
  const plain = text.trim().replace(/\s+/g, " ");
  const bare = plain.toLowerCase().endsWith(unit.toLowerCase()) ? plain.slice(0, -unit.length).trim() : plain;
  const digits = /^\d{1,3}([, ]\d{3})+(\.\d+)?$/.test(bare) ? bare.replace(/[, ]/g, "") : bare;
  const value = Number(digits);
  return /^\d+(\.\d+)?$|^\.\d+$/.test(digits) && Number.isFinite(value) ? value : null;
}

/** A value with its unit: "1,024 bytes", "1 byte". */
function amount(value, unit) {
  const one = value === 1 && unit.length > 1 ? unit.replace(/s$/, "") : unit;
  return `${value.toLocaleString("en-GB", { maximumFractionDigits: 4 })} ${one}`;
}

/** How far the guess is from what was measured (or computed, or replayed), in a sentence. */
function distance(guess, measured, unit, how) {
  if (guess === measured) return "You guessed it exactly.";
  const [low, high] = [Math.min(guess, measured), Math.max(guess, measured)];
  if (low <= 0 || high / low < 2) return `Your guess is ${amount(high - low, unit)} too ${guess > measured ? "high" : "low"}.`;
  const times = (high / low).toLocaleString("en-GB", { maximumSignificantDigits: high / low < 100 ? 2 : 3 });
  return guess > measured ? `Your guess is ${times} times what was ${how}.` : `What was ${how} is ${times} times your guess.`;
}

/** What a comparison says where nothing was guessed yet, with a link to the field. */
function invitation(field) {
  if (!field) return ["No guess yet: make one above."];
  const link = make("a", { href: `#${field.id}` }, "make one above");
  link.addEventListener("click", (event) => {
    event.preventDefault(); // JupyterLab would not go there
    field.focus();
  });
  return ["No guess yet: ", link, "."];
}

function renderPredict({ model, el }) {
  const { name, question, unit } = model.get("spec"), { guesses, fields } = sharedBy(model);
  const id = `prediction-${(window.bookViews = (window.bookViews ?? 0) + 1)}`;
  const field = make("input", { type: "text", id, name, inputMode: "decimal", autocomplete: "off", size: 10 });
  field.setAttribute("data-lm-suppress-shortcuts", "true"); // JupyterLab would take the keys for itself
  field.setAttribute("aria-describedby", `${id}-unit ${id}-said`);
  const button = make("button", { type: "submit" }, "Commit");
  const said = make("p", { className: "prediction-said", id: `${id}-said` });
  said.setAttribute("role", "status");
  const form = make(
    "form",
    { className: "exercise-box prediction", noValidate: true },
    make("label", { htmlFor: id }, question),
    make("div", { className: "prediction-row" }, field, make("span", { id: `${id}-unit` }, unit), button),
    said,
  );

  // Enter would do so by itself, but JupyterLab takes the line break from a field before the form hears of it
  field.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.isComposing) return;
    event.preventDefault();
    form.requestSubmit();
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (model.get("guess") !== null) return;
    const value = read(field.value, unit);
    field.setAttribute("aria-invalid", String(value === null));
    if (value === null) {
      said.textContent = "Write one number in figures, such as 40 or 2.5.";
      field.focus();
      return;
    }
    model.set("guess", value);
    model.save_changes();
    field.focus(); // the button goes: the focus stays in the form
  });

  const draw = () => {
    const guess = model.get("guess");
    const committed = guess !== null;
    field.readOnly = committed;
    button.hidden = committed;
    if (committed) {
      guesses.set(name, guess);
      field.value = guess.toLocaleString("en-GB", { maximumFractionDigits: 4 });
      field.style.width = `${field.value.length + 1}ch`; // as wide as what stands in it
      said.textContent = `Committed: ${amount(guess, unit)}. You will see below.`;
    } else {
      guesses.delete(name); // a kernel that was started anew knows of no guess
    }
    form.classList.toggle("is-committed", committed);
    window.dispatchEvent(new CustomEvent(GUESSED, { detail: name }));
  };
  model.on("change:guess", draw);
  fields.set(name, field); // first, so that the comparison finds it
  el.append(form);
  draw();
  return () => {
    model.off("change:guess", draw);
    if (fields.get(name) === field) fields.delete(name);
  };
}

function renderCompare({ model, el }) {
  const { name, measured, unit, note, how } = model.get("spec"), { guesses, fields } = sharedBy(model);
  const found = how[0].toUpperCase() + how.slice(1);
  const facts = make("dl", {});
  const said = make("p", { className: "prediction-distance" });
  const box = make("div", { className: "exercise-box comparison" }, facts, said, make("p", { className: "comparison-note" }, note));
  box.setAttribute("role", "status");

  const bar = (term, value, kind, longest) => {
    const fill = make("span", { className: `comparison-bar is-${kind}` });
    fill.style.setProperty("--share", longest > 0 ? value / longest : 0);
    fill.setAttribute("aria-hidden", "true");
    return make("div", {}, make("dt", {}, term), make("dd", {}, amount(value, unit), fill));
  };
  const draw = () => {
    const guess = guesses.get(name) ?? model.get("guess");
    const longest = Math.max(guess ?? 0, measured);
    const rows = guess === null ? [] : [bar("Your guess", guess, "guess", longest)];
    facts.replaceChildren(...rows, bar(found, measured, "measured", longest));
    said.replaceChildren(...(guess === null ? invitation(fields.get(name)) : [distance(guess, measured, unit, how)]));
  };
  const heard = (event) => {
    if (event.detail === name) draw();
  };
  window.addEventListener(GUESSED, heard);
  model.on("change:guess", draw);
  draw();
  el.append(box);
  return () => {
    window.removeEventListener(GUESSED, heard);
    model.off("change:guess", draw);
  };
}

function render(context) {
  return context.model.get("spec").kind === "predict" ? renderPredict(context) : renderCompare(context);
}

export default { render };
