// The one explorer. Every number comes from a table that Python filled; no model is written here.
const SVG = "http://www.w3.org/2000/svg";
const WIDE = 720; // pixels from which on the wide layout fits
const LIGHT = {
  paper: "#fbf9f4", panel: "#fffdf8", ink: "#1c2330", soft: "#596274", rule: "#ddd7ca",
  web: "#2456b8", data: "#00695c", cache: "#96590a", name: "#6d3fb0", full: "#b3261e",
};
const SAID_AFTER = 400; // milliseconds of rest, so that a listener hears where the reader stopped
const PLAYED_EVERY = 160; // milliseconds
const SIDE = 13; // pixels of a level's line at each side of a vessel that has others in it
const SILENT = 5000; // milliseconds after which a reader who waits for a measurement is told what may have happened
const GONE = "The kernel was started anew, or has ended. Run this cell again, then measure.";
const NO_ANSWER = "No answer yet. The kernel is busy; or it was started anew, then run this cell again.";

/** An element with properties, and children that are elements or text. */
function make(tag, properties, ...children) {
  const made = Object.assign(document.createElement(tag), properties);
  made.append(...children);
  return made;
}

/** An SVG element with attributes. */
function shape(tag, attributes) {
  const made = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  return made;
}

const colour = (token) => `var(--${token},${LIGHT[token]})`;

/** A number rounded, times `scale`; a share that is short of 1 gets the digits that keep it short of 1. */
function rounded(value, digits, scale = 1) {
  const short = value < 1 && digits < 4 && Number(value.toPrecision(digits)) === 1;
  return short ? rounded(value, digits + 1, scale) : (value * scale).toLocaleString("en-GB", { maximumSignificantDigits: digits });
}

/** A level, everywhere with the same two digits. */
const percent = (value) => `${rounded(value, 2, 100)}\u00a0%`;

/** A number of the table as a reader sees it. */
function shown(value, output) {
  if (value === null) return output.missing;
  if (output.percent) return value >= 1 ? "full" : percent(value);
  return output.unit ? `${rounded(value, 3)} ${output.unit}` : rounded(value, 3);
}

/** A text in which no time between marks is broken at a line's end. */
function unbroken(text) {
  return text.split(/(⟨\d[^⟩]*⟩)/).map((part, place) => (place % 2 ? make("span", { className: "explorer-time" }, part) : part));
}

/** From a value to a pixel, as lab/drawing/scales.py says it. */
function scaled(scale) {
  const { pixels: [first, last], values: [low, high] } = scale;
  const position = scale.scale === "log" ? Math.log : Number;
  return (value) => first + ((position(value) - position(low)) / (position(high) - position(low))) * (last - first);
}

// What moves on a drawing: each maker adds its elements once and gives back what redraws them.
const MAKERS = {
  level(group, item, uid) {
    const clip = shape("clipPath", { id: `${uid}-clip` });
    clip.append(shape("path", { d: item.outline }));
    const content = shape("rect", { x: item.x, width: item.width, "clip-path": `url(#${uid}-clip)`, "fill-opacity": item.tint });
    const surface = shape("path", { "stroke-width": 1.6, fill: "none", "clip-path": `url(#${uid}-clip)` });
    const outline = shape("path", { d: item.outline, fill: "none", "stroke-width": 2.4 });
    const words = shape("text", { x: item.x + item.width - 9, "text-anchor": "end", "font-size": 13, "font-weight": 600 });
    const parts = shape("g", {});
    parts.append(clip, content, surface, outline, words);
    group.append(parts);
    return ({ value }) => {
      // a part that has no level of its own is still there, without one
      parts.setAttribute("visibility", value === null ? "hidden" : "visible");
      if (value === null) return;
      const share = Math.min(value, 1), full = value > item.full_above, now = colour(full ? "full" : item.colour);
      const height = item.height * share, top = item.y + item.height - height;
      content.setAttribute("y", top);
      content.setAttribute("height", height);
      // behind other parts it is drawn at the sides alone, where no name of theirs stands
      const end = item.x + item.width, side = item.behind ? SIDE : item.width / 2;
      surface.setAttribute("d", `M ${item.x} ${top} h ${side} M ${end} ${top} h ${-side}`);
      for (const part of [surface, outline]) part.setAttribute("stroke", now);
      outline.setAttribute("stroke-opacity", full ? 1 : 0);
      for (const part of [content, words]) part.setAttribute("fill", now);
      words.setAttribute("y", item.y + item.height - (height > 24 ? 8 : height + 6));
      words.textContent = value >= 1 ? "full" : `${percent(value)}${full ? " full" : ""}`;
    };
  },
  dots(group, item) {
    const path = shape("path", { "stroke-linecap": "round", "stroke-width": 2 * item.radius, stroke: colour(item.colour), fill: "none" });
    group.append(path);
    return ({ value }) => {
      path.setAttribute("d", item.positions.slice(0, Math.round(value)).map(([x, y]) => `M ${x} ${y} h .01`).join(""));
    };
  },
  curve(group, item) {
    const path = shape("path", { fill: "none", "stroke-width": 2.4, "stroke-linejoin": "round", stroke: colour(item.colour) });
    group.append(path);
    const [across, down] = [scaled(item.x), scaled(item.y)];
    return ({ along, setting }) => {
      const known = along(item.over, item.output).filter(([, value]) => value !== null);
      const stepped = item.steps && setting[item.steps.control] === item.steps.value;
      const line = known.map(([x, y], place) => {
        const [right, high] = [across(x).toFixed(1), down(y).toFixed(1)];
        return !place ? `M ${right} ${high}` : stepped ? `V ${high} H ${right}` : `L ${right} ${high}`;
      });
      path.setAttribute("d", line.join(" "));
    };
  },
  point(group, item) {
    const dot = shape("circle", { r: 6, fill: colour("panel"), stroke: colour(item.colour), "stroke-width": 2.6 });
    const own = shape("circle", { r: 6, fill: colour("web"), visibility: "hidden" });
    group.append(dot, own);
    const [across, down] = [scaled(item.x), scaled(item.y)];
    // a value that there is not is no place either: on a logarithmic axis not even 0 has one
    const put = (mark, right, height) => {
      const there = height !== null && Number.isFinite(down(height));
      mark.setAttribute("visibility", there ? "visible" : "hidden");
      if (!there) return;
      mark.setAttribute("cx", across(right));
      mark.setAttribute("cy", down(height));
    };
    return ({ value, setting, measured }) => {
      put(dot, setting[item.over], value);
      // the reader's own run stays where it was measured, as long as the curve is the one that it was measured for
      const same = measured?.output === item.output
        && Object.keys(setting).every((name) => name === item.over || setting[name] === measured.setting[name]);
      put(own, measured?.setting[item.over], same ? measured.value : null);
    };
  },
  customers(group, item) {
    // the value names who is there and at which place: [[number, place], ...]; who stays moves from place to place
    const drawn = new Map();
    return ({ value }) => {
      const here = new Map(value);
      for (const [number, dot] of drawn) if (!here.has(number)) { dot.remove(); drawn.delete(number); }
      for (const [number, place] of here) {
        if (!drawn.has(number)) {
          const fill = colour(number % 5 ? item.colour : "panel"); // every fifth is a ring, so that one can be followed
          const dot = shape("circle", { class: "customer", r: item.radius, fill, stroke: colour(item.colour), "stroke-width": 2.5 });
          drawn.set(number, dot);
          group.append(dot);
        }
        const [x, y] = item.places[Math.min(place, item.places.length - 1)];
        drawn.get(number).style.transform = `translate(${x}px,${y}px)`;
      }
    };
  },
  text(group, item) {
    const words = shape("text", {
      x: item.x, y: item.y, "text-anchor": item.anchor, "font-size": item.size, "font-weight": item.weight, fill: colour(item.colour),
    });
    group.append(words);
    return ({ value }) => { words.textContent = shown(value, item); };
  },
  path(group, item) {
    // bit n of the number says whether branch n is walked
    const parts = item.branches.map((branch) => {
      const part = shape("g", { fill: "none", stroke: colour(branch.colour) });
      part.append(
        shape("path", { d: branch.line, "stroke-width": branch.width }),
        shape("path", { d: branch.filled, "stroke-width": 1.6, fill: colour(branch.colour) }),
        shape("path", { d: branch.tick, "stroke-width": 2.2, stroke: colour("panel") }),
      );
      group.append(part);
      return part;
    });
    return ({ value }) => parts.forEach((part, place) => part.setAttribute("visibility", (value >> place) & 1 ? "visible" : "hidden"));
  },
  words(group, item) {
    const lines = shape("g", { "font-size": item.size, fill: colour(item.colour) });
    group.append(lines);
    return ({ value }) => lines.replaceChildren(...item.words[value].map(([y, text]) => {
      const line = shape("text", { x: item.x, y });
      line.textContent = text;
      return line;
    }));
  },
};

/** The control for one thing that a reader sets; `moved(place)` is called with the place of the new value. */
function controlled(control, uid, start, moved) {
  const said = (place) => control.words?.[place] ?? `${control.values[place].toLocaleString("en-GB")}${control.unit ? ` ${control.unit}` : ""}`;
  if (control.words && control.words.length <= 4) {
    const box = make("fieldset", { className: "explorer-choice" }, make("legend", {}, control.label));
    const inputs = control.values.map((_, place) => {
      const input = make("input", { type: "radio", name: uid, id: `${uid}-${place}`, checked: place === start });
      input.setAttribute("data-lm-suppress-shortcuts", "true");
      input.addEventListener("change", () => moved(place));
      box.append(make("span", {}, input, make("label", { htmlFor: input.id }, said(place))));
      return input;
    });
    return { element: box, said, show: (place) => { inputs[place].checked = true; } };
  }
  const input = make("input", { type: "range", id: uid, min: 0, max: control.values.length - 1, step: 1, value: start });
  input.setAttribute("data-lm-suppress-shortcuts", "true"); // JupyterLab would take the arrow keys for itself
  const output = make("output", {});
  output.setAttribute("aria-live", "off"); // the slider says its own value
  output.setAttribute("for", uid);
  input.addEventListener("input", () => moved(Number(input.value)));
  const element = make("div", { className: "explorer-range" }, make("label", { htmlFor: uid }, control.label), input, output);
  const show = (place) => {
    if (Number(input.value) !== place) input.value = place;
    input.style.setProperty("--share", place / (control.values.length - 1));
    input.setAttribute("aria-valuetext", said(place));
    output.textContent = said(place);
  };
  return { element, said, show };
}

/** The button that moves a control on by itself, and stops at its last value, or when anybody moves something. */
function playing(moveOn) {
  const button = make("button", { type: "button" }, "Play");
  let timer = null;
  const stop = () => {
    if (timer === null) return; // and the page is left as it is
    clearInterval(timer);
    timer = null;
    button.textContent = "Play";
  };
  button.addEventListener("click", () => {
    if (timer !== null) return stop();
    button.textContent = "Pause";
    moveOn(true);
    timer = setInterval(() => { if (!moveOn(false)) stop(); }, PLAYED_EVERY);
  });
  return { element: make("p", { className: "explorer-play" }, button), stop, is: () => timer !== null };
}

/**
 * The button, and beside it what the measurement said; hidden until a kernel answers that it is there.
 * `present()` gives the setting, `inWords(setting)` says one, `redraw` is called when `measured` is another.
 */
function measuring(model, output, { present, inWords, redraw }) {
  const button = make("button", { type: "button" }, "Measure again");
  const said = make("span", { className: "explorer-measured" });
  said.setAttribute("role", "status");
  const element = make("p", { className: "explorer-measure", hidden: true }, button, said);
  const part = { element, measured: null };
  let timer = null;

  const say = (text) => { if (said.textContent !== text) said.textContent = text; };
  const rest = (text) => {
    clearTimeout(timer);
    button.disabled = false;
    say(text);
  };
  const lost = () => {
    rest(GONE);
    button.disabled = true;
  };
  const ask = (message) => {
    try {
      model.send(message);
    } catch { // the connection to a kernel that was shut down
      lost();
    }
  };
  button.addEventListener("click", () => {
    button.disabled = true;
    say("Measuring …");
    timer = setTimeout(() => rest(NO_ANSWER), SILENT);
    // the setting goes with the question: what a slider sets may wait while the kernel is busy, a question does not
    ask({ ask: "measure", setting: present() });
  });
  const answered = ({ kernel, measured, setting, error }) => {
    element.hidden = false;
    if (kernel) return rest("");
    part.measured = error ? null : { value: measured, setting, output: output.name };
    rest(error ?? "");
    redraw();
  };
  // JupyterLab starts the kernel anew: whoever is still there answers
  const cut = () => {
    lost();
    ask({ ask: "kernel" });
  };
  model.on("msg:custom", answered);
  model.on("comm_live_update", cut);
  ask({ ask: "kernel" });

  part.draw = () => {
    if (!part.measured || button.disabled) return;
    const { value, setting } = part.measured, now = present();
    const here = Object.keys(now).every((name) => now[name] === setting[name]);
    say(`Measured${here ? "" : ` at ${inWords(setting)}`}: ${shown(value, output)}`);
  };
  part.stop = () => {
    clearTimeout(timer);
    model.off("msg:custom", answered);
    model.off("comm_live_update", cut);
  };
  return part;
}

function render({ model, el }) {
  // Two views must not share an id, nor radio buttons a name. JupyterLab loads the script once a widget: the window counts.
  const uid = `explorer-${(window.bookViews = (window.bookViews ?? 0) + 1)}`;
  const spec = model.get("spec"), table = JSON.parse(model.get("table"));
  const sizes = spec.controls.map((control) => control.values.length);
  const flat = (places) => places.reduce((sum, place, index) => sum * sizes[index] + place, 0);
  const placesOf = (value) => spec.controls.map((control) => Math.max(0, control.values.indexOf(value[control.name])));
  const settingOf = (places) => Object.fromEntries(spec.controls.map((control, index) => [control.name, control.values[places[index]]]));
  let places = placesOf(model.get("value")), redraws = [], frame = null, timer = null;

  const move = (index, place) => {
    places = places.with(index, place);
    model.set("value", settingOf(places));
    model.save_changes();
    schedule();
  };
  const controls = spec.controls.map((control, index) => controlled(control, `${uid}-${control.name}`, places[index], (place) => {
    play?.stop();
    move(index, place);
  }));
  const played = spec.controls.findIndex((control) => control.name === spec.played);
  const play = played < 0 ? null : playing((first) => {
    const last = sizes[played] - 1;
    if (places[played] < last) move(played, places[played] + 1);
    else if (first) move(played, 0);
    return places[played] < last;
  });
  const figure = make("div", { className: "explorer-figure" });
  figure.setAttribute("role", "img");
  const numbers = spec.outputs.map((output) => [output, make("dd", {})]);
  const list = make("dl", {}, ...numbers.map(([output, cell]) => make("div", {}, make("dt", {}, output.label), cell)));
  const sentence = make("p", { className: "explorer-sentence" });
  const heard = make("p", { className: "explorer-heard" });
  heard.setAttribute("aria-live", "polite");
  const root = make("div", { className: "explorer" }, ...controls.map((control) => control.element), figure, list);
  if (play) figure.before(play.element);
  root.setAttribute("role", "group");
  root.setAttribute("aria-label", spec.title);
  if (spec.sentences.length) root.append(sentence);
  const again = spec.measure && !model.static ? measuring(model, spec.outputs[0], {
    present: () => settingOf(places),
    inWords: (setting) => spec.controls.map((control, index) => `${control.label} ${controls[index].said(placesOf(setting)[index])}`).join(", "),
    redraw: () => schedule(),
  }) : null;
  if (again) root.append(again.element);
  if (spec.note) root.append(make("p", { className: "explorer-note" }, ...unbroken(spec.note)));
  root.append(heard);

  /** The whole line of an output over one control, the others as they are: [[value, output], ...]. */
  function along(over, output) {
    const index = spec.controls.findIndex((control) => control.name === over);
    return spec.controls[index].values.map((value, place) => [value, table[output][flat(places.with(index, place))]]);
  }

  function draw() {
    frame = null;
    const row = flat(places), setting = settingOf(places);
    controls.forEach((control, index) => control.show(places[index]));
    for (const [item, redraw] of redraws) redraw({ value: table[item.output][row], setting, along, measured: again?.measured });
    for (const [output, cell] of numbers) cell.textContent = shown(table[output.name][row], output);
    const said = numbers.map(([output, cell]) => `${output.label} ${cell.textContent}`).join(", ");
    if (spec.sentences.length) sentence.textContent = spec.sentences[table.sentence[row]];
    again?.draw();
    figure.setAttribute("aria-label", `${spec.title}: ${said}.`);
    clearTimeout(timer);
    if (play?.is()) return; // what runs by is not read out
    timer = setTimeout(() => { heard.textContent = `${said}. ${sentence.textContent}`; }, SAID_AFTER);
  }

  /** However many events one frame brings, it brings one redraw. */
  function schedule() {
    frame ??= requestAnimationFrame(draw);
  }

  function lay(layout) {
    const drawing = spec.drawings[layout];
    figure.dataset.layout = layout;
    // drawn by lab/drawing, not by a reader; its clipping paths are this view's own
    figure.innerHTML = drawing.svg.replace(/( id="|url\(#)/g, `$1${uid}-`);
    const group = shape("g", { class: "moving" }), behind = shape("g", { class: "behind" });
    figure.firstElementChild.prepend(behind);
    figure.firstElementChild.append(group);
    redraws = drawing.moving.map((item, place) => [item, MAKERS[item.kind](item.behind ? behind : group, item, `${uid}-${layout}-${place}`, spec)]);
    draw();
  }

  el.append(root);
  const fitting = () => (figure.clientWidth >= WIDE ? "wide" : "tall");
  lay(fitting());
  const watched = new ResizeObserver(() => { if (fitting() !== figure.dataset.layout) lay(fitting()); });
  watched.observe(figure);
  const followed = () => {
    const given = placesOf(model.get("value"));
    if (flat(given) !== flat(places)) { places = given; schedule(); }
  };
  model.on("change:value", followed);
  return () => { watched.disconnect(); model.off("change:value", followed); again?.stop(); play?.stop(); cancelAnimationFrame(frame); clearTimeout(timer); };
}

export default { render };
