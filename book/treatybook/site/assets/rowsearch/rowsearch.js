/* The search page: rows of the tables under each of their names, and then Sphinx's pages.
   Works from a folder; all text is set as text, never as HTML. */
(() => {
  "use strict";
  const SHOWN = 5; // results of a kind before the fold
  // What a row counts for beside others: the tables come before those who speak of them.
  const WEIGHTS = { claim: 0.55, source: 0.5 };
  const NAMED = ["person", "place", "source"]; // kinds whose names are always shown
  const EXAMPLES = ["Сухэ-Батор", _("5 November 1921"), _("Article 5"), "Урга"];
  const { split, readDates, fits, inWords, otherwise, asAsked, groupsOf, fold } = window.tbFinding;
  const data = window.treatybookRows;

  /* ---- words ---- */

  // Numbers, and words too short to be begun, count only as a whole: 5 is not a part of 15.
  const isWhole = (word) => word.length < 3 || /^\d+$/.test(word) || /^[ivx]+$/.test(word);
  const closeness = (word, words) =>
    words.includes(word) ? 2 : !isWhole(word) && words.some((one) => one.startsWith(word)) ? 1 : 0;

  const rows = data.rows.map(([kind, title, detail, href, names, text, spans, level]) => {
    const forms = [[title, ""], ...names].map(([form]) => split(form));
    return { kind, title, detail, href, names, spans, level, forms, inNames: forms.flat(),
      dense: forms.map((form) => form.join("")),
      inText: split(`${detail} ${text}`) };
  });

  const groups = groupsOf(window.treatybookNames);

  /* ---- finding ---- */

  const kindOf = (row) => data.kinds[row.kind]?.[0]; // pages have no kind

  const rateWords = (row, words) => {
    // "hsu shucheng" is written with other blanks than "Hsü Shu-cheng".
    if (words.length && row.dense.includes(words.join("")) && words.join("").length > 3) return 80;
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
  const rate = (row, ways, date) => {
    // Another name of a thing counts a little less than the one that was written.
    const byWords = Math.max(...ways.map((words, number) => rateWords(row, words) * (number ? 0.9 : 1)));
    const near = date ? Math.max(0, ...date.dates.flatMap((one) => row.spans.map((span) => fits(one, span)))) : 0;
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
    const asked = asAsked(query), words = wordsOf(asked), date = readDates(asked);
    if (!words.length) return [];
    const ways = [words, ...otherwise(words, groups)];
    return rows.map((row) => [rate(row, ways, date) * (WEIGHTS[kindOf(row)] || 1), row])
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
    if (kindOf(row) === "clause") return []; // its names are spellings of its title
    const names = row.names.filter(([name]) => !row.detail.includes(name));
    const said = ([name]) => split(name).some((word) => words.some((one) => word.startsWith(one)));
    const others = NAMED.includes(kindOf(row)) ? names.filter((name) => !said(name)) : [];
    return [...names.filter(said), ...others].slice(0, 4);
  };
  const cut = (text) => (text.length > 160 ? `${text.slice(0, 157).replace(/\s\S*$/, "")} …` : text);
  const item = (row, words) => {
    const entry = make("li");
    entry.append(link(row.title, row.href));
    const line = make("p", "", { class: "tb-found-line" });
    line.append([data.kinds[row.kind]?.[1], cut(row.detail)].filter(Boolean).join(": "));
    namesOf(row, words).forEach(([name, language], number) => {
      if (!number) line.append(row.detail.endsWith(".") ? " " : ". ", _("Also:"));
      line.append(number ? ", " : " ",
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
      others.append(make("summary", _("{n} more: {what}").replace("{n}", found.length - SHOWN).replace("{what}", title)),
        list(found.slice(SHOWN), words));
      part.append(others);
    }
    return part;
  };
  const filled = (text, n, query) => text.replace("{n}", n).replace("{query}", () => query);

  const questions = (before, queries, after) => {
    const line = make("p", `${before} `);
    queries.forEach((query, number) =>
      line.append(number ? ", " : "", link(query, `?q=${encodeURIComponent(query)}`)));
    line.append(after);
    return line;
  };

  const show = (query) => {
    const words = wordsOf(query), found = find(query), pages = findPages(query);
    const kinds = [...new Set(found.map((row) => row.kind))]; // those with the best row first
    const parts = kinds.map((kind) =>
      group(data.kinds[kind][2], found.filter((row) => row.kind === kind), words));
    if (pages.length) parts.push(group(_("Pages and headings"), pages, words));
    const near = found.length ? "" : nearest(query);
    if (near) parts.unshift(questions(_("Did you mean"), [near], "?"));
    const dates = readDates(query)?.dates ?? [];
    if (dates.length > 1) parts.unshift(questions(_("Which day is meant:"), dates.map(inWords), "?"));
    status.after(...parts);
    status.textContent = found.length || pages.length
      ? [filled(Documentation.ngettext("For “{query}”: {n} row of the tables,", "For “{query}”: {n} rows of the tables,", found.length), found.length, query),
        filled(Documentation.ngettext("{n} page or heading.", "{n} pages or headings.", pages.length), pages.length)].join(" ")
      : filled(_("Nothing is found for “{query}”. Names can be written in English, Russian or Mongolian, dates like 5 November 1921, articles like Article 5."), 0, query);
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
  // The same search in another language.
  const languages = make("nav", "", { class: "tb-languages", "aria-label": _("Language") });
  for (const [lang, name, href] of data.languages) {
    const other = asked ? `${href}?q=${encodeURIComponent(asked)}` : href;
    languages.append(make("a", name, { href: other, lang, hreflang: lang, class: "tb-language" }));
  }
  document.querySelector(".bd-search-container").prepend(languages);
  if (asked) {
    Search.performSearch(asked);
  } else {
    document.getElementById("search-results").append(
      questions(_("Look for a name in any spelling, a date, an article or a word, for example"), EXAMPLES, "."));
  }
  window.treatybookFind = find; // for the console, and for tests
})();
