"use strict";
// Pickers: find a page, principle, term, provision, phrase or local value as one types, and put its mark into the text.
(() => {
  const dialog = document.querySelector("dialog.picker");
  const editor = window.guideEditor;
  if (!dialog || !editor) return;

  const OPENERS = { "[[": "page", "[@": "provision", "{{": "local" };
  const asked = dialog.querySelector("input.find");
  const found = dialog.querySelector("[role=listbox]");
  const kinds = [...dialog.querySelectorAll("input[name=picker-kind]")];
  let typed = 0, timer = 0, asking = null;

  function open(kind, characters = 0) {
    typed = characters;
    choose(kind);
    asked.value = editor.cm.getSelection().split("\n")[0].slice(0, 40);
    dialog.showModal();
    asked.focus();
    look();
  }

  const choose = (kind) => kinds.forEach((radio) => { radio.checked = radio.value === kind; });

  async function look() {
    asking?.abort();
    asking = new AbortController();
    const query = new URLSearchParams({ kind: kinds.find((radio) => radio.checked)?.value ?? "page", q: asked.value });
    try {
      const response = await fetch(`${editor.textarea.dataset.pickUrl}?${query}`, { signal: asking.signal });
      const { picks } = await response.json();
      found.replaceChildren(...picks.map(option));
      dialog.querySelector(".none").hidden = picks.length > 0;
      mark(found.firstElementChild);
    } catch (error) {
      if (error.name !== "AbortError") found.replaceChildren();
    }
  }

  function option(pick, place) {
    const row = document.createElement("li");
    row.role = "option";
    row.id = `pick-${place}`;
    row.dataset.mark = pick.mark;
    const label = document.createElement("b");
    label.textContent = pick.label;
    const detail = document.createElement("small");
    detail.textContent = pick.detail;
    const code = document.createElement("code");
    code.textContent = pick.mark;
    row.append(label, detail, code);
    row.addEventListener("click", () => take(row));
    return row;
  }

  function mark(row) {
    found.querySelector("[aria-selected=true]")?.removeAttribute("aria-selected");
    row?.setAttribute("aria-selected", "true");
    row?.scrollIntoView({ block: "nearest" });
    asked.setAttribute("aria-activedescendant", row?.id ?? "");
  }

  function take(row) {
    dialog.close("taken");
    editor.insert(row.dataset.mark, typed);
  }

  asked.addEventListener("input", () => { clearTimeout(timer); timer = setTimeout(look, 150); });
  kinds.forEach((radio) => radio.addEventListener("change", look));
  asked.addEventListener("keydown", (event) => {
    const now = found.querySelector("[aria-selected=true]");
    if (event.key === "ArrowDown") mark(now?.nextElementSibling ?? found.firstElementChild);
    else if (event.key === "ArrowUp") mark(now?.previousElementSibling ?? found.lastElementChild);
    else if (event.key === "Enter" && now) take(now);
    else return;
    event.preventDefault();
  });
  dialog.querySelector("button.close").addEventListener("click", () => dialog.close());
  dialog.addEventListener("close", () => editor.cm.focus());
  document.addEventListener("guide:pick", (event) => open(event.detail.kind));

  // Typing the beginning of a mark opens its picker; Escape leaves what was typed.
  editor.cm.on("inputRead", (cm, change) => {
    if (change.origin !== "+input") return;
    const { line, ch } = cm.getCursor();
    const kind = OPENERS[cm.getRange({ line, ch: ch - 2 }, { line, ch })];
    if (kind) open(kind, 2);
  });
})();
