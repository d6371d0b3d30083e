// An exercise with no one right answer: a field to write in, then the points that a good answer has, which the reader
// ticks, and a model answer. What was written is kept in the browser, in a notebook as on the page; no kernel knows of it.

/** What is kept under a key; nothing where storing is forbidden, as in a private window. */
function kept(key) {
  try {
    return JSON.parse(localStorage.getItem(key)) ?? {};
  } catch {
    return {};
  }
}

function keep(key, state) {
  try {
    localStorage.setItem(key, JSON.stringify(state));
  } catch {
    // it then lasts as long as the page
  }
}

function render({ model, el }) {
  const { name, label, points, model_answer } = model.get("spec"), { make, newId, field, status } = elements;
  const id = newId("open"), key = `scale-from-zero open ${name}`;
  // ticks by the text of their point: one that was written anew is not ticked
  const state = { text: "", compared: false, ticked: [], ...kept(key) };
  const text = field("textarea", { id, className: "open-field", rows: 6 });
  const show = make("button", { type: "button" }, "Compare with a good answer");
  const again = make("button", { type: "button" }, "Start again");
  const hint = status("prediction-said", `${id}-hint`), score = status("open-score", `${id}-score`);
  const heading = make("p", { className: "open-heading", tabIndex: -1, id: `${id}-points` }, "A good answer has these points. Tick those that yours has.");
  const boxes = points.map(() => field("input", { type: "checkbox" }));
  const list = make("ul", {}, ...points.map((point, at) => make("li", {}, make("label", { className: "open-point" }, boxes[at], make("span", {}, point)))));
  const model_text = make("details", {}, make("summary", {}, "One good answer"), make("p", {}, model_answer));
  const compared = make("div", {}, heading, list, score, model_text);
  text.setAttribute("aria-describedby", `${id}-hint`);
  list.setAttribute("aria-labelledby", `${id}-points`);

  const draw = () => {
    text.value = state.text;
    compared.hidden = !state.compared;
    show.hidden = state.compared;
    again.hidden = !state.compared;
    boxes.forEach((box, at) => { box.checked = state.ticked.includes(points[at]); });
    const count = boxes.filter((box) => box.checked).length;
    score.textContent = `${count} of ${points.length} points.`;
  };
  const change = (changes) => {
    Object.assign(state, changes);
    keep(key, state);
    draw();
  };
  text.addEventListener("input", () => {
    hint.textContent = "";
    state.text = text.value;
    keep(key, state);
  });
  show.addEventListener("click", () => {
    if (!text.value.trim()) {
      hint.textContent = "Write down yours first: two or three sentences are enough.";
      text.focus();
      return;
    }
    change({ compared: true });
    heading.focus(); // the button goes
  });
  again.addEventListener("click", () => {
    change({ text: "", compared: false, ticked: [] });
    model_text.open = false;
    text.focus();
  });
  boxes.forEach((box) => box.addEventListener("change", () => change({ ticked: points.filter((_, at) => boxes[at].checked) })));

  draw();
  el.append(make(
    "div",
    { className: "exercise-box open-exercise" },
    make("label", { className: "prediction-question", htmlFor: id }, label), text,
    make("div", { className: "prediction-row" }, show, again), hint, compared,
  ));
}

export default { render };
