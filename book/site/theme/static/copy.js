// A button on each block of code that copies it.
"use strict";

async function copy(event) {
  const button = event.currentTarget;
  const code = button.parentElement.querySelector("pre").textContent;
  try {
    await navigator.clipboard.writeText(code.trimEnd());
    button.textContent = "Copied";
  } catch {
    // the clipboard is closed to pages that came over plain http from another machine
    getSelection().selectAllChildren(button.parentElement.querySelector("pre"));
    button.textContent = "Selected";
  }
  setTimeout(() => { button.textContent = "Copy"; }, 2000);
}

for (const block of document.querySelectorAll(".cell_input .highlight, article > section div[class*=highlight-] .highlight")) {
  if (block.closest(".cell_output") || block.querySelector(".copy")) continue;
  const button = document.createElement("button");
  button.type = "button";
  button.className = "copy";
  button.textContent = "Copy";
  button.addEventListener("click", copy);
  block.append(button);
}
