// The words of the search that led here, marked on the page until Esc or the button takes the marks away.
{
  const KEY = "search-marks";
  const FRESH = 60_000; // a link opened in another tab may wait a while
  const SKIPPED = "nav, script, style, template, button, textarea, .marks-bar";

  // Handed over once by the results, with the words for the bar; a reload, and coming back, find them again in this tab.
  function handed() {
    try {
      const given = JSON.parse(localStorage.getItem(KEY) ?? "null");
      if (given?.path === location.pathname && Date.now() - given.at < FRESH) {
        localStorage.removeItem(KEY);
        sessionStorage.setItem(KEY + location.pathname, JSON.stringify(given));
        return given;
      }
      const isAgain = performance.getEntriesByType("navigation")[0]?.type !== "navigate";
      return isAgain ? JSON.parse(sessionStorage.getItem(KEY + location.pathname) ?? "null") : null;
    } catch {
      return null;
    }
  }

  function made(name, words, style) {
    const element = document.createElement(name);
    element.className = style;
    element.textContent = words;
    return element;
  }

  function barOf(count, [label, before, behind, next, remove]) {
    const bar = made("div", "", "marks-bar");
    bar.setAttribute("role", "region");
    bar.setAttribute("aria-label", label);
    const told = made("span", `${before} `, "");
    told.append(made("b", count, ""), ` ${behind}`);
    bar.append(told, made("button", next, "next plain"), made("button", remove, "remove plain"));
    return bar;
  }

  // The text of `root` as one string, lower case, with the nodes that it came from.
  function textOf(root) {
    const accept = (node) => (node.parentElement.closest(SKIPPED) ? NodeFilter.FILTER_REJECT : NodeFilter.FILTER_ACCEPT);
    const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT, accept);
    const nodes = [];
    let text = "";
    while (walker.nextNode()) {
      nodes.push({ node: walker.currentNode, start: text.length });
      text += walker.currentNode.data.toLowerCase();
    }
    return { text, nodes };
  }

  function rangesOf(root, words) {
    const { text, nodes } = textOf(root);
    const escaped = [...words].sort((a, b) => b.length - a.length).map((word) => word.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
    const ranges = [];
    let place = 0;
    for (const { 0: word, index } of text.matchAll(new RegExp(escaped.join("|"), "g"))) {
      while (nodes[place + 1]?.start <= index) place += 1;
      let last = place;
      while (nodes[last + 1]?.start < index + word.length) last += 1;
      const range = new Range();
      range.setStart(nodes[place].node, index - nodes[place].start);
      range.setEnd(nodes[last].node, index + word.length - nodes[last].start);
      ranges.push(range);
    }
    return ranges;
  }

  // With the Highlight API the page itself stays as it is; elsewhere each word that lies in one node is wrapped.
  function paint(ranges) {
    if (globalThis.Highlight && CSS.highlights) {
      CSS.highlights.set("found", new Highlight(...ranges));
      return { places: ranges, remove: () => ["found", "found-now"].forEach((name) => CSS.highlights.delete(name)) };
    }
    const places = ranges.filter((range) => range.startContainer === range.endContainer).reverse().map((range) => {
      const mark = document.createElement("mark");
      range.surroundContents(mark);
      return mark;
    });
    const remove = () => places.forEach((mark) => {
      const parent = mark.parentNode;
      mark.replaceWith(...mark.childNodes);
      parent.normalize();
    });
    return { places: places.reverse(), remove };
  }

  function show(painted, bar) {
    let at = -1;
    function next() {
      at = (at + 1) % painted.places.length;
      const place = painted.places[at];
      if (place instanceof Range && CSS.highlights) CSS.highlights.set("found-now", new Highlight(place));
      (place.startContainer?.parentElement ?? place).scrollIntoView({ block: "center" });
    }
    function remove() {
      painted.remove();
      bar.remove();
      document.removeEventListener("keydown", onKey);
      try {
        sessionStorage.removeItem(KEY + location.pathname);
      } catch {
        // It goes with the tab.
      }
    }
    function onKey(event) {
      if (event.key === "Escape" && !event.defaultPrevented && !document.querySelector("dialog[open], :popover-open")) remove();
    }
    bar.querySelector(".next").addEventListener("click", next);
    bar.querySelector(".remove").addEventListener("click", remove);
    document.addEventListener("keydown", onKey);
    document.body.append(bar);
  }

  const { words = [], labels } = handed() ?? {};
  const main = document.getElementById("main");
  if (words.length && main) {
    const painted = paint(rangesOf(main, words));
    if (painted.places.length) show(painted, barOf(painted.places.length, labels));
  }
}
