// The citation of a principle, with its permanent address, copied in one click. Without script the mark is a plain link.
{
  const address = document.querySelector("link[rel=canonical]")?.href;
  const number = document.querySelector("h1 .num")?.textContent ?? "";
  const say = document.createElement("span");
  say.setAttribute("role", "status");
  say.className = "copied";

  async function copy(anchor) {
    const title = anchor.previousElementSibling.lastElementChild.textContent.trim();
    const page = new URL(address);
    const slug = page.pathname.split("/").filter(Boolean).pop();
    await navigator.clipboard.writeText(`《指南》${number}“${title}” ${page.origin}/go/${slug}/${anchor.hash.slice(1)}`);
    anchor.after(say);
    say.textContent = "已复制引用";
    setTimeout(() => (say.textContent = ""), 2500);
  }

  for (const anchor of address && navigator.clipboard ? document.querySelectorAll("a.anchor") : []) {
    anchor.setAttribute("role", "button");
    anchor.title = "复制引用和地址";
    anchor.setAttribute("aria-label", `复制引用：${anchor.previousElementSibling.lastElementChild.textContent.trim()}`);
    anchor.addEventListener("click", (event) => {
      event.preventDefault();
      history.replaceState(null, "", anchor.hash);
      copy(anchor).catch(() => location.assign(anchor.hash));
    });
    anchor.addEventListener("keydown", (event) => {
      if (event.key === " ") {
        event.preventDefault();
        anchor.click();
      }
    });
  }
}
