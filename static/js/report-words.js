// Words that a reader selects in the text can be reported: a link beside them leads to the form, their paragraph chosen.
// It stands right behind the paragraph and Tab leads there from a selection made with keys; it moves nothing. Without script
// the form offers every paragraph.
{
  const BLOCKS = "p, li, tr, dt, dd, pre, summary";
  const OTHERS = "nav, form, .cases, .meta, .kind, .basis, .more-cases, .below-section, .told, .on-paper, .margin, .for-others";
  const REPORT = 'a[href*="/report/"]';
  const OPENING = 60;
  const LONGEST = 200;
  const main = document.getElementById("main");
  const links = main?.querySelectorAll(REPORT) ?? [];
  const link = document.createElement("a");
  link.className = "report-words";
  link.textContent = "报告这一段";
  let timer;
  let isDown = false;

  // The selection as far as it lies in the paragraph where it begins.
  function selected() {
    const selection = getSelection();
    if (selection.isCollapsed || !selection.rangeCount) return null;
    const range = selection.getRangeAt(0).cloneRange();
    const start = range.startContainer;
    const block = (start.closest ? start : start.parentElement).closest(BLOCKS);
    if (!block || !main.contains(block) || block.closest(OTHERS)) return null;
    if (!block.contains(range.endContainer)) range.setEndAfter(block.lastChild);
    const words = String(range).trim();
    return words ? { block, range, words } : null;
  }

  function lead({ block, range, words }) {
    const base = block.closest(".principle")?.querySelector(REPORT) ?? links[links.length - 1];
    const at = block.textContent.replace(/\s+/g, "").slice(0, OPENING);
    link.href = `${base.getAttribute("href")}?${new URLSearchParams({ at, words: words.slice(0, LONGEST) })}`;
    if (block.matches("tr")) block.closest("table").after(link);
    else if (block.matches("li, dd, dt")) block.append(link);
    else (block.closest("details:not([open])") ?? block).after(link);
    const line = [...range.getClientRects()].at(-1);
    // Below the handles that a finger draws the selection with.
    const gap = matchMedia("(pointer: coarse)").matches ? 28 : 6;
    link.style.translate = "0";
    const from = link.getBoundingClientRect();
    const left = Math.max(8, Math.min(line.right - from.width, document.documentElement.clientWidth - from.width - 8));
    const top = Math.min(line.bottom + gap, innerHeight - from.height - 8);
    link.style.translate = `${left - from.left}px ${top - from.top}px`;
  }

  function show() {
    if (isDown || document.activeElement === link) return;
    const found = selected();
    if (found) lead(found);
    else link.remove();
  }

  const later = () => {
    clearTimeout(timer);
    timer = setTimeout(show, 200);
  };

  if (links.length) {
    document.addEventListener("selectionchange", later);
    document.addEventListener("pointerdown", (event) => (isDown = event.target !== link));
    for (const end of ["pointerup", "pointercancel"]) {
      document.addEventListener(end, () => {
        isDown = false;
        later();
      });
    }
    link.addEventListener("blur", later);
    document.addEventListener("keydown", (event) => {
      if (!link.isConnected) return;
      if (event.key === "Escape") getSelection().removeAllRanges();
      // Not every browser begins from the selection.
      if (event.key === "Tab" && !event.shiftKey && [document.body, main].includes(document.activeElement)) {
        event.preventDefault();
        link.focus();
      }
    });
  }
}
