// The evidence table: search, filters, sorting, pages, a permalink of all that, export as CSV, and the way here from any
// figure of the report. The rows stand in the page; this reads them once and shows those that are asked for.
// Before it stands `DataTable`. Whatever comes from the corpus is only ever set as text.

const FACETS = ["hypothesis", "stance", "kind", "source", "voice", "coder", "weighed"];
const LABELS = { hypothesis: "Hypothesis", stance: "Stance", kind: "Kind of evidence", source: "Source", voice: "Voice",
  coder: "Coder", weighed: "Weighed" };
const SORTS = ["hypothesis", "stance", "statement", "kind", "strength", "coder"];
const COLUMNS = ["hypothesis_id", "hypothesis", "stance", "statement", "language", "speaker", "voice_id", "independent_voice",
  "document_id", "document", "place", "kind", "hedged", "weighed", "strength", "coder", "origin", "statement_id"];
const SIDES = "supports or opposes"; // a choice of stance: whoever takes a hypothesis up, as the report counts it
const LINKS = 'a[*|href*="#ev-"], a[*|href*="#row-"], a.evidence[href="#sec-evidence"]';
const NARROWED = ["kind", "best", "voice", "statement"]; // what else a link may ask for

const plural = (number, noun) => `${number.toLocaleString("en")} ${noun}${number === 1 ? "" : "s"}`;
/** Keep a name that may be written from right to left from turning what stands beside it. */
const apart = (name) => /[\p{Script=Arabic}\p{Script=Hebrew}]/u.test(name) ? `\u2068${name}\u2069` : name;
/** Give a value as it was before the braces in it were kept apart (see escape.py). */
const together = (value) => value.replace(/\{\u2060(?=\{)/g, "{");
const searchable = (text) => text.normalize("NFKD").replace(/\p{Mn}/gu, "").toLowerCase();

/** Read a row of the table. */
function record(row) {
  const part = (name) => row.querySelector(`.${name}`);
  const text = (name) => part(name)?.textContent ?? "";
  const quote = part("quote");
  const read = {
    hypothesis_id: part("hypothesis").dataset.hypothesis,
    hypothesis: text("hypothesis"),
    stance: text("stance"),
    statement: quote.textContent.slice(1, -1), // without the quotation marks
    language: quote.querySelector("[lang]")?.lang ?? document.documentElement.lang,
    speaker: text("voice"),
    voice_id: together(part("voice").dataset.voice),
    independent_voice: text("original") || text("voice"),
    document_id: part("source").dataset.source,
    document: text("source"),
    place: text("place"),
    kind: text("kind"),
    hedged: part("hedged") ? "yes" : "no",
    weighed: part("unweighed") ? "no" : "yes",
    strength: part("strength").dataset.value,
    best: part("strength").dataset.best,
    printed: part("voice").dataset.speaker,
    coder: text("coder"),
    origin: part("origin").dataset.origin,
    statement_id: quote.dataset.statement,
  };
  const facets = { hypothesis: read.hypothesis_id, stance: read.stance, kind: read.kind, source: read.document_id,
    voice: read.voice_id, coder: read.coder, weighed: read.weighed };
  const words = [read.statement, read.hypothesis, read.speaker, read.independent_voice, read.document, read.kind, read.coder];
  return { ...read, facets, words: searchable(words.join("\n")) };
}

/** Give what a facet's values are called, by value, in the order of the table; voices of one name by their documents too. */
function names(records, facet) {
  const key = { hypothesis: "hypothesis", source: "document", voice: "independent_voice" }[facet];
  const found = new Map();
  for (const item of records) {
    const value = item.facets[facet];
    // A voice's own row knows its document; that of a repeat knows only its name.
    const own = item.speaker === item.independent_voice;
    if (value && (!found.has(value) || (own && !found.get(value).own)))
      found.set(value, { own, name: key ? item[key] : value, document: item.document });
  }
  const shared = new Map();
  for (const { name } of found.values()) shared.set(name, (shared.get(name) ?? 0) + 1);
  const named = [...found].map(([value, { name, document }]) => [value, shared.get(name) > 1 ? `${name}, ${document}` : name]);
  if (facet === "voice" || facet === "coder") named.sort(([, a], [, b]) => a.localeCompare(b, "en", { numeric: true }));
  return new Map(named);
}

/** Give the choices of a facet under which a row is shown. */
const choices = (item, facet) =>
  facet === "stance" && item.stance !== "raises" ? [SIDES, item.stance] : [item.facets[facet]];

function element(tag, properties = {}, ...children) {
  const made = Object.assign(document.createElement(tag), properties);
  made.append(...children);
  return made;
}

const FORMULA = /^'*(?:[\p{Cc}\p{Cf}\p{Z}]*[=+\-@|%＝＋－＠]|[\t\r\n])/u;
/** Write a cell of CSV; one that a spreadsheet might take for a formula gets an apostrophe (see csv_file.py). */
function cell(value) {
  const harmless = FORMULA.test(value) ? `'${value}` : value;
  return /[",\n\r]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
}

function enhance(box) {
  const node = box.querySelector("table");
  const rows = [...node.tBodies[0].rows];
  const records = rows.map(record);
  const named = Object.fromEntries(FACETS.map((facet) => [facet, names(records, facet)]));
  named.stance = new Map([[SIDES, SIDES], ...named.stance]);
  const targets = new Map(); // what each anchor of the table stands for
  rows.forEach((row, index) => {
    const { hypothesis, stance } = records[index].facets;
    for (const anchor of row.querySelectorAll("[id]")) {
      // Figures of a hypothesis count who supports or opposes it; rows of the first stance there is come first.
      const stances = stance === "raises" ? "" : SIDES;
      if (anchor.matches(".hypothesis")) targets.set(`#${anchor.id}`, { hypothesis, stance: stances, weighed: "yes" });
      if (anchor.matches(".stance")) targets.set(`#${anchor.id}`, { hypothesis, stance, weighed: "yes" });
      if (anchor.matches(".quote")) targets.set(`#${anchor.id}`, { statement: records[index].statement_id });
    }
  });
  const whole = Number([...document.querySelectorAll(".evidence-file")].at(-1)?.dataset.rows ?? rows.length);
  const links = [...document.querySelectorAll(LINKS)];

  // --- the controls
  const search = element("input", { id: "evidence-q", type: "search", autocomplete: "off" });
  const selects = Object.fromEntries(FACETS.map((facet) => {
    const select = element("select", { id: `evidence-${facet}` }, new Option("all", ""));
    select.append(...[...named[facet]].map(([value, name]) => new Option(name, value)));
    return [facet, select];
  }));
  const field = (label, control) => element("div", { className: "field" },
    element("label", { htmlFor: control.id, textContent: label }), control);
  const button = (name, label, act) => {
    const made = element("button", { id: `evidence-${name}`, type: "button", textContent: label });
    made.addEventListener("click", act);
    return made;
  };
  const filters = element("details", { open: !matchMedia("(max-width: 48em)").matches },
    element("summary", { textContent: "Filters" }),
    element("div", { className: "fields" }, ...FACETS.map((facet) => field(LABELS[facet], selects[facet]))));
  const status = element("p", { id: "evidence-status", tabIndex: -1 });
  status.setAttribute("role", "status");
  const active = element("p", { id: "evidence-filter" });
  const form = element("form", { id: "evidence-controls" },
    field("Search", search),
    filters,
    element("div", { className: "outcome" },
      element("div", { className: "told" }, status, active),
      element("div", { className: "buttons" },
        button("reset", "Reset", () => change({}, null)), button("copy", "Copy link", copy), button("export", "Download CSV", download))));
  form.setAttribute("role", "search");
  form.setAttribute("aria-label", "Evidence");
  form.addEventListener("submit", (event) => event.preventDefault());
  box.before(form);

  // --- the table
  rows.forEach((row, index) => { row.cells[4].dataset.order = records[index].strength || "-1"; });
  let visible = records.map(() => true);
  const table = new DataTable(node, {
    autoWidth: false,
    order: [],
    columnDefs: [{ targets: "_all", searchable: false, type: "html" }, { targets: 4, searchable: false, type: "num" }],
    pageLength: 25,
    lengthMenu: [25, 50, 100, { label: "all", value: -1 }],
    layout: { topStart: null, topEnd: null, bottomStart: "pageLength", bottomEnd: "paging" },
    language: { lengthMenu: "_MENU_ rows a page", emptyTable: "No statements", zeroRecords: "No statement fits the filters." },
  });
  table.search.fixed("evidence", (_text, _row, index) => visible[index]);

  // --- what is asked for: by facet, `q` (words) and `statement`; and the order
  let asked = {};
  let sorted = null;

  function change(wanted, order = sorted) {
    asked = Object.fromEntries(Object.entries(wanted).filter(([, value]) => value));
    if (order !== sorted) {
      sorted = order;
      table.order(order ? [[SORTS.indexOf(order[0]), order[1]]] : []);
    }
    search.value = asked.q ?? "";
    for (const facet of FACETS) choose(selects[facet], asked[facet] ?? "");
    apply();
    remember();
  }

  function choose(select, value) {
    if (![...select.options].some((option) => option.value === value)) select.append(new Option(value, value));
    select.value = value;
  }

  function apply() {
    const words = searchable(asked.q ?? "").split(/\s+/).filter(Boolean);
    const counts = Object.fromEntries(FACETS.map((facet) => [facet, new Map()]));
    const count = (facet, item) => choices(item, facet)
      .forEach((value) => counts[facet].set(value, (counts[facet].get(value) ?? 0) + 1));
    visible = records.map((item) => {
      if (asked.statement && item.statement_id !== asked.statement) return false;
      if (asked.best && item.best !== asked.best) return false;
      if (!words.every((word) => item.words.includes(word))) return false;
      const failed = FACETS.filter((facet) => asked[facet] && !choices(item, facet).includes(asked[facet]));
      // An option tells how many rows there would be with it: all other filters hold.
      if (failed.length === 0) FACETS.forEach((facet) => count(facet, item));
      if (failed.length === 1) count(failed[0], item);
      return failed.length === 0;
    });
    for (const facet of FACETS)
      for (const option of [...selects[facet].options].slice(1))
        option.text = `${apart(named[facet].get(option.value) ?? option.value)} (${(counts[facet].get(option.value) ?? 0).toLocaleString("en")})`;
    table.draw();
    tell();
  }

  function tell() {
    const shown = records.filter((_item, index) => visible[index]);
    const weighed = shown.filter((item) => item.weighed === "yes");
    const voices = new Set(weighed.map((item) => item.voice_id));
    const printed = new Set(weighed.map((item) => item.printed));
    const statements = new Set(weighed.map((item) => item.statement_id));
    const others = new Set(shown.filter((item) => item.weighed === "no").map((item) => item.statement_id));
    const repeats = printed.size > voices.size ? ` (${printed.size.toLocaleString("en")} as printed)` : "";
    const repeated = weighed.length > statements.size ? ` in ${plural(weighed.length, "row")}` : "";
    const more = others.size ? `; ${others.size.toLocaleString("en")} ${weighed.length ? "more " : ""}not weighed` : "";
    status.textContent = weighed.length
      ? `${plural(statements.size, "statement")} by ${plural(voices.size, "independent voice")}${repeats}${repeated}${more}`
      : others.size ? `${plural(others.size, "statement")}, not weighed` : "No statements";
    active.textContent = [
      ...FACETS.filter((facet) => asked[facet]).map((facet) => `${LABELS[facet]}: ${apart(named[facet].get(asked[facet]) ?? asked[facet])}`),
      ...(asked.statement ? ["one statement"] : []),
      ...(asked.best ? ["the best of each voice on each side"] : []),
      ...(rows.length < whole ? [`the page has the strongest ${rows.length.toLocaleString("en")} of ${plural(whole, "row")}`] : []),
      ...(asked.q ? [`“${asked.q}”`] : []),
    ].join(" · ");
  }

  // --- the permalink
  function permalink() {
    const parameters = new URLSearchParams(Object.entries(asked));
    if (sorted) parameters.set("sort", sorted.join("."));
    const text = parameters.toString();
    return text ? `#evidence?${text}` : "#sec-evidence";
  }

  let writing = 0;
  function remember() {
    clearTimeout(writing); // browsers limit how often the address may change
    writing = setTimeout(write, 150);
  }
  function write() {
    clearTimeout(writing);
    const nothing = !sorted && !Object.keys(asked).length && !wanted(location.hash);
    if (!nothing && location.hash !== permalink()) history.replaceState({ evidence: true }, "", permalink());
  }

  /** Give what an address asks for; null where it asks for nothing of this table. */
  function wanted(hash) {
    if (targets.has(hash)) return [targets.get(hash), sorted];
    if (!hash.startsWith("#evidence?")) return null;
    const parameters = new URLSearchParams(hash.slice("#evidence?".length));
    const [column, direction] = (parameters.get("sort") ?? "").split(".");
    const order = SORTS.includes(column) ? [column, direction === "desc" ? "desc" : "asc"] : null;
    return [Object.fromEntries(["q", "statement", "best", ...FACETS].map((key) => [key, parameters.get(key)])), order];
  }

  function arrive() {
    form.scrollIntoView({ behavior: "instant", block: "start" });
    status.focus({ preventScroll: true });
  }

  function follow() {
    const found = wanted(location.hash);
    if (!found) return false;
    if (location.hash !== permalink()) change(...found);
    write();
    return true;
  }

  document.addEventListener("click", (event) => {
    if (event.defaultPrevented || event.button || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    const link = event.target.closest?.(LINKS);
    const address = link?.getAttribute("href") ?? link?.getAttributeNS("http://www.w3.org/1999/xlink", "href");
    const found = link && (targets.get(address?.trim()) ?? (link.matches(".evidence") ? { weighed: "yes" } : null));
    if (!found) return;
    event.preventDefault();
    write();
    // So that Back leads to this link again, though the table above it may be of another height then.
    history.replaceState({ ...history.state, link: links.indexOf(link), top: link.getBoundingClientRect().top }, "");
    history.scrollRestoration = "manual";
    const narrowed = NARROWED.filter((key) => link.dataset[key]).map((key) => [key, together(link.dataset[key])]);
    asked = { ...found, ...Object.fromEntries(narrowed) };
    history.pushState({ evidence: true }, "", permalink());
    history.scrollRestoration = "auto";
    change(asked);
    arrive();
  });

  addEventListener("popstate", () => {
    clearTimeout(writing);
    const state = history.state;
    const ours = follow();
    if (state?.link !== undefined) {
      const link = links[state.link];
      link.focus({ preventScroll: true });
      scrollBy({ top: link.getBoundingClientRect().top - state.top, behavior: "instant" });
    } else if (ours && !state?.evidence) arrive();
  });

  // --- what a reader does
  search.addEventListener("input", () => change({ ...asked, statement: "", best: "", q: search.value.trim() && search.value }));
  for (const facet of FACETS)
    selects[facet].addEventListener("change", () => change({ ...asked, statement: "", best: "", [facet]: selects[facet].value }));
  table.on("order.dt", () => {
    const [first] = table.order();
    sorted = first && first[1] ? [SORTS[first[0]], first[1]] : null;
    remember();
  });

  async function copy() {
    write();
    const button = document.getElementById("evidence-copy");
    try {
      await navigator.clipboard.writeText(location.href);
      button.textContent = "Copied";
    } catch {
      button.textContent = "The link is in the address bar";
    }
    setTimeout(() => { button.textContent = "Copy link"; }, 3000);
  }

  function download() {
    const chosen = table.rows({ search: "applied", order: "applied" }).indexes().toArray().map((index) => records[index]);
    const lines = [COLUMNS, ...chosen.map((item) => COLUMNS.map((column) => item[column]))];
    const text = lines.map((line) => `${line.map(cell).join(",")}\n`).join("");
    const study = document.querySelector(".evidence-file")?.dataset.study ?? "report";
    const address = URL.createObjectURL(new Blob(["\uFEFF", text], { type: "text/csv;charset=utf-8" }));
    element("a", { href: address, download: `${study}-evidence.csv` }).click();
    setTimeout(() => URL.revokeObjectURL(address), 10_000);
  }

  // On paper stand all rows that fit the filters.
  let length = table.page.len();
  addEventListener("beforeprint", () => { length = table.page.len(); table.page.len(-1).draw(); });
  addEventListener("afterprint", () => table.page.len(length).draw());

  apply();
  box.classList.add("enhanced");
  document.documentElement.dataset.evidence = "ready";
  if (follow()) arrive();
  // The table has become shorter since the browser went to the address.
  else document.querySelector(":target")?.scrollIntoView({ behavior: "instant" });
}

const box = document.getElementById("tbl-evidence");
try {
  if (box?.querySelector("tbody tr .quote")) enhance(box);
} finally {
  document.documentElement.dataset.evidence ??= "static"; // whatever went wrong, all rows are shown: see evidence.css
}
