// An opened hit is told to the search log, which names nobody, and its words are handed to the page that it leads to.
{
  const place = document.getElementById("results");

  function tell(event) {
    const link = event.target.closest("a[data-hit]");
    const found = link?.closest(".found");
    if (!found || (event.type === "auxclick" && event.button !== 1)) return;
    const { q, words } = found.dataset;
    const url = link.pathname + link.hash;
    if (place.dataset.opened) navigator.sendBeacon(place.dataset.opened, new URLSearchParams({ q, url }));
    try {
      const handed = {
        path: link.pathname,
        words: words.split("|").filter(Boolean),
        labels: place.dataset.marks.split("|"), // which no other page need carry
        at: Date.now(),
      };
      localStorage.setItem("search-marks", JSON.stringify(handed));
    } catch {
      // Nothing is marked where nothing may be kept.
    }
  }

  place?.addEventListener("click", tell);
  place?.addEventListener("auxclick", tell);
}
