"use strict";
(() => {
  const details = document.querySelector("#TOC details");
  // Narrow screens begin with the contents folded; on wide ones they stand beside the text.
  if (matchMedia("(max-width: 63.99em)").matches) details.open = false;
  const links = new Map([...document.querySelectorAll("#TOC a[href^='#']")].map(
    (link) => [decodeURIComponent(link.hash.slice(1)), link]));
  const sections = [...links.keys()].map((id) => document.getElementById(id)).filter(Boolean);
  let current = null;
  const mark = () => {
    const line = innerHeight * 0.2;
    const passed = sections.filter((section) => section.getBoundingClientRect().top <= line);
    const next = links.get((passed.at(-1) ?? sections[0])?.id);
    if (next === current) return;
    current?.removeAttribute("aria-current");
    current = next;
    current?.setAttribute("aria-current", "true");
    const list = document.getElementById("TOC");
    if (current && list.scrollHeight > list.clientHeight) list.scrollTop = current.offsetTop - list.clientHeight / 2;
  };
  let waiting = false;
  addEventListener("scroll", () => {
    if (waiting) return;
    waiting = true;
    requestAnimationFrame(() => { waiting = false; mark(); });
  }, { passive: true });
  mark();
  // What is folded on screen is printed.
  addEventListener("beforeprint", () => document.querySelectorAll("details").forEach((item) => { item.open = true; }));
})();
