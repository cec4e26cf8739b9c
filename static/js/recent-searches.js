// Recent searches, kept on this device only: shown under a box that is focused and empty; each can be removed, and all.
{
  const KEY = "recent-searches";
  const MOST = 8;

  function kept() {
    try {
      const rows = JSON.parse(localStorage.getItem(KEY) ?? "[]");
      return Array.isArray(rows) ? rows.filter((row) => typeof row === "string") : [];
    } catch {
      return [];
    }
  }

  function keep(rows) {
    try {
      if (rows.length) localStorage.setItem(KEY, JSON.stringify(rows.slice(0, MOST)));
      else localStorage.removeItem(KEY);
    } catch {
      // Nothing is kept where nothing may be.
    }
  }

  function remember(query) {
    if (query) keep([query, ...kept().filter((other) => other !== query)]);
  }

  function made(name, words, act) {
    const element = document.createElement(name);
    element.textContent = words;
    if (name === "button") element.type = "button";
    if (act) element.addEventListener("click", act);
    return element;
  }

  function offer(form) {
    const box = form.elements.q;
    const [title, clear, removal] = form.dataset.recent.split(" ");
    const panel = document.createElement("div");
    panel.className = "recent";
    panel.hidden = true;
    form.append(panel);

    function row(query) {
      const line = document.createElement("li");
      const link = made("a", query);
      link.href = `${form.getAttribute("action")}?${new URLSearchParams({ q: query })}`;
      const remove = made("button", "×", () => {
        const next = line.nextElementSibling ?? line.previousElementSibling;
        keep(kept().filter((other) => other !== query));
        // First the focus: it would be lost with the line, and the panel closes when it is.
        if (next) next.querySelector("a").focus();
        else close(true);
        line.remove();
      });
      remove.setAttribute("aria-label", `${removal}“${query}”`);
      line.append(link, remove);
      return line;
    }

    function open() {
      const rows = kept();
      panel.hidden = Boolean(box.value) || !rows.length;
      if (panel.hidden) return;
      const list = document.createElement("ul");
      list.append(...rows.map(row));
      const head = made("p", title);
      head.append(
        made("button", clear, () => {
          keep([]);
          close(true);
        }),
      );
      panel.replaceChildren(head, list);
    }

    function close(isBack) {
      panel.hidden = true;
      if (isBack) {
        box.focus();
        panel.hidden = true;
      }
    }

    function walk(event) {
      const stops = [box, ...panel.querySelectorAll("a")];
      const place = stops.indexOf(event.target.closest("li")?.querySelector("a") ?? event.target);
      const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
      if (panel.hidden || event.isComposing) return;
      if (event.key === "Escape") {
        event.preventDefault();
        close(true);
      } else if (step && stops[place + step]) {
        event.preventDefault();
        stops[place + step].focus();
      }
    }

    box.addEventListener("focus", open);
    box.addEventListener("click", open);
    box.addEventListener("input", open);
    form.addEventListener("keydown", walk);
    form.addEventListener("focusout", (event) => event.relatedTarget && form.contains(event.relatedTarget) ? null : close(false));
    panel.addEventListener("pointerdown", (event) => event.target.closest("button") && event.preventDefault());
    form.addEventListener("submit", () => remember(box.value.trim()));
  }

  document.querySelectorAll("form[data-recent]").forEach(offer);
  // A search that results settled on, or that a link led to.
  document.addEventListener("search:settled", (event) => remember(event.detail));
}
