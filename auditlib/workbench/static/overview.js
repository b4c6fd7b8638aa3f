// The overview: headline figures, the funnel, and bars that are buttons: pressing one filters all else.

function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (value !== false && value !== null && value !== undefined) element.setAttribute(name, value);
  }
  element.append(...children);
  return element;
}

const FEW = 10;

function render({ model, el }) {
  el.classList.add("wb", "wb-overview");
  const word = (key) => model.get("words")[key] ?? key;
  const whole = new Set(); // charts of which all bars are shown

  function headline() {
    const list = make("dl", { class: "wb-figures" });
    for (const figure of model.get("figures")) {
      list.append(make("div", { class: `wb-figure wb-${figure.tone}` }, make("dt", {}, figure.title), make("dd", {}, figure.shown)));
    }
    return list;
  }

  function funnel() {
    const steps = model.get("funnel");
    const list = make("ol", { class: "wb-funnel", "aria-label": word("funnel") });
    for (const step of steps) {
      list.append(make("li", {},
        make("span", { class: "wb-step" }, step.title), make("strong", {}, step.shown), make("span", { class: "wb-aside" }, step.aside)));
    }
    return make("section", { class: "wb-flow" }, make("h2", {}, word("funnel")), list);
  }

  function chart(each) {
    const measure = model.get("measure");
    const ranked = each.natural ? each.bars : [...each.bars].sort((one, other) => other[measure] - one[measure]);
    const rows = whole.has(each.column) ? ranked : ranked.slice(0, each.few ?? FEW);
    const longest = Math.max(...each.bars.map((bar) => bar[measure]), 1e-9);
    const list = make("ul", { class: "wb-bars" });
    for (const bar of rows) {
      const share = Math.max(0, (100 * bar[measure]) / longest);
      const shown = measure === "count" ? bar.counted : bar.worth;
      list.append(make("li", {}, make("button", {
        type: "button", "aria-pressed": String(bar.pressed), class: `wb-bar wb-${bar.tone}`, "data-column": each.column, "data-code": bar.code,
        "aria-label": `${bar.label}: ${bar.counted}, ${bar.worth}`, title: `${bar.label}: ${bar.counted}, ${bar.worth}`,
        onclick: () => model.send({ kind: "toggle", column: each.column, code: bar.code }),
      },
      make("span", { class: "wb-label" }, bar.label),
      make("span", { class: "wb-track" }, make("span", { class: "wb-length", style: `width:${share.toFixed(2)}%` })),
      make("span", { class: "wb-value" }, shown))));
    }
    const figure = make("section", { class: `wb-chart wb-by-${each.column}` }, make("h2", {}, each.title), list);
    const hidden = each.bars.length - (each.few ?? FEW);
    if (hidden > 0) {
      const open = whole.has(each.column);
      figure.append(make("button", {
        type: "button", class: "wb-quiet wb-more", "aria-expanded": String(open), "data-more": each.column,
        onclick: () => { if (open) whole.delete(each.column); else whole.add(each.column); draw(); },
      }, open ? word("fewer") : word("more").replace("{n}", String(hidden))));
    }
    if (!each.bars.length) figure.append(make("p", { class: "wb-none" }, word("none")));
    return figure;
  }

  function measures() {
    const group = make("div", { class: "wb-measure", role: "group", "aria-label": word("measure") });
    for (const name of ["count", "yuan"]) {
      group.append(make("button", {
        type: "button", "aria-pressed": String(model.get("measure") === name), "data-measure": name,
        onclick: () => { model.set("measure", name); model.save_changes(); },
      }, word(name)));
    }
    return group;
  }

  function held() {
    const active = document.activeElement;
    if (!el.contains(active)) return null;
    const { column, code, more, measure } = active.dataset;
    if (more) return `[data-more="${CSS.escape(more)}"]`;
    if (measure) return `[data-measure="${measure}"]`;
    return column ? `[data-column="${column}"][data-code="${CSS.escape(code)}"]` : null;
  }

  function draw() {
    const focus = held();
    el.replaceChildren(
      headline(), ...(model.get("funnel").length ? [funnel()] : []),
      make("div", { class: "wb-row" }, make("p", { class: "wb-hint" }, word("hint")), measures()),
      make("div", { class: "wb-charts" }, ...model.get("charts").map(chart)),
    );
    if (focus) el.querySelector(focus)?.focus();
  }

  model.on("change:charts", draw);
  model.on("change:measure", draw);
  draw();
}

export default { render };
