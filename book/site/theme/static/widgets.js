// Shows the widgets that a notebook has stored: explorers, quizzes, predictions. No kernel, no require.js, no network.
// Each is an anywidget: its script and its sheet travel with the page, in the state that the notebook stores.
(() => {
  const VIEW = "application/vnd.jupyter.widget-view+json", STATE = "application/vnd.jupyter.widget-state+json";

  /** What a widget's script knows of its model; `static` says that no kernel stands behind it. */
  class Model {
    static = true;
    #listeners = new Map();
    #state;
    constructor(state) { this.#state = structuredClone(state); }
    get(key) { return this.#state[key]; }
    set(key, value) {
      if (Object.is(this.#state[key], value)) return;
      this.#state[key] = value;
      for (const listener of [...(this.#listeners.get(`change:${key}`) ?? [])]) listener();
    }
    on(event, listener) { this.#listeners.set(event, [...(this.#listeners.get(event) ?? []), listener]); }
    off(event, listener) { this.#listeners.set(event, (this.#listeners.get(event) ?? []).filter((each) => each !== listener)); }
    save_changes() {}
    send() {}
  }

  const scripts = new Map(), sheets = new Set();

  /** The module of a widget, read once however many widgets share it. */
  function loaded(source) {
    if (!scripts.has(source)) {
      scripts.set(source, import(URL.createObjectURL(new Blob([source], { type: "text/javascript" }))));
    }
    return scripts.get(source);
  }

  function styled(sheet) {
    if (!sheet || sheets.has(sheet)) return;
    sheets.add(sheet);
    document.head.append(Object.assign(document.createElement("style"), { textContent: sheet }));
  }

  async function show(place, stored) {
    const el = document.createElement("div");
    el.className = "widget";
    place.after(el);
    try {
      if (stored?.model_module !== "anywidget") throw new Error("the page has no script for it");
      styled(stored.state._css);
      const widget = (await loaded(stored.state._esm)).default;
      await widget.render({ model: new Model(stored.state), el });
    } catch (error) {
      el.textContent = `This part of the page could not start: ${error.message}. It works in the notebook.`;
    }
  }

  const texts = (type) => [...document.querySelectorAll(`script[type="${type}"]`)];
  const states = Object.assign({}, ...texts(STATE).map((script) => JSON.parse(script.textContent).state));
  for (const view of texts(VIEW)) show(view, states[JSON.parse(view.textContent).model_id]);
})();
