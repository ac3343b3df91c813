// Makes a page ready for paper: light colours, and data tables opened.
// Hints and answers stay as they are: whoever prints tasks for a class must not print the answers.
"use strict";
(() => {
  const root = document.documentElement;
  let undo = [];

  function prepare() {
    const theme = root.dataset.theme;
    undo = [() => { root.dataset.theme = theme; }];
    root.dataset.theme = "light";
    for (const fold of document.querySelectorAll("details:is(.tb-data, .tb-more):not([open])")) {
      fold.open = true;
      undo.push(() => { fold.open = false; });
    }
  }
  function restore() {
    undo.reverse().forEach((step) => step());
    undo = [];
  }
  window.addEventListener("beforeprint", prepare);
  window.addEventListener("afterprint", restore);
})();
