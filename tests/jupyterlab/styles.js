// What JupyterLab's own sheets do to a widget: the computed styles that differ from those of the same elements in a
// page that has the widget's sheet alone. Colours are left out: they follow JupyterLab's theme on purpose. So is what may
// be selected.
async (sheet) => {
  const PASSED_OVER = /color|^(user-select|width|height|inline-size|block-size|perspective-origin|transform-origin|-webkit-locale)$/;
  const differences = new Set();
  for (const root of document.querySelectorAll(".explorer, .exercise-box")) {
    const frame = document.createElement("iframe");
    frame.srcdoc = "<!doctype html><style>body { margin: 0 }</style>";
    frame.style.cssText = `position:fixed; left:0; top:0; border:0; height:900px; width:${root.getBoundingClientRect().width}px`;
    document.body.append(frame);
    await new Promise((loaded) => frame.addEventListener("load", loaded, { once: true }));
    const page = frame.contentDocument;
    page.head.append(Object.assign(page.createElement("style"), { textContent: sheet }));
    const clone = page.importNode(root, true);
    page.body.append(clone);
    const pairs = [[root, clone], ...[...root.querySelectorAll("*")].map((element, place) => [element, clone.querySelectorAll("*")[place]])];
    for (const [here, there] of pairs) {
      if (here.closest("svg")) continue;
      const [mine, bare] = [getComputedStyle(here), frame.contentWindow.getComputedStyle(there)];
      for (const property of bare) {
        if (PASSED_OVER.test(property) || mine[property] === bare[property]) continue;
        differences.add(`${root.classList[0]} ${here.localName}.${here.className}: ${property} ${mine[property]}, not ${bare[property]}`);
      }
    }
    frame.remove();
  }
  return [...differences];
}
