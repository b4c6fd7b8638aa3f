// The list of findings: a table with a sort button and a filter in every heading, one page of rows at a time.
// Rows, counts and choices come from queries in the kernel; nothing is filtered here.

const WIDTHS = { // pixels at least; what is left goes to the widest
  severity: 66, rule: 112, name: 66, id_number: 146, school_name: 140, town: 72, scheme: 150, at_stake: 88, disposition: 92,
  message: 110, reason: 140, amount_due: 84, amount_paid: 84, confidence: 76, student_no: 156, sources: 260, policy_ref: 260,
  number: 130,
};
const TICK = 32;
const WAIT = 250; // milliseconds after the last key before a query is sent

function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (value === true) element.setAttribute(name, "");
    else if (value !== false && value !== null && value !== undefined) element.setAttribute(name, value);
  }
  element.append(...children);
  return element;
}

function render({ model, el }) {
  const word = (key) => model.get("words")[key] ?? key;
  const set = (changes) => {
    for (const [name, value] of Object.entries(changes)) model.set(name, value);
    model.save_changes();
  };
  // What is typed is told a moment after the last key, and at once when the field is left.
  const typed = (tell) => {
    let timer;
    const now = () => { clearTimeout(timer); timer = undefined; tell(); };
    return {
      oninput: () => { clearTimeout(timer); timer = setTimeout(now, WAIT); },
      onchange: () => { if (timer !== undefined) now(); },
    };
  };

  el.classList.add("wb", "wb-list");
  const search = make("input", {
    type: "search", class: "wb-search", placeholder: word("search_hint"), "aria-label": word("search"), autocomplete: "off",
    ...typed(() => set({ search: search.value })),
  });
  const summary = make("output", { class: "wb-summary", "aria-live": "polite" });
  const said = make("span", { class: "wb-said", role: "status" });
  const exporting = make("button", { type: "button", class: "wb-quiet wb-export", onclick: () => model.send({ kind: "export" }) });
  const choose = make("details", { class: "wb-columns" });
  const body = make("tbody");
  const widths = make("colgroup");
  const heads = make("tr");
  const filters = make("tr", { class: "wb-filters" });
  const table = make("table", {}, make("caption", { class: "wb-unseen" }, word("caption")), widths, make("thead", {}, heads, filters), body);
  const problem = make("p", { class: "wb-problem", role: "alert" });
  const pager = make("nav", { class: "wb-pager", "aria-label": word("pages") });
  el.append(
    make("div", { class: "wb-tools" }, search, summary, said, make("span", { class: "wb-push" }), choose, exporting),
    problem,
    make("div", { class: "wb-scroll", tabindex: "0", role: "region", "aria-label": word("caption") }, table),
    pager,
  );

  const shown = () => model.get("columns").filter((column) => model.get("shown").includes(column.key));

  function drawChooser() {
    choose.replaceChildren(make("summary", {}, word("columns")));
    const list = make("div", { class: "wb-chooser" });
    for (const column of model.get("columns")) {
      const box = make("input", {
        type: "checkbox", checked: model.get("shown").includes(column.key),
        onchange: () => {
          const kept = model.get("columns").map((each) => each.key)
            .filter((key) => (key === column.key ? box.checked : model.get("shown").includes(key)));
          set({ shown: kept });
        },
      });
      list.append(make("label", {}, box, column.title));
    }
    choose.append(list);
  }

  function drawHead() {
    const order = model.get("order");
    const all = make("input", { type: "checkbox", "aria-label": word("tick_page"), onchange: () => tickPage(all.checked) });
    heads.replaceChildren(make("th", { class: "wb-tick" }, all));
    const least = shown().map((column) => WIDTHS[column.key] ?? 120);
    table.style.minWidth = `${least.reduce((sum, width) => sum + width, TICK)}px`;
    widths.replaceChildren(make("col", { style: `width:${TICK}px` }), ...shown().map((column, at) =>
      make("col", { style: ["message", "school_name"].includes(column.key) ? "" : `width:${least[at]}px` })));
    for (const column of shown()) {
      const sorted = order.column === column.key ? (order.descending ? "descending" : "ascending") : "none";
      const arrow = { descending: "↓", ascending: "↑", none: "↕" }[sorted];
      const button = make("button", {
        type: "button", "data-sort": column.key,
        onclick: () => set({ order: nextOrder(column), first: 0 }),
      }, column.title, make("span", { "aria-hidden": "true" }, arrow));
      heads.append(make("th", { scope: "col", "aria-sort": sorted, class: `wb-${column.key} ${column.kind === "amount" ? "n" : ""}` }, button));
    }
  }

  function nextOrder(column) {
    const order = model.get("order");
    const first = column.kind === "amount";
    if (order.column !== column.key) return { column: column.key, descending: first };
    return order.descending === first ? { column: column.key, descending: !first } : { column: "", descending: false };
  }

  function drawFilters() {
    const held = model.get("filters");
    filters.replaceChildren(make("td"));
    for (const column of shown()) {
      const label = `${word("filter")} ${column.title}`;
      let field;
      const tell = (value) => {
        const next = { ...model.get("filters") };
        if (value) next[column.key] = value; else delete next[column.key];
        set({ filters: next, first: 0 });
      };
      if (column.kind === "choice") {
        field = make("select", { "aria-label": label, "data-filter": column.key, onchange: () => tell(field.value === "*" ? null : [field.value]) });
        const codes = held[column.key] ?? [];
        field.append(make("option", { value: "*" }, codes.length > 1 ? `${codes.length}…` : word("all")));
        for (const [code, title] of column.options) {
          field.append(make("option", { value: code, selected: codes.length === 1 && codes[0] === code }, title));
        }
      } else {
        field = make("input", {
          type: "search", "aria-label": label, "data-filter": column.key, autocomplete: "off",
          placeholder: column.kind === "amount" ? word("amount_hint") : "",
          ...typed(() => tell(field.value.trim())),
        });
        field.value = held[column.key] ?? "";
      }
      filters.append(make("td", {}, field));
    }
  }

  function syncFilters() {
    // A field in which somebody is typing is left alone.
    const held = model.get("filters");
    for (const field of filters.querySelectorAll("[data-filter]")) {
      if (field === document.activeElement && field.tagName === "INPUT") continue;
      const value = held[field.dataset.filter];
      if (field.tagName === "SELECT") {
        field.value = Array.isArray(value) && value.length === 1 ? value[0] : "*";
      } else field.value = value ?? "";
    }
    if (search !== document.activeElement) search.value = model.get("search");
  }

  function tickPage(on) {
    const ids = model.get("rows").map((row) => row.id);
    const others = model.get("ticked").filter((id) => !ids.includes(id));
    set({ ticked: on ? [...others, ...ids] : others });
  }

  function drawRows() {
    const focused = body.contains(document.activeElement) ? document.activeElement.dataset.open : null;
    body.replaceChildren();
    const ticked = new Set(model.get("ticked"));
    for (const row of model.get("rows")) {
      const box = make("input", {
        type: "checkbox", "aria-label": `${word("tick")} ${row.cells.rule} ${row.cells.name}`, checked: ticked.has(row.id),
        onchange: () => {
          const others = model.get("ticked").filter((id) => id !== row.id);
          set({ ticked: box.checked ? [...others, row.id] : others });
        },
      });
      const open = () => set({ current: row.id });
      const line = make("tr", {
        class: row.id === model.get("current") ? "wb-current" : "", "data-id": row.id,
        onclick: (event) => { if (!event.target.closest("input, button")) open(); },
      }, make("td", { class: "wb-tick" }, box));
      shown().forEach((column, at) => {
        const text = row.cells[column.key];
        const cell = make("td", { class: `wb-${column.key} ${column.kind === "amount" ? "n" : ""}` });
        if (column.key === "rule") {
          cell.append(make("button", { type: "button", class: "wb-open", "data-open": row.id, onclick: open, onkeydown: walk }, text));
        } else if (column.key === "severity" || column.key === "disposition") {
          cell.append(make("span", { class: `wb-mark wb-is-${row[column.key]}` }, text));
        } else cell.append(text);
        if (column.kind === "text") cell.title = text;
        line.append(cell);
      });
      if (row.id === model.get("current")) line.setAttribute("aria-current", "true");
      body.append(line);
    }
    if (!model.get("rows").length) body.append(make("tr", {}, make("td", { colspan: shown().length + 1, class: "wb-none" }, word("none"))));
    if (focused) (body.querySelector(`[data-open="${focused}"]`) ?? body.querySelector(".wb-open"))?.focus();
  }

  function walk(event) {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) {
      const buttons = [...body.querySelectorAll(".wb-open")];
      buttons[buttons.indexOf(event.currentTarget) + step]?.focus();
      event.preventDefault();
    } else if (event.key === "PageDown" || event.key === "PageUp") {
      turn(event.key === "PageDown" ? 1 : -1);
      event.preventDefault();
    }
  }

  function turn(pages) {
    const { first, size, total } = Object.fromEntries(["first", "size", "total"].map((name) => [name, model.get(name)]));
    const next = first + pages * size;
    if (next >= 0 && next < Math.max(total, 1)) set({ first: next });
  }

  function drawPager() {
    const [first, size, total] = ["first", "size", "total"].map((name) => model.get(name));
    const held = pager.contains(document.activeElement) ? document.activeElement.dataset.turn : null;
    const last = Math.max(0, Math.floor((total - 1) / size) * size);
    const step = (name, target, at) => make("button", {
      type: "button", class: "wb-quiet", "data-turn": name, "aria-disabled": String(at), onclick: () => { if (!at) set({ first: target }); },
    }, word(name));
    pager.replaceChildren(
      step("first", 0, first === 0), step("previous", Math.max(0, first - size), first === 0),
      make("span", {}, total ? `${(first + 1).toLocaleString()}–${Math.min(first + size, total).toLocaleString()} / ${total.toLocaleString()}` : "0"),
      step("next", first + size, first >= last), step("last", last, first >= last),
    );
    if (held) pager.querySelector(`[data-turn="${held}"]`)?.focus();
  }

  function drawSaid() {
    const count = model.get("ticked").length;
    said.textContent = count ? word("ticked").replace("{n}", count.toLocaleString()) : "";
    summary.textContent = model.get("summary");
    problem.textContent = model.get("problem");
    problem.hidden = !model.get("problem");
    exporting.textContent = model.get("busy") || word("export");
    exporting.disabled = Boolean(model.get("busy"));
  }

  function drawTicks() {
    const ticked = new Set(model.get("ticked"));
    for (const line of body.querySelectorAll("tr[data-id]")) line.querySelector("input").checked = ticked.has(line.dataset.id);
    drawSaid();
  }

  function drawAll() {
    drawChooser(); drawHead(); drawFilters(); drawRows(); drawPager(); drawSaid(); syncFilters();
  }

  const listen = (names, work) => names.forEach((name) => model.on(`change:${name}`, work));
  listen(["columns"], drawAll);
  listen(["shown"], () => { drawHead(); drawFilters(); drawRows(); });
  listen(["order"], () => {
    const held = document.activeElement?.dataset?.sort;
    drawHead();
    if (held) heads.querySelector(`[data-sort="${held}"]`)?.focus();
  });
  listen(["filters", "search"], syncFilters);
  listen(["rows", "current"], drawRows);
  listen(["first", "size", "total"], drawPager);
  listen(["summary", "problem", "busy"], drawSaid);
  listen(["ticked"], drawTicks);
  drawAll();
}

export default { render };
