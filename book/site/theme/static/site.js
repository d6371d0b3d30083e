// What every page does: the switch between light, dark and the system's own mode; regions that scroll can be
// reached with the keyboard; the lists of this page's sections show where the reader is.
"use strict";

const MODES = ["auto", "light", "dark"];

function remembered() {
  try {
    return localStorage.getItem("mode") ?? "auto";
  } catch {
    return "auto"; // storage may be forbidden, as in a private window
  }
}

function remember(mode) {
  try {
    if (mode === "auto") localStorage.removeItem("mode");
    else localStorage.setItem("mode", mode);
  } catch {
    // the choice then holds for this page alone
  }
}

function show(mode, button) {
  if (mode === "auto") delete document.documentElement.dataset.mode;
  else document.documentElement.dataset.mode = mode;
  button.querySelector("span").textContent = mode;
  button.setAttribute("aria-label", `Colours: ${mode}`);
}

const button = document.querySelector("button.mode");
let mode = remembered();
show(mode, button);
button.hidden = false;
button.addEventListener("click", () => {
  mode = MODES[(MODES.indexOf(mode) + 1) % MODES.length];
  remember(mode);
  show(mode, button);
});

// The contents, unfolded on a phone, lie over the section of this page that a link in them leads to.
const menu = document.querySelector(".menu");
menu.addEventListener("click", (event) => {
  if (event.target.closest("a")) menu.open = false;
});

const SCROLLERS = { pre: "Code, scrolls sideways", ".table-scroll": "Table, scrolls sideways",
  ".text_html": "Output, scrolls sideways", ".math": "Formula, scrolls sideways" };

function nameScrollers() {
  for (const [selector, name] of Object.entries(SCROLLERS)) {
    for (const box of document.querySelectorAll(selector)) {
      if (box.scrollWidth > box.clientWidth) {
        box.tabIndex = 0;
        box.setAttribute("role", "group");
        box.setAttribute("aria-label", name);
      } else if (box.tabIndex === 0) {
        for (const attribute of ["tabindex", "role", "aria-label"]) box.removeAttribute(attribute);
      }
    }
  }
}

new ResizeObserver(nameScrollers).observe(document.querySelector("main"));

const entries = new Map();
for (const link of document.querySelectorAll(".local a, .within a")) {
  const section = document.getElementById(decodeURIComponent(link.hash.slice(1)));
  entries.set(section, [...(entries.get(section) ?? []), link]);
}
if (entries.size) {
  const reading = new IntersectionObserver((changes) => {
    for (const { target, isIntersecting } of changes) {
      for (const link of entries.get(target)) {
        if (isIntersecting) link.setAttribute("aria-current", "true");
        else link.removeAttribute("aria-current");
      }
    }
  }, { rootMargin: "-20% 0px -75% 0px" });
  for (const section of entries.keys()) reading.observe(section);
}
