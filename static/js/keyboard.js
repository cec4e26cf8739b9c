// Keys: j and k turn to the next and previous page, g h goes home, ? shows the list of keys, which also turns them off.
// What was pressed before the scripts came, templates/_early.html has noted; "/" it has answered itself.
{
  const link = document.getElementById("keys");
  const kept = (value) => {
    try {
      if (value !== undefined) localStorage.setItem("keys", value);
      return localStorage.getItem("keys");
    } catch {
      return null;
    }
  };
  const actions = {
    j: () => document.querySelector("a[rel=next]")?.click(),
    k: () => document.querySelector("a[rel=prev]")?.click(),
    h: () => document.querySelector("header .name")?.click(),
    "?": () => showKeys(),
  };
  let before = "";
  let dialog;

  const button = (words, act) => {
    const made = document.createElement("button");
    made.type = "button";
    made.textContent = words;
    made.addEventListener("click", () => act(made));
    return made;
  };
  const switchWords = () => (kept() === "off" ? "启用单键快捷键" : "停用单键快捷键");

  async function showKeys() {
    if (!dialog) {
      const page = new DOMParser().parseFromString(await (await fetch(link.href)).text(), "text/html");
      dialog = document.createElement("dialog");
      dialog.className = "keys";
      dialog.append(...page.getElementById("main").children);
      dialog.querySelector("h1").id = "keys-title";
      dialog.setAttribute("aria-labelledby", "keys-title");
      const turn = button(switchWords(), (made) => {
        kept(kept() === "off" ? "on" : "off");
        made.textContent = switchWords();
      });
      dialog.append(button("关闭", () => dialog.close()), turn);
      document.body.append(dialog);
    }
    if (!dialog.open) dialog.showModal();
  }

  document.addEventListener("keydown", (event) => {
    const last = before;
    before = event.key;
    if (event.ctrlKey || event.metaKey || event.altKey || kept() === "off") return;
    if (event.target.closest?.("input, textarea, select, [contenteditable]") || document.querySelector("dialog[open]")) return;
    if (!Object.hasOwn(actions, event.key) || (event.key === "h" && last !== "g")) return;
    event.preventDefault();
    actions[event.key]();
  });
  link?.addEventListener("click", (event) => {
    event.preventDefault();
    showKeys();
  });

  const root = document.documentElement.dataset;
  const early = root.js;
  onkeydown = null;
  root.js = "";
  // When every script of the bundle listens.
  queueMicrotask(() => {
    delete root.late;
    for (const key of early) document.body.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true }));
  });
}
