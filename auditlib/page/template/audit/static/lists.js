"use strict";
(() => {
  const FOLDED = 10, PRINTED = 30;
  const collator = new Intl.Collator(document.documentElement.lang, { numeric: true });

  const number = (text) => {
    const value = parseFloat(text.replace(/,/g, ""));
    return Number.isNaN(value) ? null : value;
  };
  const key = (row, column) => {
    const cell = row.cells[column];
    return cell.dataset.sort ?? cell.textContent.trim();
  };

  /* Missing values stay last, whichever way the column is sorted. */
  const compare = (numeric, sign) => (a, b) => {
    if (!numeric) return sign * collator.compare(a.key, b.key) || a.place - b.place;
    const [x, y] = [number(a.key), number(b.key)];
    if (x === null || y === null) return (x === null) - (y === null) || a.place - b.place;
    return sign * (x - y) || a.place - b.place;
  };

  const sort = (table, column, state) => {
    const head = table.tHead.rows[0].cells;
    const numeric = head[column].classList.contains("n");
    const now = head[column].getAttribute("aria-sort");
    const direction = now ? (now === "ascending" ? "descending" : "ascending") : numeric ? "descending" : "ascending";
    for (const cell of head) cell.removeAttribute("aria-sort");
    head[column].setAttribute("aria-sort", direction);
    const keyed = state.rows.map((row, place) => ({ row, place, key: key(row, column) }));
    keyed.sort(compare(numeric, direction === "ascending" ? 1 : -1));
    state.rows = keyed.map((entry) => entry.row);
    table.tBodies[0].append(...state.rows);
    state.show();
  };

  const addSorting = (table, state, hint) => {
    for (const [column, cell] of [...table.tHead.rows[0].cells].entries()) {
      const button = document.createElement("button");
      button.type = "button";
      if (hint) button.title = hint;
      button.append(...cell.childNodes);
      button.addEventListener("click", () => sort(table, column, state));
      cell.append(button);
    }
  };

  const element = (name, attributes, text) => {
    const made = Object.assign(document.createElement(name), attributes);
    if (text) made.textContent = text;
    return made;
  };

  const addTools = (tool, table, state) => {
    const words = tool.dataset;
    const label = element("label", { className: "filter" }, words.filter);
    const input = element("input", { type: "search", autocomplete: "off", spellcheck: false });
    const count = element("output", {});
    const more = element("button", { type: "button", className: "more" }, words.all);
    label.append(input);
    let open = false;
    state.show = () => {
      const query = input.value.trim().toLowerCase();
      let shown = 0;
      for (const row of state.rows) {
        const out = query !== "" && !row.textContent.toLowerCase().includes(query);
        row.classList.toggle("out", out);
        row.classList.toggle("folded", !out && !open && query === "" && shown >= FOLDED);
        row.classList.toggle("late", !out && shown >= PRINTED);
        if (!out) shown += 1;
      }
      count.textContent = query === "" ? "" : words.matching.replace("{n}", shown);
      more.hidden = open || query !== "" || state.rows.length <= FOLDED;
    };
    input.addEventListener("input", state.show);
    more.addEventListener("click", () => { open = true; state.show(); state.rows[FOLDED].cells[0].focus?.(); });
    if (state.rows.length > FOLDED / 2) {
      const bar = element("div", { className: "bar" });
      bar.append(label, count);
      tool.prepend(bar);
    }
    tool.append(more);
    state.show();
  };

  for (const table of document.querySelectorAll("table.sortable")) {
    const tool = table.closest(".tool");
    const state = { rows: [...table.tBodies[0].rows], show: () => {} };
    if (tool) addTools(tool, table, state);
    addSorting(table, state, tool?.dataset.sort);
  }
})();
