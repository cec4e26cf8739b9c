"use strict";
// While one types: the page as readers would see it, and every fault with the line it stands on.
(() => {
  const editor = window.guideEditor;
  const frame = document.querySelector("iframe.preview");
  const list = document.querySelector("#faults");
  if (!editor || !frame || !list) return;

  const PAUSE = 500; // milliseconds without typing
  const { cm, textarea } = editor;
  const count = document.querySelector("#fault-count");
  let timer = 0, asking = null, marked = [];

  async function refresh() {
    asking?.abort();
    asking = new AbortController();
    const form = textarea.form;
    const body = new FormData();
    body.set("csrfmiddlewaretoken", form.elements.csrfmiddlewaretoken.value);
    body.set("text", cm.getValue());
    if (form.elements.parent) body.set("parent", form.elements.parent.value);
    if (form.elements.kind) body.set("kind", form.elements.kind.value);
    try {
      const response = await fetch(textarea.dataset.previewUrl, { method: "POST", body, signal: asking.signal });
      if (!response.ok || response.redirected) throw new Error(String(response.status));
      show(await response.json());
    } catch (error) {
      if (error.name !== "AbortError") count.textContent = "暂时检查不了（可能已退出登录）。文字还在，可以先复制出来。";
    }
  }

  function show({ html, notices, summary, head }) {
    draw(html);
    if (head) document.dispatchEvent(new CustomEvent("guide:head", { detail: { head } }));
    count.textContent = summary;
    list.replaceChildren(...notices.map(item));
    for (const handle of marked) cm.removeLineClass(handle, "gutter");
    marked = notices.filter((notice) => notice.line).map((notice) =>
      cm.addLineClass(Math.min(notice.line, cm.lineCount()) - 1, "gutter", notice.is_blocking ? "fault" : "advice"));
  }

  // After the first time only the page's own part is exchanged, so the reader's place in it stays.
  function draw(html) {
    const now = frame.contentDocument?.querySelector("main");
    const next = new DOMParser().parseFromString(html, "text/html").querySelector("main");
    if (now && next && now.childElementCount) now.replaceWith(frame.contentDocument.adoptNode(next));
    else frame.srcdoc = html;
  }

  function item(notice) {
    const row = document.createElement("li");
    row.className = notice.is_blocking ? "fault" : "advice";
    const where = document.createElement(notice.line ? "button" : "span");
    where.textContent = notice.line ? `第 ${notice.line} 行` : "全页";
    if (notice.line) {
      where.type = "button";
      where.addEventListener("click", () => editor.goTo(notice.line));
    }
    row.append(where, ` ${notice.text}`, notice.remedy ? `。改法：${notice.remedy}。` : "");
    return row;
  }

  // The preview follows the cursor from heading to heading.
  function follow() {
    for (let line = cm.getCursor().line; line >= 0; line--) {
      const id = /^#{2,3} .*\{#([a-z0-9-]+)/.exec(cm.getLine(line))?.[1];
      if (id) return void frame.contentDocument?.getElementById(id)?.scrollIntoView({ block: "start" });
    }
  }

  cm.on("change", () => { clearTimeout(timer); timer = setTimeout(refresh, PAUSE); });
  let at = 0;
  cm.on("cursorActivity", () => { clearTimeout(at); at = setTimeout(follow, PAUSE); });
  for (const name of ["parent", "kind"]) textarea.form.elements[name]?.addEventListener("change", refresh);
  refresh();
})();
