// Paper: what stands in the margin of every sheet, and what is folded on the screen stands open in print.
{
  const [head, , foot] = document.querySelector(".on-paper")?.childNodes ?? [];
  for (const [name, words] of [["--sheet-head", head], ["--sheet-foot", foot]]) {
    if (words) document.documentElement.style.setProperty(name, JSON.stringify(words.textContent.trim()));
  }
  document.querySelector("[data-print]")?.addEventListener("click", () => print());
  let opened = [];
  addEventListener("beforeprint", () => {
    opened = [...document.querySelectorAll("main details:not([open])")];
    for (const details of opened) details.open = true;
  });
  addEventListener("afterprint", () => {
    for (const details of opened) details.open = false;
  });
}
