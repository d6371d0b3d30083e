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
      for (const event of [`change:${key}`, "change"]) {
        for (const listener of [...(this.#listeners.get(event) ?? [])]) listener();
      }
    }
    on(event, listener) { this.#listeners.set(event, [...(this.#listeners.get(event) ?? []), listener]); }
    off(event, listener) {
      const kept = listener ? (this.#listeners.get(event) ?? []).filter((each) => each !== listener) : [];
      this.#listeners.set(event, kept);
    }
    save_changes() {}
    send() {}
  }

  const started = new Map(), models = new Map(), sheets = new Set();

  /** The first answer to a key, kept for all who ask again. */
  function once(map, key, make) {
    if (!map.has(key)) map.set(key, make());
    return map.get(key);
  }

  const imported = (source) => import(URL.createObjectURL(new Blob([source], { type: "text/javascript" })));

  function styled(sheet) {
    if (!sheet || sheets.has(sheet)) return;
    sheets.add(sheet);
    document.head.append(Object.assign(document.createElement("style"), { textContent: sheet }));
  }

  /** A model and its widget, one for all places that show it. */
  async function begun(stored) {
    const model = new Model(stored.state), part = (await once(started, stored.state._esm, () => imported(stored.state._esm))).default;
    const widget = typeof part === "function" ? await part() : part;
    await widget.initialize?.({ model });
    return { model, widget };
  }

  async function show(place, id) {
    const el = document.createElement("div"), stored = states[id];
    el.className = "widget";
    place.after(el);
    try {
      if (stored?.model_module !== "anywidget") throw new Error("the page has no script for it");
      styled(stored.state._css);
      const { model, widget } = await once(models, id, () => begun(stored));
      await widget.render({ model, el });
    } catch (error) {
      el.textContent = `This part of the page could not start: ${error.message}. It works in the notebook.`;
    }
  }

  const texts = (type) => [...document.querySelectorAll(`script[type="${type}"]`)];
  const states = Object.assign({}, ...texts(STATE).map((script) => JSON.parse(script.textContent).state));
  for (const view of texts(VIEW)) show(view, JSON.parse(view.textContent).model_id);
})();
