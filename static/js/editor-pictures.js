"use strict";
// Pictures: chosen, pasted or dropped, each with the words that stand for it, which are asked for first.
(() => {
  const dialog = document.querySelector("dialog.picture");
  const editor = window.guideEditor;
  if (!dialog || !editor) return;

  const file = dialog.querySelector("input[type=file]");
  const alternative = dialog.querySelector("input[name=alternative]");
  const problem = dialog.querySelector("[role=alert]");
  const shown = dialog.querySelector("img");
  const KINDS = ["image/png", "image/jpeg", "image/webp"];

  function open(files) {
    problem.textContent = "";
    alternative.value = "";
    if (files) file.files = files;
    draw();
    dialog.showModal();
    (files ? alternative : file).focus();
  }

  function draw() {
    const chosen = file.files[0];
    shown.hidden = !chosen;
    if (!chosen) return;
    const reader = new FileReader();
    reader.addEventListener("load", () => { shown.src = reader.result; });
    reader.readAsDataURL(chosen);
  }

  async function send(event) {
    event.preventDefault();
    const body = new FormData();
    body.set("csrfmiddlewaretoken", editor.textarea.form.elements.csrfmiddlewaretoken.value);
    body.set("alternative", alternative.value);
    if (file.files[0]) body.set("picture", file.files[0]);
    if (editor.textarea.form.elements.parent) body.set("parent", editor.textarea.form.elements.parent.value);
    try {
      const response = await fetch(editor.textarea.dataset.pictureUrl, { method: "POST", body });
      const answer = await response.json();
      if (!response.ok) return void (problem.textContent = answer.problem);
      dialog.close();
      editor.insert(answer.markdown);
    } catch {
      problem.textContent = "没有传上去，请再试一次。";
    }
  }

  const pictures = (data) => [...(data?.files ?? [])].filter((one) => KINDS.includes(one.type)).length ? data.files : null;
  file.addEventListener("change", draw);
  dialog.querySelector("form").addEventListener("submit", send);
  dialog.querySelector("button.close").addEventListener("click", () => dialog.close());
  document.addEventListener("guide:picture", () => { file.value = ""; open(null); });
  for (const [name, from] of [["paste", "clipboardData"], ["drop", "dataTransfer"]]) {
    editor.cm.on(name, (cm, event) => {
      const files = pictures(event[from]);
      if (!files) return;
      event.preventDefault();
      if (name === "drop") cm.setCursor(cm.coordsChar({ left: event.pageX, top: event.pageY }));
      open(files);
    });
  }
})();
