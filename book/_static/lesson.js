// A lesson is done one step at a time; what was answered stays on this device and is told at the end.
// Without this script the page is a worksheet, complete, with folded answers.
"use strict";
(() => {
  const make = (tag, words, properties = {}) => Object.assign(document.createElement(tag), { textContent: words, ...properties });
  const page = location.pathname.split("/").pop().replace(/\.html$/, "");
  const key = `tb-lesson-${page}`;

  // Storage can be missing or refused: then the lesson is remembered as long as the page is open.
  let kept = { step: 0, fields: {}, checked: {} };
  try {
    kept = { ...kept, ...JSON.parse(localStorage.getItem(key) || "{}") };
  } catch { /* begun anew */ }
  function keep() {
    try {
      localStorage.setItem(key, JSON.stringify(kept));
    } catch { /* not kept */ }
  }

  function start() {
    const parts = [...document.querySelectorAll(".tb-step")].map((part) => part.closest("section"));
    if (!parts.length) return;
    const whole = parts[0].parentElement;
    const intro = [...whole.children].filter((child) => !child.matches("h1, section, nav") && child.compareDocumentPosition(parts[0]) & Node.DOCUMENT_POSITION_FOLLOWING);
    const titles = parts.map((part) => part.querySelector("h2").firstChild.textContent.trim());
    const end = make("section", "", { id: "lesson-end", className: "tb-end" });
    parts.at(-1).after(end);

    // The way through: where the reader stands, back and on.
    const way = make("nav", "", { className: "tb-steps d-print-none" });
    way.setAttribute("aria-label", _("Steps of the lesson"));
    const back = make("button", _("Back"), { type: "button" });
    const place = make("span", "", { className: "tb-place" });
    place.setAttribute("role", "status");
    const on = make("button", _("Next step"), { type: "button" });
    way.append(back, place, on);
    end.after(way);

    function show(step, moved = true) {
      kept.step = Math.min(Math.max(step, 0), parts.length);
      const all = [...parts, end];
      all.forEach((part, number) => { part.hidden = number !== kept.step; });
      intro.forEach((part) => { part.hidden = kept.step > 0; });
      back.disabled = kept.step === 0;
      on.hidden = kept.step === parts.length;
      // In brackets stands which word is meant: tables have another summary.
      on.textContent = kept.step === parts.length - 1 ? _("Summary (of the lesson)").replace(/ \(.*/, "") : _("Next step");
      place.textContent = kept.step < parts.length ? _("Step {n} of {all}").replace("{n}", kept.step + 1).replace("{all}", parts.length) : _("The end");
      // The theme lets keys reach what scrolls sideways; of what was hidden it could not tell.
      window.dispatchEvent(new Event("resize"));
      document.documentElement.classList.toggle("tb-ended", kept.step === parts.length);
      if (kept.step === parts.length) tell();
      recall();
      // A page that was only opened writes nothing: what could not be read may still be there.
      if (!moved) return;
      keep();
      const head = all[kept.step].querySelector("h2");
      head.tabIndex = -1;
      head.focus({ preventScroll: true });
      (kept.step ? head : whole).scrollIntoView();
    }
    back.addEventListener("click", () => show(kept.step - 1));
    on.addEventListener("click", () => show(kept.step + 1));

    // Answers: kept as they are given, and checked again when the reader comes back.
    const fields = parts.flatMap((part) => [...part.querySelectorAll(".tb-step :is(input, select, textarea)")]);
    fields.forEach((field, number) => {
      const ticks = ["radio", "checkbox"].includes(field.type);
      const said = kept.fields[number];
      if (said !== undefined) field[ticks ? "checked" : "value"] = said;
      field.addEventListener("input", () => {
        // Of a group only the last choice counts.
        if (field.type === "radio") fields.forEach((other, n) => { if (other.name === field.name) kept.fields[n] = false; });
        kept.fields[number] = ticks ? field.checked : field.value;
        keep();
      });
    });
    const forms = parts.flatMap((part) => [...part.querySelectorAll(".tb-step form")]);
    forms.forEach((form) => {
      const fold = form.matches(".tb-write") ? form.parentElement.querySelector(".tb-model") : [...form.querySelectorAll("details")].at(-1);
      if (fold) fold.hidden = true;
      form.addEventListener("submit", (event) => {
        event.preventDefault();
        const output = form.querySelector("output");
        const written = form.querySelector("textarea");
        if (written) output.textContent = written.value.trim() ? _("Set your words beside the model.") : _("Write your own words first.");
        const given = written ? written.value.trim() : output.textContent !== _("Give an answer first.");
        if (fold && given) fold.hidden = false;
        if (written && given) fold.open = true;
        if (given) kept.checked[form.id] = true;
        keep();
      });
      if (kept.checked[form.id]) form.requestSubmit();
    });

    // Each question with what was answered: to be looked at again, and at the end to print or to copy.
    function answered(form) {
      const written = form.querySelector("textarea");
      if (written) {
        const asked = document.getElementById(written.getAttribute("aria-describedby"));
        return [asked.textContent.trim(), written.value.trim(), ""];
      }
      const chosen = form.querySelector("input:checked, select, input[type=text]");
      // Of a long reply the first sentence; "not yet" would leave a reader alone at the end.
      let said = kept.checked[form.id] ? form.querySelector("output").textContent.match(/^.*?[.!?](?= |$)/)?.[0] ?? "" : "";
      if (said === _("Not yet.")) said = _("The answer: {answer}").replace("{answer}", JSON.parse(form.dataset.quiz).answer);
      // The first part of the question is its kind, which a lesson does not show.
      const asked = [...form.querySelector("legend").childNodes].slice(1).map((part) => part.textContent).join("");
      return [asked.trim(), chosen ? chosen.value : "", said];
    }
    function recall() {
      for (const place of document.querySelectorAll(".tb-recall")) {
        const lines = place.dataset.of.split(" ").map((id) => {
          const [asked, given, said] = answered(document.getElementById(id));
          if (!given) return "";
          if (id.startsWith("write-")) return _("You wrote: {words}").replace("{words}", given);
          const told = _("You said: {answer}.").replace("{answer}", given);
          return `${asked} ${told} ${said}`;
        });
        place.textContent = lines.filter((line) => line).join("\n\n");
        place.hidden = !place.textContent;
      }
    }
    function tell() {
      const list = make("dl", "");
      let text = `${document.querySelector("h1").firstChild.textContent.trim()}\n`;
      parts.forEach((part, number) => {
        list.append(make("dt", `${number + 1}. ${titles[number]}`));
        text += `\n${number + 1}. ${titles[number]}\n`;
        for (const form of part.querySelectorAll(".tb-step form")) {
          const [asked, given, said] = answered(form);
          const told = make("dd", "");
          told.append(make("p", asked), make("p", given || _("not answered"), { className: given ? "tb-given" : "" }));
          if (said) told.append(make("p", said, { className: "tb-said" }));
          list.append(told);
          text += `${asked}\n> ${given || _("not answered")}\n${said ? `${said}\n` : ""}`;
        }
      });
      const print = make("button", _("Print"), { type: "button" });
      print.addEventListener("click", () => window.print());
      const copy = make("button", _("Copy as text"), { type: "button" });
      const done = make("output", "");
      copy.addEventListener("click", async () => {
        try {
          await navigator.clipboard.writeText(text);
          done.textContent = _("Copied.");
        } catch {
          // A page from a folder may not copy: the text is there to be marked and copied by hand.
          const area = make("textarea", text, { rows: 12, readOnly: true });
          area.setAttribute("aria-label", _("My answers as text"));
          done.replaceChildren(area);
          area.select();
        }
      });
      const anew = make("button", _("Begin anew"), { type: "button" });
      anew.addEventListener("click", () => {
        if (!confirm(_("Delete all your answers?"))) return;
        kept = { step: 0, fields: {}, checked: {} };
        keep();
        location.hash = "";
        location.reload();
      });
      const tools = make("p", "", { className: "tb-tools" });
      tools.append(print, copy, anew);
      end.replaceChildren(make("h2", _("What I answered")), make("p", _("You have come to the end. This is what you answered; it stays on your device, and nobody else sees it.")), list, tools, done);
    }

    // An address that names something within a step opens that step.
    function follow() {
      const target = location.hash && document.getElementById(decodeURIComponent(location.hash.slice(1)));
      const number = target ? parts.findIndex((part) => part.contains(target)) : -1;
      if (number >= 0) show(number);
    }
    document.documentElement.classList.add("tb-stepwise");
    show(kept.step, false);
    follow();
    window.addEventListener("hashchange", follow);
    // On paper stands the whole lesson.
    window.addEventListener("beforeprint", () => { [...parts, ...intro].forEach((part) => { part.hidden = false; }); tell(); end.hidden = false; });
    window.addEventListener("afterprint", () => show(kept.step, false));
  }
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start);
  else start();
})();
