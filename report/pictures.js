"use strict";
// A tooltip for the marks of the pictures: what a mark says, where it is pointed at or reached by keyboard.
(() => {
  const tip = document.createElement("div");
  tip.className = "picture-tip";
  tip.hidden = true;
  tip.setAttribute("aria-hidden", "true"); // the link's own label is read out already
  document.body.append(tip);
  let current = null;
  // Browsers would show a picture's title over these; it names the picture from among its definitions too.
  for (const title of document.querySelectorAll(".inline-svg > title")) {
    const kept = document.createElementNS(title.namespaceURI, "defs");
    title.replaceWith(kept);
    kept.append(title);
  }

  const marked = (target) => {
    const found = target.closest?.(".inline-svg [aria-label], .inline-svg [data-label]");
    return found && found.localName !== "svg" ? found : null;
  };
  const place = () => {
    const box = current.getBoundingClientRect();
    const page = document.documentElement;
    tip.style.left = tip.style.top = "0";
    const left = Math.min(box.left + (box.width - tip.offsetWidth) / 2, page.clientWidth - tip.offsetWidth - 8);
    const above = box.top - tip.offsetHeight - 8;
    const top = above >= 8 ? above : Math.min(box.bottom + 8, page.clientHeight - tip.offsetHeight - 8);
    tip.style.left = `${Math.max(left, 8)}px`;
    tip.style.top = `${Math.max(top, 8)}px`;
  };
  const show = (element) => {
    current = element;
    tip.hidden = !element;
    if (!element) return;
    tip.textContent = element.getAttribute("aria-label") || element.getAttribute("data-label");
    place();
  };
  document.addEventListener("pointerover", (event) => show(marked(event.target)));
  document.addEventListener("focusin", (event) => show(marked(event.target)));
  document.addEventListener("focusout", () => show(null));
  document.addEventListener("keydown", (event) => { if (event.key === "Escape") show(null); });
  document.addEventListener("scroll", () => { if (current) place(); }, { capture: true, passive: true });
})();
