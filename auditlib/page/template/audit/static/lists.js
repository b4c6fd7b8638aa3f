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

  /* The filters over all lists: town, school and rule; ``rules`` are those that a figure of the conclusion counts,
     ``unsure``: it counts their findings below the line alone. */
  const filters = document.querySelector(".filters");
  const chosen = { town: "", school: "", rule: "" };
  let rules = [], unsure = false;
  const lists = [];
  const placeOf = (row) => (row.cells[0].dataset.place ?? "||").split("|");
  const fits = (row) => {
    const [town, school, , sure] = placeOf(row);
    return (!unsure || sure === "?") && (chosen.town === "" || chosen.town === town) && (chosen.school === "" || chosen.school === school);
  };
  const narrowed = () => unsure || chosen.town !== "" || chosen.school !== "";

  /* What stands above a list follows the filter: of all its findings where there is none. */
  const count = (article, state) => {
    const line = article.querySelector(".counted");
    line.dataset.whole ??= line.textContent;
    const rows = state.rows.filter((row) => !row.classList.contains("out"));
    const fen = rows.reduce((sum, row) => sum + Math.round(100 * (number(placeOf(row)[2] ?? "") ?? 0)), 0);
    const yuan = (fen / 100).toLocaleString("en", { minimumFractionDigits: 2 });
    const words = line.dataset.counted.replace("{n}", rows.length).replace("{yuan}", yuan);
    line.textContent = narrowed() ? words : line.dataset.whole;
    return rows.length;
  };

  const hideEmptyFamilies = () => {
    const filled = new Set();
    let family = null;
    for (const part of filters.parentElement.querySelectorAll("h3, article.rule")) {
      if (part.tagName === "H3") family = part;
      else if (!part.hidden) filled.add(family);
    }
    for (const heading of filters.parentElement.querySelectorAll("h3")) heading.hidden = !filled.has(heading);
  };

  /* A choice that would leave no row, with what the other two choose, is not offered. */
  const offer = (selects) => {
    const names = Object.keys(chosen);
    const left = Object.fromEntries(names.map((name) => [name, new Set()]));
    for (const { article, state } of lists) {
      const rule = article.querySelector("h4").id;
      for (const [town, school] of state.rows.map(placeOf)) {
        const row = { town, school, rule };
        const agrees = (name) => chosen[name] === "" || chosen[name] === row[name];
        for (const name of names) if (names.every((other) => other === name || agrees(other))) left[name].add(row[name]);
      }
    }
    for (const name of names)
      for (const option of selects[name].querySelectorAll("option:not(.figure)"))
        option.hidden = option.disabled = option.value !== "" && option.value !== chosen[name] && !left[name].has(option.value);
  };

  const narrow = (output, selects) => {
    let shown = 0;
    for (const { article, state } of lists) {
      state.show();
      const rows = count(article, state);
      const id = article.querySelector("h4").id;
      article.hidden = rules.length > 0 ? !rules.includes(id) : chosen.rule !== "" && chosen.rule !== id;
      article.hidden ||= narrowed() && rows === 0;
      if (!article.hidden) shown += narrowed() ? rows : Number(article.dataset.count);
    }
    hideEmptyFamilies();
    offer(selects);
    const ruled = chosen.rule !== "" || rules.length > 0;
    const some = narrowed() || ruled;
    document.body.classList.toggle("narrowed", some);
    output.replaceChildren();
    if (!some) return;
    const rule = ruled ? selects.rule.selectedOptions[0].textContent : "";
    const parts = [chosen.town, chosen.school, rule].filter((part) => part !== "");
    output.append([...parts, filters.dataset.matching.replace("{n}", shown)].join(" · "));
    output.append(element("span", { className: "print" }, filters.dataset.print));
  };

  const addFilters = () => {
    const words = filters.dataset;
    const output = element("output", {});
    const selects = {};
    const places = lists.flatMap(({ state }) => state.rows.map(placeOf));
    const values = (at) => [...new Set(places.map((place) => place[at]))].filter((value) => value).sort(collator.compare);
    const byRule = lists.map(({ article }) => [article.querySelector("h4").id, article.querySelector("h4").lastChild.textContent]);
    const options = { town: values(0).map((v) => [v, v]), school: values(1).map((v) => [v, v]), rule: byRule };
    for (const [name, choices] of Object.entries(options)) {
      const label = element("label", {}, words[name]);
      const select = element("select", { ariaLabel: words[name] });
      for (const [value, text] of [["", words.all], ...choices]) select.append(element("option", { value }, text));
      select.addEventListener("change", () => {
        chosen[name] = select.value;
        if (name === "rule") choose([]);
        narrow(output, selects);
      });
      selects[name] = select;
      label.append(select);
      filters.append(label);
    }
    filters.append(output);
    /* What a figure counts stands as a choice of its own among the rules, until another is made. */
    const choose = (of, figure, below = false) => {
      rules = of;
      unsure = below;
      selects.rule.querySelector(".figure")?.remove();
      if (rules.length === 0) return;
      selects.rule.append(element("option", { className: "figure", selected: true }, words.figure.replace("{n}", figure)));
    };
    const clear = () => {
      for (const name of Object.keys(chosen)) { chosen[name] = ""; selects[name].value = ""; }
    };
    for (const link of document.querySelectorAll("a[data-rules]")) {
      link.addEventListener("click", () => {
        clear();
        choose(link.dataset.rules.split(" ").filter((id) => id), link.textContent, "unsure" in link.dataset);
        narrow(output, selects);
      });
    }
    window.addEventListener("hashchange", () => {
      const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
      if (!target?.closest("[hidden]")) return;
      clear();
      choose([]);
      narrow(output, selects);
      target.scrollIntoView();
    });
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
        const out = !fits(row) || (query !== "" && !row.textContent.toLowerCase().includes(query));
        row.classList.toggle("out", out);
        row.classList.toggle("folded", !out && !open && query === "" && !narrowed() && shown >= FOLDED);
        row.classList.toggle("late", !out && !narrowed() && shown >= PRINTED);
        if (!out) shown += 1;
      }
      count.textContent = query === "" ? "" : words.matching.replace("{n}", shown);
      more.hidden = open || query !== "" || narrowed() || state.rows.length <= FOLDED;
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
    const article = table.closest("article.rule");
    if (article) lists.push({ article, state });
    addSorting(table, state, tool?.dataset.sort);
  }
  if (filters) addFilters();
})();
