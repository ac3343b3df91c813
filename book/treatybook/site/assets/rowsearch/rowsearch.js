/* The search page: rows of the tables under each of their names, and then Sphinx's pages.
   Works from a folder; all text is set as text, never as HTML. */
(() => {
  "use strict";
  const SHOWN = 5; // results of a kind before the fold
  const LONGEST_SPAN = 92; // days; a longer span says too little of a day within it
  // What a row counts for beside others: the tables come before those who speak of them.
  const WEIGHTS = { Claim: 0.7, Source: 0.5 };
  const NAMED = ["Person", "Place", "Source"]; // kinds whose names are always shown
  const EXAMPLES = ["Сухэ-Батор", "5 November 1921", "Article 5", "Урга"];
  const MONTHS = ["january", "february", "march", "april", "may", "june", "july", "august",
    "september", "october", "november", "december"];
  // Russian month names without their endings, as fold() leaves them.
  const RUSSIAN = ["январ", "феврал", "март", "апрел", "ма", "июн", "июл", "август", "сентябр",
    "октябр", "ноябр", "декабр"];
  const data = window.treatybookRows;

  /* ---- words ---- */

  // Without capitals and marks: ü as u, ё as е, ө as о, ү as у.
  const fold = (text) => text.toLowerCase().replaceAll("ө", "о").replaceAll("ү", "у")
    .normalize("NFD").replace(/\p{Mark}/gu, "").replace(/['’ʼ]/g, "");
  const split = (text) => fold(text).split(/[^\p{L}\p{N}]+/u).filter(Boolean);
  // Numbers, and words too short to be begun, count only as a whole: 5 is not a part of 15.
  const isWhole = (word) => word.length < 3 || /^\d+$/.test(word) || /^[ivx]+$/.test(word);
  const closeness = (word, words) =>
    words.includes(word) ? 2 : !isWhole(word) && words.some((one) => one.startsWith(word)) ? 1 : 0;

  const rows = data.rows.map(([kind, title, detail, href, names, text, spans, level]) => {
    const forms = [[title, ""], ...names].map(([form]) => split(form));
    return { kind, title, detail, href, names, spans, level, forms, inNames: forms.flat(),
      inText: split(`${detail} ${text}`) };
  });

  /* ---- dates ---- */

  const two = (number) => String(number).padStart(2, "0");
  const monthNumber = (word) => {
    if (word.length < 3) return 0;
    const english = MONTHS.findIndex((month) => month.startsWith(word));
    const russian = RUSSIAN.findIndex((stem) =>
      stem === "ма" ? /^ма[ия]$/.test(word) : word.startsWith(stem) && word.length <= stem.length + 2);
    return Math.max(english, russian) + 1;
  };
  const YEAR = "(1[89]\\d\\d)";
  const DAY = "(\\d\\d?)(?:st|nd|rd|th)?";
  const WORD = "(\\p{L}+)\\.?";
  const FORMS = [
    [`${YEAR}-(\\d\\d?)-(\\d\\d?)`, (y, m, d) => [y, m, d]],
    [`${YEAR}-(\\d\\d?)`, (y, m) => [y, m]],
    [`(\\d\\d?)[./](\\d\\d?)[./]${YEAR}`, (d, m, y) => [y, m, d]],
    [`${YEAR}\\s+оны\\s+(\\d\\d?)\\s+сарын\\s+(\\d\\d?)`, (y, m, d) => [y, m, d]],
    [`${YEAR}\\s+оны\\s+(\\d\\d?)\\s+сар`, (y, m) => [y, m]],
    [`${DAY}\\s+${WORD},?\\s+${YEAR}`, (d, m, y) => [y, monthNumber(m), d]],
    [`${WORD}\\s+${DAY},?\\s+${YEAR}`, (m, d, y) => [y, monthNumber(m), d]],
    [`${WORD},?\\s+${YEAR}`, (m, y) => [y, monthNumber(m)]],
    [`${DAY}\\s+${WORD}`, (d, m) => ["", monthNumber(m), d]],
    [`${WORD}\\s+${DAY}`, (m, d) => ["", monthNumber(m), d]],
    [YEAR, (y) => [y]],
  ].map(([form, read]) => [new RegExp(`(?<![\\p{L}\\d])${form}(?![\\p{L}\\d])`, "u"), read]);

  // The date in a query: its first and last day, and the words beside it.
  const readDate = (query) => {
    const text = fold(query);
    for (const [form, read] of FORMS) {
      const found = text.match(form);
      if (!found) continue;
      const [year, month, day] = read(...found.slice(1));
      if (month !== undefined && !(month >= 1 && month <= 12)) continue;
      if (day !== undefined && !(day >= 1 && day <= 31)) continue;
      const rest = split(text.replace(found[0], " "));
      if (!year) return { ending: `-${two(month)}-${two(day)}`, rest };
      const first = `${year}-${two(month || 1)}-${two(day || 1)}`;
      const last = `${year}-${two(month || 12)}-${two(day || 31)}`;
      return { first, last, rest };
    }
    return null;
  };
  const days = (first, last) => (Date.parse(last) - Date.parse(first)) / 864e5 + 1;
  const fits = (date, [first, last]) => {
    if (date.ending) return first === last && first.endsWith(date.ending) ? 60 : 0;
    if (first === date.first && last === date.last && days(first, last) < 32) return 100;
    if (date.first <= first && last <= date.last) return 60;
    const meets = first <= date.last && date.first <= last;
    return meets && days(first, last) <= LONGEST_SPAN ? 20 : 0;
  };

  /* ---- finding ---- */

  const nameOf = (row) => data.kinds[row.kind]?.[0]; // pages have no kind

  const rateWords = (row, words) => {
    let score = 0;
    for (const word of words) {
      const named = closeness(word, row.inNames), told = named ? 0 : closeness(word, row.inText);
      if (!named && !told) return 0;
      score += named ? 10 * named : told;
    }
    const joined = words.join(" ");
    const whole = row.forms.some((form) => form.join(" ") === joined);
    const begun = row.forms.some((form) => `${form.join(" ")} `.startsWith(`${joined} `));
    return score / words.length + (whole ? 60 : begun ? 20 : 0);
  };
  const rate = (row, words, date) => {
    const byWords = rateWords(row, words);
    const near = date ? Math.max(0, ...row.spans.map((span) => fits(date, span))) : 0;
    if (!near) return byWords;
    const beside = date.rest.length ? rateWords(row, date.rest) : 1;
    return Math.max(byWords, beside && near + beside);
  };
  const wordsOf = (query) => {
    const words = split(query);
    const told = words.filter((word) => !stopwords.includes(word));
    return told.length ? told : words;
  };
  // Rows that fit a query, best first; rows that fit equally well stay in the order of the book.
  const find = (query) => {
    const words = wordsOf(query), date = readDate(query);
    if (!words.length) return [];
    return rows.map((row) => [rate(row, words, date) * (WEIGHTS[nameOf(row)] || 1), row])
      .filter(([score]) => score > 0)
      .sort((one, other) => other[0] - one[0])
      .map(([score, row]) => ({ ...row, score }));
  };

  const distance = (one, other) => {
    let before = [...other, ""].map((_, number) => number);
    [...one].forEach((letter, row) => {
      const now = [row + 1];
      [...other].forEach((sign, column) => now.push(Math.min(before[column + 1] + 1,
        now[column] + 1, before[column] + (letter === sign ? 0 : 1))));
      before = now;
    });
    return before[other.length];
  };
  // The query with each unknown word replaced by the nearest word of a name; empty if none is near.
  const nearest = (query) => {
    const written = new Map(rows.flatMap((row) => [row.title, ...row.names.map(([name]) => name)])
      .flatMap((name) => name.split(/[^\p{L}\p{N}\p{Mark}'’ʼ]+/u)).map((word) => [fold(word), word]));
    const known = [...written.keys()].filter((word) => word.length > 3);
    let changed = false;
    const words = wordsOf(query).map((word) => {
      if (word.length < 4 || known.some((one) => one.startsWith(word))) return word;
      const near = known.map((one) => [distance(word, one), one])
        .filter(([far]) => far <= (word.length < 7 ? 1 : 2))
        .sort((one, other) => one[0] - other[0])[0];
      changed = changed || Boolean(near);
      return near ? written.get(near[1]) : word;
    });
    return changed ? words.join(" ") : "";
  };

  const plain = (html) => new DOMParser().parseFromString(html, "text/html").body.textContent;
  // Sphinx's own results: pages and headings. Its words of the glossary are among our rows.
  const findPages = (query) => {
    const suffix = DOCUMENTATION_OPTIONS.LINK_SUFFIX;
    const [, ...parsed] = Search._parseQuery(query);
    // Sphinx would mark these words on the next page, also within the data of its figures.
    localStorage.removeItem("sphinx_highlight_terms");
    return Search._performSearch(query, ...parsed).reverse()
      .filter(([, , anchor]) => !anchor.startsWith("#term-"))
      .map(([name, title, anchor]) => ({ title: plain(title), href: name + suffix + anchor,
        detail: anchor ? "" : data.pages[name] || "", names: [] }));
  };

  /* ---- showing ---- */

  const make = (tag, text = "", attributes = {}) => {
    const element = document.createElement(tag);
    element.textContent = text;
    Object.entries(attributes).forEach(([name, value]) => element.setAttribute(name, value));
    return element;
  };
  const link = (text, href) => make("a", text, { href });
  // The names that a query names come first; not all fit in a line.
  const namesOf = (row, words) => {
    if (nameOf(row) === "Clause") return []; // its names are spellings of its title
    const names = row.names.filter(([name]) => !row.detail.includes(name));
    const said = ([name]) => split(name).some((word) => words.some((one) => word.startsWith(one)));
    const others = NAMED.includes(nameOf(row)) ? names.filter((name) => !said(name)) : [];
    return [...names.filter(said), ...others].slice(0, 4);
  };
  const cut = (text) => (text.length > 160 ? `${text.slice(0, 157).replace(/\s\S*$/, "")} …` : text);
  const item = (row, words) => {
    const entry = make("li");
    entry.append(link(row.title, row.href));
    const line = make("p", "", { class: "tb-found-line" });
    line.append([nameOf(row), cut(row.detail)].filter(Boolean).join(": "));
    namesOf(row, words).forEach(([name, language], number) => {
      line.append(number ? ", " : row.detail.endsWith(".") ? " Also: " : ". Also: ",
        make("span", name, language ? { lang: language } : {}));
    });
    if (row.level) {
      line.append(" ", make("span", data.levels[row.level], { class: `tb-sign tb-${row.level}` }));
    }
    entry.append(line);
    return entry;
  };
  const list = (found, words) => {
    const items = make("ul", "", { class: "tb-found" });
    items.append(...found.map((row) => item(row, words)));
    return items;
  };
  const group = (title, found, words) => {
    const part = document.createDocumentFragment();
    part.append(make("h2", `${title} (${found.length})`), list(found.slice(0, SHOWN), words));
    if (found.length > SHOWN) {
      const others = make("details");
      others.append(make("summary", `${found.length - SHOWN} more: ${title}`),
        list(found.slice(SHOWN), words));
      part.append(others);
    }
    return part;
  };
  const count = (number, one, many) => `${number} ${number === 1 ? one : many}`;

  const questions = (before, queries, after) => {
    const line = make("p", before);
    queries.forEach((query, number) =>
      line.append(number ? ", " : "", link(query, `?q=${encodeURIComponent(query)}`)));
    line.append(after);
    return line;
  };

  const show = (query) => {
    const words = wordsOf(query), found = find(query), pages = findPages(query);
    const kinds = [...new Set(found.map((row) => row.kind))]; // those with the best row first
    const parts = kinds.map((kind) =>
      group(data.kinds[kind][1], found.filter((row) => row.kind === kind), words));
    if (pages.length) parts.push(group("Pages and headings", pages, words));
    const near = found.length ? "" : nearest(query);
    if (near) parts.unshift(questions("Did you mean ", [near], "?"));
    status.after(...parts);
    status.textContent = found.length || pages.length
      ? `For “${query}”: ${count(found.length, "row", "rows")} of the tables, ${count(pages.length, "page or heading", "pages or headings")}.`
      : `Nothing is found for “${query}”. Names can be written in English, Russian or Mongolian, dates like 5 November 1921, articles like Article 5.`;
  };

  let status;
  Search.performSearch = (query) => {
    status = make("p", "", { role: "status", class: "tb-found-status" });
    document.getElementById("search-results").append(status);
    if (Search.hasIndex()) Search.query(query);
    else Search.deferQuery(query);
  };
  Search.query = show;
  // By now Sphinx has begun a search of its own and waits for its index: begin again, our way.
  Search._pulse_status = NaN; // no step comes after this one, so its moving dots end
  document.getElementById("search-results").replaceChildren();
  const asked = new URLSearchParams(location.search).get("q");
  if (asked) {
    Search.performSearch(asked);
  } else {
    document.getElementById("search-results").append(
      questions("Look for a name in any spelling, a date, an article or a word, for example ", EXAMPLES, "."));
  }
  window.treatybookFind = find; // for the console, and for tests
})();
