"use strict";
// The editor of a text: the textarea becomes EasyMDE with the guide's own marks. Without script the textarea stays.
(() => {
  const textarea = document.querySelector("textarea.guide-editor");
  if (!textarea || typeof EasyMDE === "undefined") return;

  const RULE = "## 标题 {#id .principle level=should basis=guide}\n\n**做到：** \n\n**为什么：** \n\n**怎么查：** \n\n**做不到时：** \n";
  const TABLE = "| 宜说 | 忌说 | 为什么 |\n|---|---|---|\n|  |  |  |\n";
  const say = (name, detail) => document.dispatchEvent(new CustomEvent(name, { detail }));
  const pick = (kind) => () => say("guide:pick", { kind });

  function block(text) {
    return ({ codemirror: cm }) => {
      const { line } = cm.getCursor();
      const gap = cm.getLine(line).trim() ? "\n\n" : "";
      cm.replaceRange(`${gap}${text}`, { line, ch: cm.getLine(line).length });
      cm.setCursor({ line: line + (gap ? 2 : 0), ch: text.indexOf("标题") });
      cm.focus();
    };
  }

  const button = (name, text, title, action) => ({ name, text, title, action });
  const isPlain = textarea.dataset.marks === "off";
  const tools = [
    button("bold", "粗", "粗体（Ctrl-B）", EasyMDE.toggleBold),
    button("heading", "小标题", "小标题（Ctrl-H）", EasyMDE.toggleHeading2),
    button("list", "列表", "无序列表（Ctrl-L）", EasyMDE.toggleUnorderedList),
    button("ordered", "编号", "编号列表", EasyMDE.toggleOrderedList),
    "|",
    button("rule", "原则", "插入一条原则", block(RULE)),
    button("table", "话术表", "话术表：宜说、忌说、为什么", block(TABLE)),
    "|",
    button("pick-page", "引用", "引用页面或原则（Ctrl-K，或直接打 [[）", pick("page")),
    button("pick-term", "术语", "插入术语", pick("term")),
    button("pick-provision", "依据", "插入法规依据（或直接打 [@）", pick("provision")),
    button("pick-say", "标准用语", "插入标准用语", pick("say")),
    button("pick-local", "本行信息", "插入本行信息（或直接打 {{）", pick("local")),
    button("picture", "图片", "插入图片（也可以粘贴或拖进来）", () => say("guide:picture", {})),
    "|",
  ];
  const always = [
    button("undo", "撤销", "撤销（Ctrl-Z）", EasyMDE.undo),
    button("redo", "重做", "重做（Ctrl-Y）", EasyMDE.redo),
  ];

  // Front matter is no Markdown, and the guide's own marks are told apart.
  const MARKS = /^(?:\[\[[^\[\]]*\]\]|\[@[^\[\]\s]*\]|\{\{[^{}]*\}\})/;
  const guide = {
    startState: () => ({ line: 0, isHead: false }),
    token(stream, state) {
      if (stream.sol()) {
        const isFence = /^---\s*$/.test(stream.string);
        const isEnd = isFence && state.isHead;
        if (isFence && state.line === 0) state.isHead = true;
        state.line += 1;
        if (isFence && state.isHead) {
          if (isEnd) state.isHead = false;
          stream.skipToEnd();
          return "guide-key";
        }
        if (state.isHead && stream.match(/^\s*[\w-]+:/)) return "guide-key";
      }
      if (state.isHead) { stream.skipToEnd(); return "guide-head"; }
      if (stream.match(MARKS)) return "guide-mark";
      if (stream.match(/^\{#[^{}]*\}\s*$/)) return "guide-rule";
      stream.next();
      while (!stream.eol() && !/[[{]/.test(stream.peek())) stream.next();
      return null;
    },
    blankLine(state) { state.line += 1; },
  };

  const easy = new EasyMDE({
    overlayMode: { mode: guide, combine: false },
    element: textarea,
    autoDownloadFontAwesome: false,
    spellChecker: false,
    nativeSpellcheck: false,
    forceSync: true,
    status: false,
    lineNumbers: true,
    tabSize: 2,
    indentWithTabs: false,
    minHeight: "24rem",
    toolbar: isPlain ? always : [...tools, ...always],
    shortcuts: { toggleHeading2: "Ctrl-H", toggleHeadingSmaller: null, toggleHeadingBigger: null, drawLink: null, drawImage: null,
      togglePreview: null, toggleSideBySide: null, toggleFullScreen: null, cleanBlock: null, toggleBlockquote: null },
  });
  const cm = easy.codemirror;
  cm.getInputField().setAttribute("aria-label", "全文");
  // Tab leaves the editor, so that the keyboard is never caught in it.
  const keys = { Tab: false, "Shift-Tab": false };
  for (const command of ["Ctrl", "Cmd"]) {
    keys[`${command}-K`] = () => say("guide:pick", { kind: "page" });
    keys[`${command}-S`] = () => say("guide:save", {});
    keys[`${command}-Enter`] = () => document.querySelector("[name=reason]")?.focus();
  }
  cm.addKeyMap(keys);

  window.guideEditor = {
    cm,
    textarea,
    /** Put `text` at the cursor, over the `typed` characters before it. */
    insert(text, typed = 0) {
      const end = cm.getCursor("to");
      const start = typed ? { line: end.line, ch: Math.max(0, end.ch - typed) } : cm.getCursor("from");
      cm.replaceRange(text, start, end, "+input");
      cm.focus();
    },
    /** Show line `number` (from 1) and put the cursor on it. */
    goTo(number) {
      const line = Math.min(Math.max(number, 1), cm.lineCount()) - 1;
      cm.setCursor({ line, ch: 0 });
      cm.scrollIntoView({ line, ch: 0 }, 120);
      cm.getWrapperElement().scrollIntoView({ block: "nearest" });
      cm.focus();
    },
  };
  say("guide:editor", {});
})();
