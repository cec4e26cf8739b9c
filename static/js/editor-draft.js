"use strict";
// Keeps the draft: what is written goes to the server a few seconds after the last key, and nothing is lost on leaving.
(() => {
  const textarea = document.querySelector("textarea.guide-editor");
  const state = document.querySelector("#draft-state");
  if (!textarea || !state || !textarea.dataset.draftUrl) return;

  const PAUSE = 4000; // milliseconds without typing
  const form = textarea.form;
  let timer = 0, isDirty = false, isSending = false, isStuck = false;

  function touch() {
    isDirty = true;
    if (isStuck) return;
    state.textContent = "有改动，还没有保存";
    clearTimeout(timer);
    timer = setTimeout(keep, PAUSE);
  }

  async function keep() {
    clearTimeout(timer);
    if (!isDirty || isSending) return;
    isSending = true;
    isDirty = false;
    try {
      const response = await fetch(textarea.dataset.draftUrl, { method: "POST", body: new FormData(form) });
      if (response.redirected) throw new Error("signed out");
      const answer = await response.json();
      state.textContent = answer.state;
      if (answer.base !== undefined) form.elements.base.value = answer.base;
      isStuck = !response.ok;
      isDirty ||= isStuck;
    } catch {
      isDirty = true;
      state.textContent = "没有存上，正在重试；文字还在这一页上";
    } finally {
      isSending = false;
    }
    if (isDirty && !isStuck) timer = setTimeout(keep, PAUSE);
  }

  form.addEventListener("input", touch);
  form.addEventListener("change", touch);
  window.guideEditor?.cm.on("change", touch);
  form.addEventListener("submit", () => { isDirty = false; clearTimeout(timer); });
  document.addEventListener("guide:save", () => { isDirty = true; isStuck = false; keep(); });
  window.addEventListener("beforeunload", (event) => { if (isDirty) event.preventDefault(); });
  document.addEventListener("visibilitychange", () => { if (document.visibilityState === "hidden") keep(); });
})();
