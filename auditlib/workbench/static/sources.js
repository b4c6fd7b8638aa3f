// The rows that a finding rests on: a button each.

function render({ model, el }) {
  el.classList.add("wb", "wb-sources");
  const draw = () => {
    el.replaceChildren();
    const items = model.get("items");
    el.hidden = !items.length;
    if (!items.length) return;
    const title = document.createElement("h3");
    title.textContent = model.get("title");
    const list = document.createElement("ul");
    list.append(...items.map((text, at) => {
      const button = document.createElement("button");
      button.type = "button";
      button.className = "wb-source";
      button.textContent = text;
      button.addEventListener("click", () => model.send({ kind: "open", at }));
      const item = document.createElement("li");
      item.append(button);
      return item;
    }));
    el.append(title, list);
  };
  model.on("change:items", draw);
  draw();
}

export default { render };
