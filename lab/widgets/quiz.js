// A quiz: choose, check, read why each option is right or wrong. Works with a kernel and without one.

/** An element with properties, and children that are elements or text. */
function make(tag, properties, ...children) {
  const made = Object.assign(document.createElement(tag), properties);
  made.append(...children);
  return made;
}

function render({ model, el }) {
  const { title, questions } = model.get("spec");
  // Radio buttons of two views must not share a name. A script may be loaded once for each view: the window counts.
  const view = `quiz-${(window.bookViews = (window.bookViews ?? 0) + 1)}`;
  const score = make("p", { className: "quiz-score" });
  score.setAttribute("role", "status");

  const answer = (number, option) => {
    model.set("answers", model.get("answers").map((old, each) => (each === number ? option : old)));
    model.save_changes();
  };
  const shown = questions.map((question, number) => questionView(question, number, `${view}-${number + 1}`, answer));

  const root = make("section", { className: "exercise-box quiz" }, ...shown.map((each) => each.element), score);
  root.setAttribute("aria-label", `Quiz: ${title}`);
  const draw = () => {
    const answers = model.get("answers");
    shown.forEach((each, number) => each.draw(answers[number]));
    const checked = answers.filter((option) => option !== null).length;
    const right = answers.filter((option, number) => option !== null && questions[number].options[option].right).length;
    const rest = checked < questions.length ? `${questions.length - checked} to go` : `All ${inWords(checked)} answered`;
    say(score, checked ? `${right} of ${checked} right. ${rest}.` : `${questions.length} questions.`);
  };
  model.on("change:answers", draw);
  draw();
  el.append(root);
  return () => model.off("change:answers", draw);
}

/** The numbers from 0 to count - 1 in an order that chance gives: at each visit another (Fisher and Yates). */
function shuffled(count) {
  const order = [...Array(count).keys()];
  for (let last = count - 1; last > 0; last--) {
    const chosen = Math.floor(Math.random() * (last + 1));
    [order[last], order[chosen]] = [order[chosen], order[last]];
  }
  return order;
}

/** A number of questions in words, where it is a small one. */
function inWords(count) {
  return ["no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"][count] ?? count;
}

/** Set a text that is announced, unless it stands there already. */
function say(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

/** One question: its element, and draw(option), where option is the position that was checked, or null. */
function questionView(question, number, name, answer) {
  const said = make("p", { className: "quiz-said" });
  said.setAttribute("role", "status");
  const button = make("button", { type: "button" });
  const more = make("button", { type: "button", hidden: true }, "Show all reasons");
  more.setAttribute("aria-label", `Show all reasons: question ${number + 1}`);
  // An answer is the position in the file; where an option stands before the reader says nothing of it.
  const options = question.options.map((option, position) => optionView(option, `${name}-${position + 1}`, name));
  const inOrder = shuffled(options.length).map((position) => options[position]);
  let checked = null;

  button.addEventListener("click", (event) => {
    if (event.detail > 1) return; // the second half of a double click would take the answer back
    const chosen = options.findIndex((option) => option.radio.checked);
    if (checked !== null) {
      answer(number, null);
      inOrder[0].radio.focus();
    } else if (chosen >= 0) {
      answer(number, chosen);
    } else {
      say(said, "Choose an option first.");
    }
  });
  more.addEventListener("click", () => {
    options.forEach((each) => each.explain(true));
    more.hidden = true;
    button.focus(); // the button goes: the focus stays in the question
  });

  const legend = make("legend", {}, make("span", { className: "quiz-number" }, `Question ${number + 1}`), question.text);
  const foot = make("div", { className: "quiz-foot" }, button, more, said);
  return {
    element: make("fieldset", {}, legend, ...inOrder.map((option) => option.element), foot),
    draw(option) {
      const taken = checked !== null && option === null;
      checked = option;
      const right = option !== null && question.options[option].right;
      options.forEach((each, position) => {
        each.draw(option, position, taken);
        // the right answer is not given away to who may still find it
        each.explain(right || position === option);
      });
      more.hidden = option === null || right;
      button.textContent = option === null ? "Check" : right ? "Reset" : "Try again";
      button.setAttribute("aria-label", `${button.textContent}: question ${number + 1}`);
      say(said, option === null ? "" : right ? "Right." : "Not yet. Read the reason.");
      said.className = `quiz-said ${option === null ? "" : right ? "is-right" : "is-wrong"}`;
    },
  };
}

/** One option: its radio button with a label, and below it, once it is explained, mark and reason. */
function optionView(option, id, name) {
  const radio = make("input", { type: "radio", name, id });
  radio.setAttribute("data-lm-suppress-shortcuts", "true"); // JupyterLab would take the arrow keys for itself
  const label = make("label", { htmlFor: id }, option.text);
  const mark = make("strong", { className: "quiz-mark" });
  const reason = make("p", { className: "quiz-reason", id: `${id}-reason`, hidden: true }, mark, option.reason);
  const element = make("div", { className: "quiz-option" }, radio, label, reason);
  return {
    element,
    radio,
    draw(checked, position, taken) {
      const chosen = checked === position;
      if (checked !== null) radio.checked = chosen;
      else if (taken) radio.checked = false;
      radio.disabled = checked !== null;
      const verdict = option.right ? "right" : "wrong";
      mark.textContent = option.right ? "✓ " : "✗ ";
      mark.textContent += chosen ? `Your choice, ${verdict}. ` : option.right ? "Right. " : "Wrong. ";
      element.className = `quiz-option${chosen ? ` is-${verdict} is-chosen` : ""}`;
    },
    explain(open) {
      reason.hidden = !open;
      if (open) radio.setAttribute("aria-describedby", reason.id);
      else radio.removeAttribute("aria-describedby");
      if (open && option.right) element.classList.add("is-right");
    },
  };
}

export default { render };
