// Suggestions under every search box, as a combobox: ↑ ↓ choose, Enter goes there, Esc closes. "/" leads to the box.
{
  const PAUSE = 120;
  const boxes = [...document.querySelectorAll("form[data-suggest]")].map(({ elements }) => elements.q);

  const isShown = (element) => element.getClientRects().length > 0;
  const keysAreOff = () => {
    try {
      return localStorage.getItem("keys") === "off";
    } catch {
      return false;
    }
  };

  function span(name, words) {
    const made = document.createElement("span");
    made.className = name;
    made.textContent = words;
    return made;
  }

  function drawn({ number, words, label, through, url }, id) {
    const option = document.createElement("li");
    option.setAttribute("role", "option");
    option.id = id;
    option.dataset.url = url;
    const title = span("words", words);
    if (through) title.append(span("soft", `（${through}）`));
    option.append(number ? span("num", number) : "", title, span("soft kind", label));
    return option;
  }

  function combine(box, place) {
    const list = document.createElement("ul");
    list.id = `suggestions-${place}`;
    list.className = "suggestions";
    list.hidden = true;
    list.setAttribute("role", "listbox");
    list.setAttribute("aria-label", box.getAttribute("aria-label"));
    // Where results change as one types, suggestions stand above them and cover nothing. There they stay when the box is
    // left: what lies under a finger must not move away.
    const strip = document.getElementById("suggestions");
    (strip ?? box.form).append(list);
    box.setAttribute("role", "combobox");
    box.setAttribute("aria-autocomplete", "list");
    box.setAttribute("aria-expanded", "false");
    box.setAttribute("aria-controls", list.id);
    box.autocomplete = "off";

    let timer, asking, chosen = -1, typed = box.defaultValue;

    function choose(next) {
      list.children[chosen]?.removeAttribute("aria-selected");
      chosen = next;
      const option = list.children[chosen];
      option?.setAttribute("aria-selected", "true");
      option?.scrollIntoView({ block: "nearest", inline: "nearest" });
      if (option) box.setAttribute("aria-activedescendant", option.id);
      else box.removeAttribute("aria-activedescendant");
    }

    const numberOf = (number) => [...list.children].findIndex((option) => option.querySelector(".num")?.textContent === number);

    function close() {
      clearTimeout(timer);
      asking?.abort();
      choose(-1);
      list.hidden = true;
      box.setAttribute("aria-expanded", "false");
    }

    async function ask() {
      asking?.abort();
      asking = new AbortController();
      const query = box.value.trim();
      if (!query) return close();
      try {
        const address = `${box.form.dataset.suggest}?${new URLSearchParams({ q: query })}`;
        const answer = await fetch(address, { signal: asking.signal });
        if (!answer.ok) return close();
        const { suggestions } = await answer.json();
        choose(-1);
        list.replaceChildren(...suggestions.map((row, number) => drawn(row, `${list.id}-${number}`)));
        list.hidden = !suggestions.length || (!strip && document.activeElement !== box);
        box.setAttribute("aria-expanded", String(!list.hidden));
      } catch (error) {
        if (error.name !== "AbortError") close();
      }
    }

    function wait() {
      if (box.value === typed) return;
      typed = box.value;
      clearTimeout(timer);
      timer = setTimeout(ask, PAUSE);
    }

    function go(option, event) {
      if (event.ctrlKey || event.metaKey) window.open(option.dataset.url);
      else location.assign(option.dataset.url);
    }

    const acts = {
      ArrowDown: () => (list.hidden ? ask() : choose((chosen + 2) % (list.children.length + 1) - 1)),
      ArrowUp: () => !list.hidden && choose((chosen + 1 + list.children.length) % (list.children.length + 1) - 1),
      Escape: close,
    };
    box.addEventListener("input", (event) => event.isComposing || wait());
    box.addEventListener("compositionend", wait);
    box.addEventListener("keydown", (event) => {
      if (event.isComposing) return;
      const numbered = box.value.trim();
      // The number of a section, typed whole, leads there at once.
      const place = chosen < 0 && /^\d+\.\d+$/.test(numbered) ? numberOf(numbered) : chosen;
      if (event.key === "Enter" && place >= 0) {
        event.preventDefault();
        go(list.children[place], event);
      } else if (Object.hasOwn(acts, event.key) && box.value && (!list.hidden || event.key === "ArrowDown")) {
        event.preventDefault();
        acts[event.key]();
      }
    });
    box.addEventListener("blur", () => (strip ? choose(-1) : close()));
    box.form.addEventListener("submit", close);
    list.addEventListener("pointerdown", (event) => event.preventDefault());
    list.addEventListener("click", (event) => {
      const option = event.target.closest("[role=option]");
      if (option) go(option, event);
    });
    if (document.activeElement === box) wait(); // for what was typed before the scripts came
  }

  boxes.forEach(combine);

  document.addEventListener("keydown", (event) => {
    if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey || event.isComposing || keysAreOff()) return;
    if (event.target.closest?.("input, textarea, select, [contenteditable]") || document.querySelector("dialog[open]")) return;
    const box = boxes.findLast(isShown);
    if (!box) return;
    event.preventDefault();
    box.focus();
    box.select();
  });
}
