// How a reader's words and dates are compared with the book's: one rule for the search page and for
// the field above each table. Nothing here needs look-behind in expressions, or storage.
"use strict";
window.tbFinding = (() => {
  // Traditional characters that names and titles of the book have, each with its simplified form.
  const SIMPLIFIED = "亞亚佔占倫伦傳传務务勳勋協协問问喬乔國国圖图孫孙寧宁寶宝專专庫库廢废張张慶庆懸悬換换於于書书會会東东條条構构樹树決决滿满濟济濱滨瀋沈為为烏乌爭争爾尔瑪玛畢毕籙箓約约維维綱纲網网羅罗聲声臺台與与蘇苏蘭兰裏里見见訂订託托評评話话認认諾诺謝谢識识議议買买賣卖車车軍军達达遠远鈞钧銳锐錕锟錚铮長长開开閥阀閱阅關关陳陈陽阳題题額额顏颜顧顾飛飞馬马馮冯鮑鲍";
  const simple = new Map(Array.from({ length: SIMPLIFIED.length / 2 }, (_, n) => [SIMPLIFIED[2 * n], SIMPLIFIED[2 * n + 1]]));

  // Without capitals, marks and signs: ü as u, ё as е, ө as о, ъ and ’ as nothing.
  const fold = (text) => text.toLowerCase().replaceAll("ө", "о").replaceAll("ү", "у").replaceAll("ı", "i")
    .normalize("NFD").replace(/\p{Mark}/gu, "").replace(/[ъь'’ʼʹʿ`]/g, "")
    .replace(/\p{Script=Han}/gu, (sign) => simple.get(sign) || sign);
  const split = (text) => fold(text).split(/[^\p{L}\p{N}]+/u).filter(Boolean);
  const plain = (text) => split(text).join(" ");

  /* ---- dates as people write them, in English, Russian and Mongolian ---- */

  const MONTHS = ["january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november", "december"];
  // Russian month names without their endings, as fold() leaves them.
  const RUSSIAN = ["январ", "феврал", "март", "апрел", "ма", "июн", "июл", "август", "сентябр", "октябр", "ноябр", "декабр"];
  const ROMAN = ["i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x", "xi", "xii"];
  const monthNumber = (word) => {
    if (word.length < 3) return 0;
    const english = MONTHS.findIndex((month) => month.startsWith(word) || word === "sept" && month === "september");
    const russian = RUSSIAN.findIndex((stem) => (stem === "ма" ? /^ма[ия]$/.test(word) : word.startsWith(stem.slice(0, 3)) && (stem.startsWith(word) || (word.startsWith(stem) && word.length <= stem.length + 2))));
    return Math.max(english, russian) + 1;
  };
  const roman = (word) => ROMAN.indexOf(word) + 1;
  const YEAR = "(1[89]\\d\\d)(?:\\s*(?:г|год|года|году)(?!\\p{L}))?";
  const DAY = "(\\d\\d?)(?:st|nd|rd|th|-?го|-?е)?";
  const WORD = "(\\p{L}+)\\.?";
  const NTH = "(?:-?\\s*(?:р|дугаар|дугээр))?";
  // Each form with the readings that it allows, as year, month and day; two where a reader must choose.
  const FORMS = [
    [`${YEAR}\\s*[-./]\\s*(\\d\\d?)\\s*[-./]\\s*(\\d\\d?)`, (y, m, d) => [[y, m, d]]],
    [`(\\d\\d?)\\s*[-./ ]\\s*([ivx]+)\\s*[-./ ]\\s*${YEAR}`, (d, m, y) => [[y, roman(m), d]]],
    [`(\\d\\d?)\\s*([-./])\\s*(\\d\\d?)\\s*[-./]\\s*${YEAR}`, (one, sign, other, y) => {
      const dayFirst = [y, other, one], monthFirst = [y, one, other];
      if (one > 12) return [dayFirst];
      if (other > 12) return [monthFirst];
      // With points the day comes first wherever people write so; with strokes nobody can tell.
      return sign === "." || one === other ? [dayFirst] : [dayFirst, monthFirst];
    }],
    [`${YEAR}\\s*он\\p{L}*\\s+(\\d\\d?)${NTH}\\s+сар\\p{L}*\\s+(\\d\\d?)`, (y, m, d) => [[y, m, d]]],
    [`${YEAR}\\s*он\\p{L}*\\s+(\\d\\d?)${NTH}\\s+сар\\p{L}*`, (y, m) => [[y, m]]],
    [`${DAY}\\s+(?:of\\s+)?${WORD},?\\s+${YEAR}`, (d, m, y) => [[y, monthNumber(m), d]]],
    [`${WORD}\\s+${DAY},?\\s+${YEAR}`, (m, d, y) => [[y, monthNumber(m), d]]],
    [`${YEAR},?\\s+${WORD}\\s+${DAY}`, (y, m, d) => [[y, monthNumber(m), d]]],
    [`${WORD},?\\s+(?:of\\s+)?${YEAR}`, (m, y) => [[y, monthNumber(m)]]],
    [`${YEAR},?\\s+${WORD}`, (y, m) => [[y, monthNumber(m)]]],
    [`([ivx]+)\\s*[-./]\\s*${YEAR}`, (m, y) => [[y, roman(m)]]],
    [`(\\d\\d?)\\s*[-./]\\s*${YEAR}`, (m, y) => [[y, m]]],
    [`${YEAR}\\s*[-./]\\s*(\\d\\d?)`, (y, m) => [[y, m]]],
    [`${DAY}\\s+(?:of\\s+)?${WORD}`, (d, m) => [["", monthNumber(m), d]]],
    [`${WORD}\\s+${DAY}`, (m, d) => [["", monthNumber(m), d]]],
    [`${YEAR}(?:\\s*он\\p{L}*)?`, (y) => [[y]]],
  ].map(([form, read]) => [new RegExp(`(?:^|[^\\p{L}\\d])${form}(?![\\p{L}\\d])`, "u"), read]);
  // Mongolian numerals of the months, as fold() leaves them: "гуравдугаар" is 3.
  const NUMERALS = ["нэг", "хоер", "гурав", "доров", "тав", "зурга", "дол", "наим", "ес", "арав"];
  const NUMERAL = new RegExp(`(^|[^\\p{L}])(арван\\s*)?(${NUMERALS.join("|")})[ао]*дуг(?:аар|ээр)`, "gu");
  const inDigits = (text) => text.replace(NUMERAL, (_, before, ten, word) => `${before}${NUMERALS.indexOf(word) + 1 + (ten ? 10 : 0)}`);
  const SMALL = new Set("a at in of on the to в во г года году на от по с со ны нии ни одор одр".split(" "));

  const two = (number) => String(number).padStart(2, "0");
  const lastDay = (year, month) => new Date(Date.UTC(year, month, 0)).getUTCDate();
  const dated = ([year, month, day]) => {
    if (month !== undefined && !(month >= 1 && month <= 12)) return null;
    if (day !== undefined && !(day >= 1 && day <= (year ? lastDay(year, month) : 31))) return null;
    if (!year) return { ending: `-${two(month)}-${two(day)}` };
    return { first: `${year}-${two(month || 1)}-${two(day || 1)}`, last: `${year}-${two(month || 12)}-${two(day || lastDay(year, month || 12))}` };
  };
  // The dates that a query can mean, and the words beside them; null if it names none.
  const readDates = (query) => {
    const text = inDigits(fold(query));
    for (const [form, read] of FORMS) {
      const found = text.match(form);
      const dates = found ? read(...found.slice(1)).map(dated).filter(Boolean) : [];
      if (!dates.length) continue;
      return { dates, rest: split(text.replace(found[0], " ")).filter((word) => !SMALL.has(word)) };
    }
    return null;
  };
  const days = (first, last) => (Date.parse(last) - Date.parse(first)) / 864e5 + 1;
  const LONGEST_SPAN = 92; // days; a longer span says too little of a day within it
  // How well a span of days fits a date; 0 for not at all.
  const fits = (date, [first, last]) => {
    if (date.ending) return first === last && first.endsWith(date.ending) ? 60 : 0;
    if (first === date.first && last === date.last && days(first, last) < 32) return 100;
    if (date.first <= first && last <= date.last) return 60;
    return first <= date.last && date.first <= last && days(first, last) <= LONGEST_SPAN ? 20 : 0;
  };
  const inWords = ({ first, last }) => {
    const [year, month, day] = first.split("-").map(Number);
    const form = { ...(first === last && { day: "numeric" }), month: "long", year: "numeric", timeZone: "UTC" };
    return new Intl.DateTimeFormat(document.documentElement.lang.replace(/^en$/, "en-GB"), form).format(Date.UTC(year, month - 1, day));
  };

  /* ---- one thing under all its names ---- */

  // "case D-01" and "claim C086" are asked for as the book prints them.
  // An ordinal asks for its number: "12-я статья".
  const asAsked = (query) => query.replace(/(\d+)-?(?:я|й|ая|ый|го|st|nd|rd|th)(?!\p{L})/giu, "$1").replace(/^\s*(?:case|claim|statement|check|source|event|случай)\s+(?=\p{L}{1,3}-?\d+\s*$)/iu, "");
  // The words of a query, and once more for each other name of the people, places and texts in it.
  const otherwise = (words, groups) => {
    const joined = ` ${words.join(" ")} `, made = new Set();
    for (const forms of groups) {
      const meant = forms.filter((form) => joined.includes(` ${form} `)).sort((one, other) => other.length - one.length)[0];
      if (!meant) continue;
      for (const form of forms) if (form !== meant) made.add(joined.replace(` ${meant} `, ` ${form} `).trim());
    }
    return [...made].map((text) => text.split(" "));
  };
  const groupsOf = (names) => names.map((forms) => [...new Set(forms.map(plain))].filter((form) => form.length > 1));

  return { fold, split, plain, readDates, fits, inWords, otherwise, asAsked, groupsOf };
})();
