// Turns a page of slides into a show on a wide screen. Without it, and on a phone, the slides
// stand one under another. It runs before treatybook.js, which draws the figures.
"use strict";
(() => {
  const WIDE = 800; // CSS pixels; a narrower window reads the slides as a page
  // The view of the speaker shows the slides once more, in small frames.
  const speaker = new URLSearchParams(location.search).has("receiver");
  if (window.innerWidth < WIDE && !speaker) return;

  // An answer is folded on the page; in the show it waits for its turn instead.
  for (const answer of document.querySelectorAll(".fragment details")) answer.open = true;

  document.documentElement.classList.add("tb-show");
  document.querySelector(".tb-deck").classList.add("reveal");
  // A slider keeps the arrow keys for itself. Who moved it by mouse wants the next slide with them.
  document.addEventListener("pointerup", ({ target }) => {
    if (target.closest(".tb-player, .tb-buttons")) setTimeout(() => document.activeElement.blur());
  });
  const presses = (event) => [" ", "Enter"].includes(event.key) && event.target.closest("a, button, summary");
  window.Reveal.initialize({
    width: 1280,
    height: 720,
    margin: 0,
    center: false,
    display: "flex",
    hash: true,
    slideNumber: "c/t",
    controlsTutorial: false,
    transition: "none",
    viewDistance: 1,
    scrollActivationWidth: null,
    keyboardCondition: (event) => !presses(event),
    plugins: [window.RevealNotes],
  });
})();
