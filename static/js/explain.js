// Terms and sources explained where they stand: on hover, focus and tap. Without script each is a link to its own page.
{
  const marks = "main a.term, main a.cite";
  const known = new Map();
  const tip = document.createElement("div");
  let shown = null;
  let timer = 0;

  if ("popover" in tip && document.querySelector(marks)) {
    tip.className = "tip";
    tip.id = "tip";
    tip.popover = "manual";
    tip.setAttribute("role", "tooltip");
    document.body.append(tip);
    const main = document.getElementById("main");
    const near = (event) => event.target.closest?.(marks);
    const later = (act, wait) => {
      clearTimeout(timer);
      timer = setTimeout(act, wait);
    };
    main.addEventListener("pointerover", (event) => {
      if (near(event) && event.pointerType === "mouse") later(() => show(near(event)), 120);
    });
    main.addEventListener("pointerout", (event) => {
      if (near(event) && event.pointerType === "mouse") later(hide, 250);
    });
    main.addEventListener("focusin", (event) => near(event)?.matches(":focus-visible") && show(near(event)));
    main.addEventListener("focusout", (event) => near(event) && later(hide, 0));
    tip.addEventListener("pointerenter", () => clearTimeout(timer));
    tip.addEventListener("pointerleave", () => later(hide, 250));
    // A tap opens the explanation; a second tap, or the link inside, goes to the page.
    main.addEventListener("click", (event) => {
      const mark = near(event);
      if (mark && mark !== shown && event.pointerType === "touch") {
        event.preventDefault();
        show(mark);
      }
    });
    document.addEventListener("pointerdown", (event) => {
      if (shown && !tip.contains(event.target) && event.target.closest(marks) !== shown) hide();
    });
    document.addEventListener("keydown", (event) => event.key === "Escape" && hide());
    addEventListener("scroll", () => shown && place(), { passive: true });
  }

  function hide() {
    clearTimeout(timer);
    shown?.removeAttribute("aria-describedby");
    shown = null;
    if (tip.matches(":popover-open")) tip.hidePopover();
  }

  async function show(mark) {
    clearTimeout(timer);
    if (mark === shown) return;
    hide();
    shown = mark;
    let parts;
    try {
      parts = await explained(mark);
    } catch {
      parts = []; // No network: the link itself still says where to look.
    }
    if (shown !== mark || !parts.length) return;
    tip.replaceChildren(...parts);
    tip.showPopover();
    mark.setAttribute("aria-describedby", "tip");
    place();
  }

  // The page of the term or source holds the words; each page is asked for once.
  async function explained(mark) {
    const url = mark.href.split("#")[0];
    if (!known.has(url)) {
      const answer = fetch(url).then((response) => (response.ok ? response.text() : Promise.reject(response.status)));
      known.set(url, answer.then((text) => new DOMParser().parseFromString(text, "text/html")));
      known.get(url).catch(() => known.delete(url));
    }
    const page = await known.get(url);
    const about = page.querySelector("h1").textContent;
    const found = mark.hash ? page.getElementById(mark.hash.slice(1)) : page.querySelector(".rule");
    const title = document.createElement("b");
    title.textContent = mark.hash ? `《${about}》${found.dataset.article ?? ""}` : about;
    const words = document.createElement("p");
    words.textContent = (mark.hash ? found.querySelector("p") : found).textContent;
    const state = document.createElement("p");
    state.className = "soft";
    state.textContent = found.dataset.state ?? "";
    const link = document.createElement("a");
    link.href = mark.href;
    link.textContent = "打开";
    link.tabIndex = -1; // The mark itself is the same link for the keyboard.
    return [title, words, ...(state.textContent ? [state] : []), link];
  }

  function place() {
    const box = shown.getBoundingClientRect();
    const above = box.top > innerHeight / 2;
    tip.style.left = `${Math.max(8, Math.min(box.left, innerWidth - tip.offsetWidth - 8))}px`;
    tip.style.top = above ? `${box.top - tip.offsetHeight - 6}px` : `${box.bottom + 6}px`;
  }
}
