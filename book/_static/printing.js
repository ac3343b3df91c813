// Makes a page ready for paper: light colours, data tables opened, figures as wide as the paper.
// Hints and answers stay as they are: whoever prints tasks for a class must not print the answers.
"use strict";
(() => {
  // CSS pixels inside the margins of A4, less a caption; a figure may shrink to LEAST of its size.
  const PAPER = { width: 680, height: 800 };
  const LEAST = 0.6;
  const root = document.documentElement;
  let undo = [];

  // Half of what a tall figure is too tall is taken from its rows, the rest by a smaller scale.
  function fit(plot) {
    const { offsetWidth, offsetHeight } = plot;
    const tall = PAPER.height / offsetHeight;
    let zoom = Math.min(1, PAPER.width / offsetWidth);
    if (tall < zoom) {
      zoom = Math.max(LEAST, Math.sqrt(tall));
      const before = plot.style.height;
      const size = (width, height) => {
        plot.style.height = `${height}px`;
        if (plot.dataset.drawn) window.Plotly.relayout(plot, { width, height });
      };
      size(PAPER.width / zoom, PAPER.height / zoom);
      undo.push(() => {
        size(offsetWidth, offsetHeight);
        plot.style.height = before;
        if (plot.dataset.drawn) window.Plotly.relayout(plot, { autosize: true });
      });
    }
    plot.style.zoom = zoom;
    undo.push(() => { plot.style.zoom = ""; });
    // The opacity of a whole mark would be printed as a picture, that of fill and line is not.
    for (const mark of plot.querySelectorAll("path")) {
      const { opacity, fillOpacity, strokeOpacity } = mark.style;
      if (opacity === "" || opacity === "1") continue;
      const times = (value) => (value === "" ? 1 : Number(value)) * Number(opacity);
      Object.assign(mark.style, { opacity: "", fillOpacity: times(fillOpacity), strokeOpacity: times(strokeOpacity) });
      undo.push(() => Object.assign(mark.style, { opacity, fillOpacity, strokeOpacity }));
    }
  }

  // A browser prints a pattern as a coarse picture: draw its lines one by one instead.
  const SVG = "http://www.w3.org/2000/svg";
  const LINE = /M([-\d.e]+),([-\d.e]+)([lL])([-\d.e]+),([-\d.e]+)/g;
  function hatch(mark, number) {
    const { fill } = mark.style;
    const pattern = document.getElementById((fill.match(/#([^")]+)/) || [])[1]);
    const line = pattern && pattern.querySelector("path");
    if (!line) return;
    const scale = Number((pattern.getAttribute("patternTransform").match(/[\d.]+/) || [1])[0]);
    const [wide, high] = ["width", "height"].map((side) => parseFloat(pattern.getAttribute(side)) * scale);
    const box = mark.getBBox();
    let lines = "";
    for (let x = Math.floor(box.x / wide) * wide; x < box.x + box.width; x += wide) {
      for (let y = Math.floor(box.y / high) * high; y < box.y + box.height; y += high) {
        for (const [, x1, y1, kind, x2, y2] of line.getAttribute("d").matchAll(LINE)) {
          const [startX, startY] = [x + x1 * scale, y + y1 * scale];
          const [endX, endY] = kind === "l" ? [startX + x2 * scale, startY + y2 * scale] : [x + x2 * scale, y + y2 * scale];
          lines += `M${startX},${startY}L${endX},${endY}`;
        }
      }
    }
    const group = document.createElementNS(SVG, "g");
    const clip = document.createElementNS(SVG, "clipPath");
    const shape = mark.cloneNode();
    clip.id = `tb-hatch-${number}`;
    shape.removeAttribute("style");
    clip.append(shape);
    const ground = pattern.querySelector("rect");
    const area = mark.cloneNode();
    area.style.fill = ground ? ground.getAttribute("fill") : "none";
    area.style.stroke = "none";
    const drawn = line.cloneNode();
    drawn.setAttribute("d", lines);
    drawn.setAttribute("stroke-width", parseFloat(line.getAttribute("stroke-width")) * scale);
    drawn.setAttribute("clip-path", `url(#${clip.id})`);
    group.append(clip, area, drawn);
    mark.before(group);
    mark.style.fill = "none";
    undo.push(() => { group.remove(); mark.style.fill = fill; });
  }

  function prepare() {
    const theme = root.dataset.theme;
    undo = [() => { root.dataset.theme = theme; }];
    root.dataset.theme = "light";
    for (const fold of document.querySelectorAll("details:is(.tb-data, .tb-more):not([open])")) {
      fold.open = true;
      undo.push(() => { fold.open = false; });
    }
    if (window.Plotly) window.tbDrawAll(); // what was not yet near the screen
    document.querySelectorAll(".tb-plot").forEach(fit);
    document.querySelectorAll(".tb-plot path[style*='url(']").forEach(hatch);
  }
  function restore() {
    undo.reverse().forEach((step) => step());
    undo = [];
  }
  window.addEventListener("beforeprint", prepare);
  window.addEventListener("afterprint", restore);

  // The page's print button can wait for the figures; the browser's own command cannot.
  const printNow = window.print.bind(window);
  window.print = () => window.tbDrawAll().catch((error) => console.error(error)).then(printNow);
})();
