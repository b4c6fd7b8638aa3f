// A page of the desk: draws the blocks that the kernel tells it with the browser's own controls, and sends what is chosen.

const make = (tag, properties = {}, ...children) => {
  const made = Object.assign(document.createElement(tag), properties);
  made.append(...children.filter((child) => child !== null && child !== undefined));
  return made;
};

const PIECE = 1 << 20;

function render({ model, el }) {
  el.classList.add("wb", "desk");
  const main = make("div", { className: "desk-page" });
  el.append(main);
  let count = 0;

  const send = (name, value) => {
    main.setAttribute("aria-busy", "true");
    model.send({ name, value });
  };
  const keyed = (node, name) => { node.dataset.name = JSON.stringify(name); return node; };

  const drawers = {
    heading: ({ text, level }) => make(`h${level}`, { textContent: text, tabIndex: -1 }),
    prose: ({ text, style, isNew }) => {
      const node = make("p", { className: `desk-prose ${style && `desk-${style}`} ${isNew ? "desk-new" : ""}`, textContent: text });
      if (style === "alert") node.setAttribute("role", "alert");
      if (style === "good") node.setAttribute("role", "status");
      return node;
    },
    fields: ({ items }) => make("div", { className: "desk-fields" }, ...items.map(draw)),
    field,
    button,
    buttons: ({ items }) => make("div", { className: "desk-buttons" }, ...items.map(draw)),
    cell: ({ text, style }) => make("span", { className: `desk-mark ${style && `desk-is-${style}`}`, textContent: text }),
    table,
    drop: dropPlace,
    steps: ({ label, items, current }) => {
      const nav = make("nav", { className: "desk-steps" }, make("ol", {}, ...items.map(([page, title, open], at) => {
        const go = keyed(make("button", { type: "button", textContent: `${at + 1} ${title}` }), ["go", page]);
        if (page === current) go.setAttribute("aria-current", "step");
        if (open) go.addEventListener("click", () => send(["go", page], ""));
        else go.disabled = true;
        return make("li", {}, go);
      })));
      nav.setAttribute("aria-label", label);
      return nav;
    },
    progress: ({ label, share, text }) => {
      const bar = make("progress", { max: 1, value: share });
      bar.setAttribute("aria-label", label);
      return make("div", { className: "desk-progress" }, bar, make("output", { textContent: text }));
    },
    beside: ({ left, right }) => make("div", { className: "desk-beside" },
      make("div", {}, ...left.map(draw)), make("div", {}, ...right.map(draw))),
    folded: ({ summary, blocks, name, open }) => {
      const node = keyed(make("details", { open }), ["folded", name]);
      node.append(make("summary", { textContent: summary }), ...blocks.map(draw));
      return node;
    },
  };

  function draw(block) {
    return drawers[block.is](block);
  }

  // Files go to the kernel piece by piece, one after the other; it says what came of them.
  async function sendFiles(name, files, status, sending) {
    main.setAttribute("aria-busy", "true");
    for (const [at, file] of files.entries()) {
      status.textContent = sending.replace("{n}", at + 1).replace("{m}", files.length);
      try {
        for (let start = 0; start === 0 || start < file.size; start += PIECE) {
          const piece = await file.slice(start, start + PIECE).arrayBuffer();
          model.send({ name: [...name, file.name, String(start), String(file.size)], value: "" }, undefined, [piece]);
        }
      } catch { // a folder, or a file that is gone
        model.send({ name: [...name, file.name, "0", "-1"], value: "" }, undefined, [new ArrayBuffer(0)]);
      }
    }
    send(["dropped", ...name.slice(1)], "");
  }

  function dropPlace({ name, label, text, help, sending, accept }) {
    const id = `desk-${model.model_id}-${count++}`;
    const input = make("input", { type: "file", multiple: true, accept, id, className: "desk-files" });
    const choose = keyed(make("button", { type: "button", textContent: text, className: "wb-quiet" }), name);
    const status = make("output", {});
    const take = (files) => files.length && sendFiles(name, [...files], status, sending);
    input.tabIndex = -1;
    input.setAttribute("aria-label", label);
    choose.addEventListener("click", () => input.click());
    input.addEventListener("change", () => take(input.files));
    const place = make("div", { className: "desk-drop" }, make("span", { textContent: label }), choose, input,
      make("small", { textContent: help }), status);
    place.setAttribute("role", "group");
    place.setAttribute("aria-label", label);
    for (const kind of ["dragenter", "dragover"]) {
      place.addEventListener(kind, (event) => { event.preventDefault(); place.classList.add("desk-over"); });
    }
    place.addEventListener("dragleave", () => place.classList.remove("desk-over"));
    place.addEventListener("drop", (event) => { event.preventDefault(); place.classList.remove("desk-over"); take(event.dataTransfer.files); });
    return place;
  }

  function button({ name, text, primary, label, pressed }) {
    const node = keyed(make("button", { type: "button", textContent: text, className: primary ? "desk-primary" : "wb-quiet" }), name);
    if (label) node.setAttribute("aria-label", label);
    if (pressed !== null) node.setAttribute("aria-pressed", String(pressed));
    node.addEventListener("click", () => send(name, ""));
    return node;
  }

  function field(told) {
    if (told.kind === "choice") return choice(told);
    const id = `desk-${model.model_id}-${count++}`;
    const input = keyed(told.kind === "select" ? make("select") : make("input", { type: told.kind === "check" ? "checkbox" : told.kind }), told.name);
    input.id = id;
    if (told.style) input.className = `desk-is-${told.style}`;
    if (told.kind === "select") {
      input.append(...told.options.map(([value, text]) => make("option", { value, textContent: text, selected: value === told.value })));
    } else if (told.kind === "check") input.checked = told.value === "1";
    else input.value = told.value;
    if (["check", "select"].includes(told.kind)) {
      input.addEventListener("change", () => send(told.name, told.kind === "check" ? (input.checked ? "1" : "") : input.value));
    } else heedTyping(input, told);
    const help = told.help ? make("small", { id: `${id}-help`, textContent: told.help }) : null;
    if (help) input.setAttribute("aria-describedby", help.id);
    if (told.hideLabel) {
      input.setAttribute("aria-label", told.label);
      return make("span", { className: "desk-field" }, input, help);
    }
    const label = make("label", { htmlFor: id, textContent: told.label });
    const order = told.kind === "check" ? [input, label, help] : [label, input, help];
    return make("div", { className: `desk-field desk-${told.kind} ${told.wide ? "desk-wide" : ""}` }, ...order);
  }

  // What is typed is sent once, on leaving the field or with Enter: also where the page was drawn anew meanwhile, after which
  // the browser tells of no change. A day that is typed changes with every key, one that is picked is whole at once.
  function heedTyping(input, { name, kind }) {
    let known = input.value, typing = false;
    const leave = () => {
      typing = false;
      if (input.value === known) return;
      known = input.value;
      send(name, known);
    };
    input.addEventListener("keydown", ({ key }) => { if (key === "Enter") leave(); else typing = key !== "Tab"; });
    input.addEventListener("change", () => { if (kind !== "date" || !typing) leave(); });
    input.addEventListener("blur", leave);
  }

  function choice({ name, label, value, options, help, hideLabel }) {
    const group = make("div", { className: "desk-choice" }, ...options.map(([code, text]) => {
      const node = keyed(make("button", { type: "button", textContent: text }), [...name, code]);
      node.setAttribute("aria-pressed", String(code === value));
      node.addEventListener("click", () => send(name, code));
      return node;
    }));
    group.setAttribute("role", "group");
    group.setAttribute("aria-label", label);
    const shown = hideLabel ? null : make("span", { className: "desk-label", textContent: label });
    return make("div", { className: "desk-field" }, shown, group, help ? make("small", { textContent: help }) : null);
  }

  function content(part) {
    return typeof part === "string" ? part : draw(part);
  }

  function table({ caption, head, rows, style, current }) {
    const headRow = make("tr", {}, ...head.map((part) => make("th", { scope: "col" }, content(part))));
    const body = rows.map((row, at) => {
      const cells = row.map((part) => make("td", { className: part?.right ? "n" : "" }, content(part)));
      return make("tr", { className: at === current ? "wb-current" : "" }, ...cells);
    });
    const whole = make("table", {}, make("caption", { textContent: caption }), make("thead", {}, headRow), make("tbody", {}, ...body));
    const box = make("div", { className: `desk-table ${style && `desk-${style}`}`, tabIndex: 0 }, whole);
    box.setAttribute("role", "region");
    box.setAttribute("aria-label", caption);
    return box;
  }

  function standing() {
    const at = document.activeElement;
    const scrolls = [...main.querySelectorAll(".desk-table")].map((box) => [box.getAttribute("aria-label"), box.scrollTop, box.scrollLeft]);
    const open = [...main.querySelectorAll("details")].map((node) => [node.dataset.name, node.open]);
    return {
      scrolls,
      open,
      inside: main.contains(at),
      name: main.contains(at) ? at.dataset.name : undefined,
      typed: at?.matches?.("input:not([type=checkbox])") ? { value: at.value, was: at.defaultValue } : null,
    };
  }

  function restore({ scrolls, open, inside, name, typed }, page) {
    for (const [label, top, left] of scrolls) {
      const box = [...main.querySelectorAll(".desk-table")].find((one) => one.getAttribute("aria-label") === label);
      if (box) { box.scrollTop = top; box.scrollLeft = left; }
    }
    for (const [key, was] of open) {
      const node = [...main.querySelectorAll("details")].find((one) => one.dataset.name === key);
      if (node) node.open = was;
    }
    if (!inside) return;
    const again = name && [...main.querySelectorAll("[data-name]")].find((node) => node.dataset.name === name);
    if (again && !page) {
      again.focus({ preventScroll: true });
      if (typed && typed.value !== typed.was && again.matches("input")) again.value = typed.value;
    } else main.querySelector("h2")?.focus();
  }

  // What answers the last press is brought into sight, and so is the row that is looked at once it is another.
  let current = null;
  function intoSight() {
    main.querySelector(".desk-new")?.scrollIntoView({ block: "nearest" });
    const row = main.querySelector(".desk-table tr.wb-current");
    if (row && row.textContent !== current) {
      const box = row.closest(".desk-table");
      const below = row.getBoundingClientRect().top - box.getBoundingClientRect().top;
      if (below < 0 || below + row.offsetHeight > box.clientHeight) box.scrollTop += below - box.clientHeight / 2;
    }
    current = row?.textContent ?? null;
  }

  // While a button is held down nothing is drawn anew: else it would be gone before it is let go, and the press lost.
  let held = false;
  main.addEventListener("pointerdown", () => { held = true; });
  for (const kind of ["pointerup", "pointercancel"]) {
    window.addEventListener(kind, () => setTimeout(() => {
      held = false;
      if (main.dataset.due) show();
    }));
  }

  let page = null;
  function show() {
    if (held) {
      main.dataset.due = "1";
      return;
    }
    delete main.dataset.due;
    const was = standing();
    main.lang = model.get("language") === "zh" ? "zh-CN" : "en";
    main.replaceChildren(...model.get("blocks").map(draw));
    for (const input of main.querySelectorAll("input")) input.defaultValue = input.value;
    restore(was, page !== null && page !== model.get("page"));
    intoSight();
    page = model.get("page");
    main.setAttribute("aria-busy", String(model.get("busy")));
  }

  function open({ title, type }, content) {
    const address = URL.createObjectURL(new Blob([content], { type }));
    const window_ = window.open(address, "_blank");
    if (!window_) make("a", { href: address, download: title }).click();
    setTimeout(() => URL.revokeObjectURL(address), 600000);
  }

  model.on("change:turn", show);
  model.on("msg:custom", (message, buffers) => open(message, buffers[0]));
  show();
}

export default { render };
