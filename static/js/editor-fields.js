"use strict";
// Fields and table beside the text: a change in them is written into the text at once, by the server.
(() => {
  const editor = window.guideEditor;
  if (!editor || !editor.textarea.dataset.fieldsUrl || !document.querySelector(".fields, .links")) return;
  const form = editor.textarea.form;

  // Only the lines that differ are exchanged, so that cursor and undo stay with what was typed.
  function put(text) {
    const old = editor.cm.getValue();
    if (old === text) return;
    const before = old.split("\n"), after = text.split("\n");
    let top = 0, end = 0;
    while (top < before.length && before[top] === after[top]) top++;
    while (end < Math.min(before.length, after.length) - top && before.at(-1 - end) === after.at(-1 - end)) end++;
    const lines = after.slice(top, after.length - end);
    const from = { line: top, ch: 0 }, to = { line: before.length - end, ch: 0 };
    editor.cm.replaceRange(lines.length ? `${lines.join("\n")}\n` : "", from, to, "fields");
  }

  async function write(event) {
    if (!event.target.closest(".fields, .links") || !event.target.name) return;
    try {
      const response = await fetch(editor.textarea.dataset.fieldsUrl, { method: "POST", body: new FormData(form) });
      if (!response.ok || response.redirected) return;
      const { text, head, links } = await response.json();
      put(text);
      if (form.elements["head-seen"]) form.elements["head-seen"].value = head;
      if (form.elements["links-seen"]) form.elements["links-seen"].value = links;
    } catch {
      // Saving puts them in all the same.
    }
  }

  form.addEventListener("change", write);

  // What was changed in the text shows in the fields, but for one that is being typed in.
  document.addEventListener("guide:head", (event) => {
    const fields = document.querySelector(".fields");
    if (!fields || fields.contains(document.activeElement)) return;
    for (const [name, value] of Object.entries(JSON.parse(event.detail.head))) {
      for (const input of fields.querySelectorAll(`[name="head-${name}"]`)) {
        if (input.type === "checkbox") input.checked = value.includes(input.value);
        else input.value = value;
      }
    }
    form.elements["head-seen"].value = event.detail.head;
  });
})();
