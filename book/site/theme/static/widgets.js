// Shows the widgets that a notebook has stored: explorers, quizzes, predictions. No kernel, no require.js, no network.
// Each is an anywidget. Its script, which the page loads before this one, has registered it in bookWidgets
// (book/site/widgets.py); its sheet stands in the page's head, and what it shows in the page's state.
(() => {
  const VIEW = "application/vnd.jupyter.widget-view+json", STATE = "application/vnd.jupyter.widget-state+json";

  // What a reader has answered is kept until the tab is closed, as long as the question is the same.
  const ANSWERS = ["guess", "answers", "typed"];

  function remembered(key, spec) {
    try {
      const kept = JSON.parse(sessionStorage.getItem(key));
      return kept?.spec === JSON.stringify(spec) ? kept.answers : {};
    } catch {
      return {}; // storage may be forbidden, as in a private window
    }
  }

  function remember(key, state) {
    const answers = Object.fromEntries(ANSWERS.filter((name) => name in state).map((name) => [name, state[name]]));
    if (!Object.keys(answers).length) return;
    try {
      sessionStorage.setItem(key, JSON.stringify({ spec: JSON.stringify(state.spec), answers }));
    } catch {
      // the answers then last as long as the page
    }
  }

  /** What a widget's script knows of its model; `static` says that no kernel stands behind it. */
  class Model {
    static = true;
    #listeners = new Map();
    #key;
    #state;
    constructor(state, id) {
      this.#key = `${location.pathname} ${id}`;
      this.#state = { ...structuredClone(state), ...remembered(this.#key, state.spec) };
    }
    get(key) { return this.#state[key]; }
    set(key, value) {
      if (Object.is(this.#state[key], value)) return;
      this.#state[key] = value;
      for (const event of [`change:${key}`, "change"]) {
        for (const listener of [...(this.#listeners.get(event) ?? [])]) listener();
      }
    }
    on(event, listener) { this.#listeners.set(event, [...(this.#listeners.get(event) ?? []), listener]); }
    off(event, listener) {
      const kept = listener ? (this.#listeners.get(event) ?? []).filter((each) => each !== listener) : [];
      this.#listeners.set(event, kept);
    }
    save_changes() { remember(this.#key, this.#state); }
    send() {}
  }

  const scripts = window.bookWidgets ?? new Map(), models = new Map();

  /** The first answer to a key, kept for all who ask again. */
  function once(map, key, make) {
    if (!map.has(key)) map.set(key, make());
    return map.get(key);
  }

  /** A model and its widget, one for all places that show it. */
  async function begun(stored, id) {
    const model = new Model(stored.state, id), part = scripts.get(stored.script);
    const widget = typeof part === "function" ? await part() : part;
    await widget.initialize?.({ model });
    return { model, widget };
  }

  async function show(place, id) {
    const el = document.createElement("div"), stored = states[id];
    el.className = "widget";
    place.after(el);
    try {
      if (!scripts.has(stored?.script)) throw new Error("the page has no script for it");
      const { model, widget } = await once(models, id, () => begun(stored, id));
      await widget.render({ model, el });
    } catch (error) {
      el.textContent = `This part of the page could not start: ${error.message}. It works in the notebook.`;
    }
  }

  const texts = (type) => [...document.querySelectorAll(`script[type="${type}"]`)];
  const states = Object.assign({}, ...texts(STATE).map((script) => JSON.parse(script.textContent).state));

  // A link to a place in the page: the browser went there before the widgets above it had their height.
  let moved = performance.getEntriesByType("navigation")[0]?.type !== "navigate"; // else the browser knows where the reader was
  for (const event of ["wheel", "touchmove", "pointerdown", "keydown"]) {
    addEventListener(event, () => { moved = true; }, { once: true, passive: true });
  }

  /** The element that the address leads to; the fragment may be no text that an id could be, as a lone % is not. */
  function named() {
    const fragment = location.hash.slice(1);
    try {
      return document.getElementById(decodeURIComponent(fragment));
    } catch {
      return document.getElementById(fragment);
    }
  }

  function goToTarget() {
    const target = named();
    if (target && !moved) target.scrollIntoView({ behavior: "instant" });
  }

  const drawn = texts(VIEW).map((view) => show(view, JSON.parse(view.textContent).model_id));
  Promise.all(drawn).then(goToTarget);
  document.fonts.ready.then(goToTarget); // where faces come that late, if they come at all
})();
