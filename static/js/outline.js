// The outline: marks the part that is being read while the page scrolls, and shuts the drawer once a place was chosen.
{
  const outline = document.getElementById("outline");
  const links = new Map();
  for (const link of outline?.querySelectorAll('a[href^="#"]') ?? []) {
    const part = document.getElementById(decodeURIComponent(link.hash.slice(1)));
    if (part) links.set(part, link);
  }
  const mark = (part) => {
    for (const [other, link] of links) {
      if (other === part) link.setAttribute("aria-current", "location");
      else link.removeAttribute("aria-current");
    }
  };
  // A part is being read when it crosses a line a quarter down the screen.
  const watch = new IntersectionObserver(
    (entries) => {
      for (const entry of entries) if (entry.isIntersecting) mark(entry.target);
    },
    { rootMargin: "-25% 0px -74% 0px" },
  );
  for (const part of links.keys()) watch.observe(part);
  outline?.addEventListener("click", (event) => {
    if (event.target.closest("a") && outline.matches(":popover-open")) outline.hidePopover();
  });
}
