// What the forms of the exercises share: elements, and a field that hears every key. No module: it stands before the
// scripts that need it, in a notebook in one text with them, in a page as a script of its own (book/site/widgets.py).
const elements = (() => {
  /** An element with properties, and children that are elements or text. */
  function make(tag, properties, ...children) {
    const made = Object.assign(document.createElement(tag), properties);
    made.append(...children);
    return made;
  }

  /** An id that no other view has. A script may be loaded once for each view: the window counts. */
  const newId = (kind) => `${kind}-${(window.bookViews = (window.bookViews ?? 0) + 1)}`;

  /** A field that leaves its keys to the reader: JupyterLab would take them for shortcuts. */
  function field(tag, properties) {
    const made = make(tag, { autocomplete: "off", ...properties });
    made.setAttribute("data-lm-suppress-shortcuts", "true");
    // Enter would submit by itself, but JupyterLab takes the line break from a field before the form hears of it
    if (tag === "input") made.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || event.isComposing) return;
      event.preventDefault();
      made.form.requestSubmit();
    });
    // and where a line may be broken, JupyterLab takes the break: it is put in afterwards, where it is missing
    if (tag === "textarea") made.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || event.isComposing) return;
      const before = made.value;
      setTimeout(() => {
        if (made.value !== before) return;
        made.setRangeText("\n", made.selectionStart, made.selectionEnd, "end");
        made.dispatchEvent(new Event("input"));
      });
    });
    return made;
  }

  /** A line whose changes are read out. */
  function status(className, id) {
    const made = make("p", { className, id });
    made.setAttribute("role", "status");
    return made;
  }

  return { make, newId, field, status };
})();
