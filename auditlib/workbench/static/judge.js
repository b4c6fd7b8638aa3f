// One pair to be judged: the card as the kernel wrote it, buttons for what can be said, and a key for each.

function render({ model, el }) {
  el.classList.add("wb", "wb-judge");
  el.setAttribute("role", "region");
  const said = document.createElement("p");
  said.setAttribute("role", "status");
  said.className = "wb-progress";
  const card = document.createElement("div");
  const trouble = document.createElement("div");
  const bar = document.createElement("div");
  bar.className = "wb-judge-bar";
  el.replaceChildren(said, card, trouble, bar);

  const press = (code) => {
    const action = model.get("actions").find((each) => each.code === code);
    if (action && !action.disabled) model.send({ kind: "press", code });
  };

  function draw() {
    const held = bar.contains(document.activeElement) ? document.activeElement.dataset.code : null;
    el.setAttribute("aria-label", model.get("title"));
    said.textContent = model.get("progress");
    card.innerHTML = model.get("card");
    trouble.innerHTML = model.get("trouble");
    bar.replaceChildren(
      ...model.get("actions").map(({ code, title, keys, chosen, disabled }) => {
        const button = document.createElement("button");
        button.type = "button";
        button.className = "wb-quiet";
        button.dataset.code = code;
        const key = document.createElement("kbd");
        key.textContent = keys[0].length === 1 ? keys[0].toUpperCase() : { ArrowLeft: "←", ArrowRight: "→" }[keys[0]];
        button.append(title, " ", key);
        button.setAttribute("aria-keyshortcuts", keys.join(" "));
        if (chosen !== null) button.setAttribute("aria-pressed", String(chosen));
        button.setAttribute("aria-disabled", String(disabled));
        button.onclick = () => press(code);
        return button;
      }),
    );
    if (held) bar.querySelector(`[data-code="${held}"]`)?.focus();
  }

  el.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const action = model.get("actions").find(({ keys }) => keys.includes(event.key.toLowerCase()) || keys.includes(event.key));
    if (!action) return;
    event.preventDefault();
    event.stopPropagation();
    press(action.code);
  });
  for (const name of ["card", "progress", "trouble", "actions", "title"]) model.on(`change:${name}`, draw);
  draw();
}

export default { render };
