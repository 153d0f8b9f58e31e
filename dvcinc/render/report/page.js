"use strict";
// Themes, what is told of a node, and arrow keys. Without it all of the page is there.
const root = document.documentElement;
const graph = document.getElementById("graph");
const panel = document.getElementById("panel");
const nodes = graph ? [...graph.querySelectorAll("a")] : [];
root.classList.add("scripted");

document.getElementById("theme").addEventListener("click", () => {
  const dark = root.dataset.theme
    ? root.dataset.theme === "dark"
    : matchMedia("(prefers-color-scheme: dark)").matches;
  root.dataset.theme = dark ? "light" : "dark";
});

function told(link) {
  return document.getElementById(link.getAttribute("href").slice(1));
}

function show(node) {
  for (const other of nodes) {
    other.setAttribute("tabindex", other === node ? "0" : "-1");
    other.removeAttribute("aria-current");
  }
  node.setAttribute("aria-current", "true");
  const about = told(node);
  const heading = document.createElement("h3");
  heading.tabIndex = -1;
  heading.append(...about.querySelector("summary").cloneNode(true).childNodes);
  panel.replaceChildren(heading, about.querySelector("div").cloneNode(true));
  panel.scrollTop = 0;
}

function nodeOf(link) {
  const wanted = link.getAttribute("href");
  return nodes.find((node) => node.getAttribute("href") === wanted);
}

function place(node) {
  const box = node.getBoundingClientRect();
  return { x: box.x + box.width / 2, y: box.y + box.height / 2 };
}

// The nearest node in the next row above (-1) or below (1).
function beyond(node, way) {
  const here = place(node);
  const spots = nodes
    .map((other) => ({ other, ...place(other) }))
    .filter((spot) => (spot.y - here.y) * way > 5);
  const row = Math.min(...spots.map((spot) => (spot.y - here.y) * way));
  const near = spots.filter((spot) => (spot.y - here.y) * way < row + 5);
  near.sort((a, b) => Math.abs(a.x - here.x) - Math.abs(b.x - here.x));
  return near[0]?.other;
}

const keys = {
  ArrowRight: (at) => nodes[at + 1],
  ArrowLeft: (at) => nodes[at - 1],
  ArrowDown: (at) => beyond(nodes[at], 1),
  ArrowUp: (at) => beyond(nodes[at], -1),
  Home: () => nodes[0],
  End: () => nodes.at(-1),
};

graph?.addEventListener("keydown", (event) => {
  const at = nodes.indexOf(document.activeElement);
  const next = at >= 0 && !event.ctrlKey && !event.metaKey && keys[event.key]?.(at);
  if (next) {
    event.preventDefault();
    show(next);
    next.focus();
    next.scrollIntoView({ block: "nearest", inline: "nearest" });
  }
});

// Links in picture and panel show their model there; elsewhere they lead to the list.
for (const area of [graph, panel]) {
  area?.addEventListener("click", (event) => {
    const link = event.target.closest("a[href^='#']");
    const node = link && nodeOf(link);
    if (node) {
      event.preventDefault();
      show(node);
      node.scrollIntoView({ block: "nearest", inline: "nearest" });
      panel.querySelector("h3").focus();
    }
  });
}

function openTarget() {
  const target = document.getElementById(location.hash.slice(1));
  if (target instanceof HTMLDetailsElement) {
    target.open = true;
    target.scrollIntoView();
  }
}
addEventListener("hashchange", openTarget);
openTarget();

addEventListener("beforeprint", () => {
  for (const one of document.querySelectorAll("details")) one.open = true;
});

const first = graph?.querySelector(".now") ?? nodes[0];
if (first) show(first);
