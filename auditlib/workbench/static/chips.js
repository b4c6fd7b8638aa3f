// What is filtered at the moment, each filter a button that takes it away; said aloud when it changes.

function render({ model, el }) {
  el.classList.add("wb", "wb-chips");
  const said = document.createElement("output");
  said.setAttribute("aria-live", "polite");
  const list = document.createElement("ul");
  el.append(said, list);

  function button(text, label, message, style) {
    const made = document.createElement("button");
    made.type = "button";
    made.className = style;
    made.textContent = text;
    made.setAttribute("aria-label", label);
    made.addEventListener("click", () => model.send(message));
    const item = document.createElement("li");
    item.append(made);
    return item;
  }

  function draw() {
    const words = model.get("words");
    el.closest(".wb-shell")?.setAttribute("lang", words.lang); // for screen readers
    const inside = list.contains(document.activeElement);
    said.textContent = model.get("said");
    list.replaceChildren(...model.get("chips").map(({ key, text }) => button(`${text} ✕`, `${words.remove} ${text}`, { kind: "remove", key }, "wb-chip")));
    if (model.get("chips").length) list.append(button(words.clear, words.clear, { kind: "clear" }, "wb-quiet"));
    if (inside) list.querySelector("button")?.focus();
  }

  // The sliders of ipywidgets have a label that is not tied to their handle: it gets the label's words.
  function nameSliders(shell) {
    for (const handle of shell.querySelectorAll(".noUi-handle:not([aria-label])")) {
      const label = handle.closest(".widget-hslider, .widget-slider")?.querySelector("label");
      if (label) handle.setAttribute("aria-label", label.textContent);
    }
  }

  function watch() {
    const shell = el.closest(".wb-shell");
    if (!shell) return;
    new MutationObserver(() => nameSliders(shell)).observe(shell, { childList: true, subtree: true });
    nameSliders(shell);
  }

  model.on("change:chips", draw);
  model.on("change:said", draw);
  draw();
  requestAnimationFrame(() => { draw(); watch(); }); // once it stands in the page
}

export default { render };
