// Brings figures to life when a reader acts on them, and makes tables searchable.
// Everything here adds to pages that are already complete without it.
// What is said stands in _(…), which gives it in the language of the page; slides have no words of
// another language.
"use strict";
(() => {
  const _ = (text) => (typeof Documentation === "undefined" ? text : Documentation.gettext(text));
  // The inks of the page, which the style sheet gives to the drawings of the build too.
  const inks = () => {
    const style = getComputedStyle(document.documentElement);
    const [text, ground] = ["--tb-ink", "--tb-ground"].map((name) => style.getPropertyValue(name).trim());
    return { text, ground };
  };

  // A library or a description is fetched once, by a script element: pages work from a folder too.
  const fetched = new Map();
  function fetchScript(address) {
    if (!fetched.has(address)) fetched.set(address, new Promise((resolve, reject) => {
      const script = Object.assign(document.createElement("script"), { src: address, onload: resolve });
      script.onerror = () => reject(new Error(`${address} could not be loaded`));
      document.head.append(script);
    }));
    return fetched.get(address);
  }
  const loadLibrary = () => fetchScript(document.querySelector('meta[name="tb-library"]').content);
  const descriptions = new Map(); // of figures that the build has drawn, by their names
  window.tbDescribed = (name, description) => descriptions.set(name, description);
  async function description(plot) {
    const inPage = plot.closest(".tb-figure").querySelector("script.tb-drawings");
    if (inPage) return JSON.parse(inPage.textContent);
    await fetchScript(plot.dataset.source);
    return descriptions.get(plot.dataset.name);
  }

  // Marks have an outline in the colour of the page, so that marks that overlap stay apart.
  function themed() {
    const { text, ground } = inks();
    return { "font.color": text, "hoverlabel.bgcolor": ground, "hoverlabel.font.color": text, "template.data.scatter[0].marker.line.color": ground };
  }
  // The same for a first drawing, which would otherwise be drawn twice.
  function inTheme(layout) {
    const { text, ground } = inks();
    const hoverlabel = { ...layout.hoverlabel, bgcolor: ground, font: { ...layout.hoverlabel?.font, color: text } };
    const outline = layout.template?.data?.scatter?.[0]?.marker?.line;
    if (outline) outline.color = ground;
    return { ...layout, font: { ...layout.font, color: text }, hoverlabel };
  }

  // Plotly takes one tap for two and zooms, and its bar of buttons would lie on the drawing.
  const touched = matchMedia("(any-pointer: coarse)").matches;
  const hovers = !matchMedia("(hover: none)").matches;
  const forHand = (config) => ({ ...config, ...(touched && { doubleClick: false }), ...(!hovers && { displayModeBar: false }) });

  // The style sheets know which layout fits the box of a figure.
  const layoutOf = (plot) => getComputedStyle(plot).getPropertyValue("--tb-layout").trim();
  const live = (plot) => plot.querySelector(".tb-live");

  const drawings = new Map(); // each figure is drawn once, when a reader acts on it
  function draw(plot) {
    if (!drawings.has(plot)) drawings.set(plot, drawNow(plot));
    return drawings.get(plot);
  }
  async function drawNow(plot) {
    // Words are measured when they are drawn, so their font must be there.
    const letters = document.fonts.load('1em "Treatybook Sans"').catch(() => []);
    const [told] = await Promise.all([description(plot), loadLibrary(), letters]);
    const layout = plot.dataset.layout = layoutOf(plot);
    const drawing = told.drawings[layout];
    const box = Object.assign(document.createElement("div"), { className: "tb-live" });
    plot.append(box);
    await window.Plotly.newPlot(box, { data: drawing.data, layout: inTheme(drawing.layout), config: forHand(told.config), frames: drawing.frames });
    const figure = plot.closest(".tb-figure");
    const names = { role: "group", "aria-labelledby": `${figure.id}-headline`, "aria-describedby": `${figure.id}-words` };
    for (const [name, value] of Object.entries(names)) plot.setAttribute(name, value);
    plot.dataset.drawn = "true";
    box.addEventListener("pointerdown", ({ pointerType }) => { byTouch = pointerType === "touch"; taps += 1; }, true);
    box.on("plotly_click", ({ points }) => lead(points[0].customdata));
    return told;
  }

  // A mark leads to its row: in the table of the figure, or on the page that has it. A first tap
  // of a finger shows the label of the mark, and a second one leads.
  let tapped = "";
  let byTouch = false;
  let taps = 0; // how often the reader has touched or pressed
  let told = 0; // and of which of them plotly has told: it does so twice, on a slow phone late
  function lead(address) {
    if (typeof address !== "string" || !/^[\w./-]*#[\w-]+$/.test(address)) return;
    if (byTouch && told === taps) return;
    told = taps;
    if (!byTouch || tapped === address) location.href = address;
    tapped = address;
  }

  function controls(figure, plot) {
    const buttons = figure.querySelectorAll(".tb-buttons button");
    buttons.forEach((button, number) => button.addEventListener("click", () => act(plot, ({ updates }) => press(button, updates[number], plot))));
    buttons[0]?.setAttribute("aria-pressed", "true"); // a figure starts as its first button shows it
    figure.querySelectorAll(".tb-player").forEach((player) => wind(player, plot));
  }

  function press(button, { data, layout }, plot) {
    for (const other of button.parentElement.children) other.setAttribute("aria-pressed", String(other === button));
    const change = layout[plot.dataset.layout];
    if (change.height) plot.style.height = `${change.height}px`; // the space that the page keeps
    window.Plotly.update(live(plot), data, change);
  }

  const STEP = 1200; // milliseconds that each step stays on the screen
  function wind(player, plot) {
    const names = JSON.parse(player.dataset.frames);
    const [button, slider, output] = ["button", "input", "output"].map((name) => player.querySelector(name));
    let clock = 0;
    const stop = () => {
      clearInterval(clock);
      clock = 0;
      button.textContent = _("Play");
    };
    const step = (number) => {
      slider.value = number;
      slider.setAttribute("aria-valuetext", names[number]);
      output.textContent = names[number];
      window.Plotly.animate(live(plot), [names[number]], { mode: "immediate", transition: { duration: 0 }, frame: { duration: 0, redraw: true } });
      if (Number(number) === names.length - 1) stop();
    };
    slider.setAttribute("aria-valuetext", names[slider.value]);
    slider.addEventListener("input", () => { stop(); act(plot, () => step(Number(slider.value))); });
    button.addEventListener("click", () => act(plot, () => {
      if (clock) return stop();
      const first = Number(slider.value) === names.length - 1 ? 0 : Number(slider.value);
      button.textContent = _("Stop");
      clock = setInterval(() => step(Number(slider.value) + 1), STEP);
      return step(first);
    }));
  }

  const REST = 150; // milliseconds for which a mouse rests on a drawing that it means
  const line = navigator.connection;
  const savesData = line?.saveData || /2g/.test(line?.effectiveType ?? "");
  function watchFigures() {
    const plots = [...document.querySelectorAll(".tb-plot")];
    if (!plots.length) return;
    for (const plot of plots) {
      const figure = plot.closest(".tb-figure");
      controls(figure, plot);
      const explore = figure.querySelector(".tb-explore");
      explore?.addEventListener("click", () => { plot.tabIndex = -1; plot.focus(); act(plot); });
      plot.addEventListener("click", () => act(plot));
      let rest;
      plot.addEventListener("pointerenter", ({ pointerType }) => {
        if (pointerType === "mouse" && !savesData) rest = setTimeout(() => act(plot), REST);
      });
      plot.addEventListener("pointerleave", () => clearTimeout(rest));
    }
    // What the build has not drawn is drawn when it comes near.
    const undrawn = plots.filter((plot) => !plot.dataset.source);
    if (savesData) undrawn.forEach(offer);
    else {
      const watcher = new IntersectionObserver((entries) => {
        for (const { target } of entries.filter((entry) => entry.isIntersecting)) {
          watcher.unobserve(target);
          act(target);
        }
      }, { rootMargin: "50%" });
      undrawn.forEach((plot) => watcher.observe(plot));
    }
    // Where the box has got the width of the other layout, the drawing of that one is shown again.
    window.addEventListener("resize", () => {
      for (const plot of plots.filter((one) => one.dataset.drawn && one.dataset.layout !== layoutOf(one))) still(plot);
    });
    new MutationObserver(() => document.querySelectorAll(".tb-live").forEach((box) => window.Plotly?.relayout(box, themed())))
      .observe(document.documentElement, { attributes: true, attributeFilter: ["data-theme"] });
  }

  // A reader acts on a figure: it is drawn anew in its box, and then what was asked for is done.
  function act(plot, then) {
    const button = plot.closest(".tb-figure").querySelector(".tb-explore");
    const say = (words) => {
      plot.dataset.state = words;
      if (button) button.textContent = words;
    };
    if (!plot.dataset.drawn) say(_("The figure is on its way …"));
    draw(plot).then(then, (error) => {
      say(_("The figure could not be fetched. Its data is in the table below."));
      console.error(error);
    });
  }

  // Back to the drawing of the page; what the build has not drawn is drawn anew.
  function still(plot) {
    window.Plotly.purge(live(plot));
    live(plot).remove();
    for (const name of ["drawn", "layout"]) delete plot.dataset[name];
    drawings.delete(plot);
    plot.style.height = "";
    const explore = plot.closest(".tb-figure").querySelector(".tb-explore");
    if (explore) explore.textContent = _("Explore this figure");
    else act(plot);
  }

  // Readers who save data, or whose line is very slow, say themselves when the library is fetched.
  function offer(plot) {
    const button = Object.assign(document.createElement("button"), { type: "button", className: "tb-offer" });
    button.textContent = _("Draw the figure (fetches 1.5 MB, once)");
    button.addEventListener("click", () => { button.remove(); act(plot); });
    plot.append(button);
  }

  // The words of a folded list say only how long it is.
  const wordsOf = (cell) => (cell.querySelector(".tb-more > div") ?? cell).textContent.trim();
  const sortKey = (cell) => cell.dataset.sort ?? wordsOf(cell);
  function sortBy(table, column, head) {
    const up = head.getAttribute("aria-sort") !== "ascending";
    for (const other of head.parentElement.children) other.removeAttribute("aria-sort");
    table.classList.add("tb-sorted"); // and no longer in the order of its years or letters
    head.setAttribute("aria-sort", up ? "ascending" : "descending");
    const rows = [...table.tBodies[0].rows];
    const order = new Intl.Collator(document.documentElement.lang, { numeric: true });
    rows.sort((a, b) => order.compare(sortKey(a.cells[column]), sortKey(b.cells[column])) * (up ? 1 : -1));
    table.tBodies[0].append(...rows);
  }

  // What a cell is chosen by: its words, what they list, or values of its own.
  const itemsOf = (cell) => {
    const own = cell.dataset.items, words = wordsOf(cell);
    if (own === undefined) return [words];
    return own ? own.split("|") : words.split("; ");
  };
  const folded = new WeakMap(); // what a row says, as finding.js compares it
  function holds(part, ways) {
    if (ways.includes("")) return true; // nothing is asked for, and no row need be read
    if (!folded.has(part)) folded.set(part, ` ${window.tbFinding.plain(part.textContent)} `);
    const told = folded.get(part), dense = told.replaceAll(" ", "");
    return ways.some((way) => told.includes(way) || (way.length > 5 && dense.includes(way.replaceAll(" ", ""))));
  }
  // A row with a date that is asked for, and with the words beside it.
  function holdsDate(row, { dates, rest }) {
    const spans = [...row.cells].map((cell) => (cell.dataset.sort || "").split(" ")).filter((days) => days.length === 2);
    return dates.some((date) => spans.some((span) => window.tbFinding.fits(date, span))) && holds(row, [rest.join(" ")]);
  }
  function labelled(text, control) {
    const label = document.createElement("label");
    label.append(text, control);
    return label;
  }

  // The first row that is shown of each year or letter says so, and the link leads to it.
  function headGroups(table) {
    const firsts = new Map();
    for (const row of table.tBodies[0].rows) {
      const isFirst = !row.hidden && !firsts.has(row.dataset.group);
      row.classList.toggle("tb-first", isFirst);
      if (isFirst) firsts.set(row.dataset.group, row);
    }
    const box = table.parentElement;
    box.querySelectorAll(".tb-jump a").forEach((link, number) => {
      const first = firsts.get(link.textContent);
      link.hidden = !first;
      if (!first) return;
      first.id ||= `${box.id}-part-${number}`;
      link.hash = first.id;
    });
  }

  function addTools(box) {
    const table = box.querySelector("table");
    let group; // only the first row of each group has its name
    for (const row of box.querySelectorAll(":scope > .tb-jump ~ table > tbody > tr")) group = row.dataset.group ??= group;
    const heads = [...table.tHead.rows[0].cells];
    heads.forEach((head, column) => {
      const button = document.createElement("button");
      button.type = "button";
      button.textContent = head.textContent;
      button.addEventListener("click", () => sortBy(table, column, head));
      head.replaceChildren(button);
    });
    const tools = document.createElement("div");
    tools.className = "tb-tools";
    const search = Object.assign(document.createElement("input"), { type: "search" });
    // Other names of who or what is asked for come when somebody searches.
    let groups = [];
    search.addEventListener("focus", async () => {
      await fetchScript(new URL(document.querySelector('meta[name="tb-names"]').content, location.href).href);
      groups = window.tbFinding.groupsOf(window.treatybookNames);
      update();
    }, { once: true });
    const asked = () => {
      const words = window.tbFinding.split(window.tbFinding.asAsked(search.value));
      return [words, ...window.tbFinding.otherwise(words, groups)].map((way) => way.join(" "));
    };
    const count = document.createElement("output");
    count.setAttribute("role", "status");
    tools.append(labelled(_("Search this table"), search));
    const choices = (box.dataset.tools ? box.dataset.tools.split("|") : []).map((name) => {
      const column = heads.findIndex((head) => head.textContent === name);
      const select = document.createElement("select");
      const values = new Set([...table.tBodies[0].rows].flatMap((row) => itemsOf(row.cells[column])));
      values.delete("");
      select.append(new Option(_("all"), ""), ...[...values].sort().map((value) => new Option(value, value)));
      tools.append(labelled(name, select));
      return { column, select };
    });
    const update = () => {
      const ways = asked(), date = window.tbFinding.readDates(search.value);
      let shown = 0;
      for (const row of table.tBodies[0].rows) {
        const fits = choices.every(({ column, select }) => !select.value || itemsOf(row.cells[column]).includes(select.value));
        row.hidden = !(fits && (holds(row, ways) || (date && holdsDate(row, date))));
        shown += row.hidden ? 0 : 1;
      }
      if (box.querySelector(".tb-jump")) headGroups(table);
      count.textContent = _("{n} of {all} rows").replace("{n}", shown).replace("{all}", table.tBodies[0].rows.length);
    };
    tools.append(count);
    tools.addEventListener("input", update);
    // What is found in a folded list is shown; the list folds again when the search is over.
    search.addEventListener("input", () => {
      const ways = asked();
      for (const fold of table.querySelectorAll(".tb-more")) fold.open = Boolean(ways[0]) && holds(fold, ways);
    });
    update();
    box.before(tools);
  }

  // Questions check themselves, by the same rules as in treatybook/teaching/quizzes.py.
  const plain = (answer) => {
    const text = answer.trim().toLowerCase().replaceAll("ё", "е").replace(/\s+/g, " ");
    const digits = text.replace(/[,. ]/g, "");
    return /^\d+$/.test(digits) ? digits : text;
  };
  // First and last day that a date in EDTF can mean, and its signs; nothing if it is no such date.
  function oneDate(text, grammar) {
    const { decade, year, season, month, day, sign } = new RegExp(`^(?:${grammar})$`).exec(text)?.groups || {};
    if (decade) return Number(decade) ? { first: `${decade}0-01-01`, last: `${decade}9-12-31`, sign } : null;
    const begin = season ? 3 * (season - 20) : Number(month || 1);
    const end = season ? Math.min(begin + 2, 12) : Number(month || 12);
    // The day before the first of the next month; a year under 100 needs to be set by itself.
    const date = new Date(0);
    date.setUTCFullYear(year, end, 0);
    if (!Number(year) || begin < 1 || end > 12 || (day && !(day > 0 && day <= date.getUTCDate()))) return null;
    const at = (number, within) => `${year}-${String(number).padStart(2, "0")}-${within}`;
    return { first: at(begin, day || "01"), last: at(end, day || date.getUTCDate()), sign };
  }
  function wholeDate(text, grammar) {
    const parts = text.split("/");
    if (parts.length === 1) return oneDate(text, grammar);
    const [start, end] = parts.map((part) => (["", ".."].includes(part) ? {} : oneDate(part, grammar)));
    if (parts.length > 2 || !start || !end || !(start.first || end.last)) return null;
    const both = { first: start.first || "0001-01-01", last: end.last || "9999-12-31", sign: `${start.sign || ""}${end.sign || ""}` };
    return start.first && end.last && end.last < start.first ? null : both;
  }
  const signs = ({ sign }) => ["?", "~"].map((one) => sign.includes(one) || sign.includes("%")).join();
  function judged(given, answer, grammar) {
    const [mine, theirs] = [given, answer].map((text) => wholeDate(text, grammar));
    if (!mine) return "form";
    if (mine.first === theirs.first && mine.last === theirs.last) return signs(mine) === signs(theirs) ? "right" : "marked";
    if (theirs.first <= mine.first && mine.last <= theirs.last) return "finer";
    return mine.first <= theirs.first && theirs.last <= mine.last ? "coarser" : "another";
  }
  function addQuiz(form) {
    const { answer, right, wrong, other, dates, grammar } = JSON.parse(form.dataset.quiz);
    const output = form.querySelector("output");
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      const chosen = form.querySelector("input:checked") || form.querySelector('input[type="text"], select');
      const given = chosen ? plain(chosen.value) : "";
      const known = Object.keys(wrong).find((item) => plain(item) === given);
      const kind = given === plain(answer) ? "right" : dates && !known ? judged(chosen.value.trim(), answer, grammar) : "other";
      if (!given) output.textContent = _("Give an answer first.");
      else output.textContent = known ? wrong[known] : { right, other, ...dates }[kind];
      output.className = given && kind === "right" ? "tb-right" : "tb-wrong";
    });
  }

  // A link that brings the book into a learner's folder on a hub with nbgitpuller.
  function addHub(form) {
    form.hidden = false;
    const { hub, repository } = form.elements;
    const words = [_("Address of your hub"), _("Address of the repository"), _("Make the link")];
    form.querySelectorAll("label, button").forEach((part, n) => { part.firstChild.data = `${words[n]} `; });
    const known = document.querySelector('a.btn-source-repository-button, .dropdown-source-buttons a[href^="https://"]');
    if (known) repository.value = known.href;
    // The link to edit this page names the branch that the site was built from.
    const edit = document.querySelector('a.btn-source-edit-button, .dropdown-source-buttons a[href*="/edit/"]');
    const branch = edit?.href.match(/\/edit\/(.+)\/book\//)?.[1] ?? "main";
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      const address = repository.value.replace(/\/+$/, "");
      const folder = address.split("/").pop();
      const query = new URLSearchParams({ repo: address, branch, urlpath: `lab/tree/${folder}` });
      form.querySelector("output").textContent = `${hub.value.replace(/\/+$/, "")}/hub/user-redirect/git-pull?${query}`;
    });
  }

  // The cards of a long table come a few at a time: to lay all of them out at once would keep a
  // phone from answering. What is above stays where it is.
  function grow() {
    const rows = [...document.querySelectorAll(".tb-cards tbody tr:nth-child(n + 13)")];
    const some = () => {
      rows.splice(0, 8).forEach((row) => row.classList.add("tb-grown"));
      if (rows.length) setTimeout(some);
      else grown();
    };
    some();
  }
  const grown = () => document.documentElement.classList.remove("tb-growing");

  // Pages that rows of a kind have moved to: their old addresses lead on.
  const MOVED = { "claim-": "claims.html" };

  // A folded part that holds the target of the address opens.
  function openTarget() {
    const name = decodeURIComponent(location.hash.slice(1));
    const target = name && document.getElementById(name);
    const moved = !target && Object.keys(MOVED).find((start) => name.startsWith(start));
    if (moved && !location.pathname.endsWith(`/${MOVED[moved]}`)) location.replace(MOVED[moved] + location.hash);
    const fold = target && target.closest("details");
    if (fold) fold.open = true;
    if (target) grown();
    if (target && target.closest(".tb-table")) target.scrollIntoView();
  }

  // The switch of languages leads to the same place of the page.
  function keepPlace() {
    document.querySelectorAll(".tb-language").forEach((link) => { link.hash = location.hash; });
  }

  function start() {
    document.querySelectorAll(".tb-table[data-tools]").forEach(addTools);
    document.querySelectorAll(".tb-quiz").forEach(addQuiz);
    document.querySelectorAll(".tb-hub").forEach(addHub);
    watchFigures();
    grow();
    openTarget();
    keepPlace();
    window.addEventListener("hashchange", openTarget);
    window.addEventListener("hashchange", keepPlace);
  }
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start);
  else start();
})();
