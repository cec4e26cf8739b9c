"use strict";
// Fields that name a page or a principle: what matches is offered as one types. Without script an id is written.
(() => {
  const list = document.querySelector("#picks");
  const url = document.querySelector("[data-pick-url]")?.dataset.pickUrl;
  if (!list || !url) return;
  document.addEventListener("input", async (event) => {
    const kind = event.target.dataset?.pick;
    if (!kind) return;
    event.target.setAttribute("list", "picks");
    const query = new URLSearchParams({ kind, q: event.target.value });
    const { picks } = await (await fetch(`${url}?${query}`)).json();
    list.replaceChildren(...picks.map((pick) => {
      const option = document.createElement("option");
      option.value = pick.target;
      option.label = `${pick.label}（${pick.detail}）`;
      return option;
    }));
  });
})();
