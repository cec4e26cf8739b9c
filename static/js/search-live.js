// Results as one types: fetched drawn, put in place; the address follows, the focus stays. Without script, Enter does it.
{
  const PAUSE = 120;
  const SETTLED = 1000;
  const place = document.getElementById("results");

  function follow(place) {
    const box = document.querySelector(".bar form[role=search]").elements.q;
    const status = document.getElementById("results-status");
    let timer, settling, asking, typed = 0, shown = box.defaultValue.trim();

    function address() {
      const asked = new URLSearchParams(new FormData(box.form));
      asked.set("q", box.value.trim());
      return `${location.pathname}?${asked}`;
    }

    function settle(query) {
      document.dispatchEvent(new CustomEvent("search:settled", { detail: query }));
      if (place.dataset.settled) navigator.sendBeacon(place.dataset.settled, new URLSearchParams({ q: query }));
    }

    function draw(html) {
      const isOpen = document.getElementById("facets")?.open;
      place.innerHTML = html;
      const facets = document.getElementById("facets");
      if (facets && isOpen !== undefined) facets.open = isOpen;
      status.textContent = place.firstElementChild.dataset.status;
      document.title = place.querySelector("h1").textContent;
    }

    async function search() {
      const query = box.value.trim(), found = address();
      asking?.abort();
      if (query === shown) return;
      asking = new AbortController();
      clearTimeout(settling);
      place.setAttribute("aria-busy", "true");
      try {
        const answer = await fetch(`${found}&part=results`, { signal: asking.signal });
        if (!answer.ok || answer.redirected) return;
        draw(await answer.text());
        shown = query;
        history.replaceState(history.state, "", found);
        if (query) settling = setTimeout(settle, SETTLED, query);
      } catch (error) {
        if (error.name !== "AbortError") throw error;
      } finally {
        place.removeAttribute("aria-busy");
      }
    }

    // At once after a pause; while keys follow one another quickly, when they stop.
    function wait() {
      const now = performance.now();
      clearTimeout(timer);
      timer = setTimeout(search, now - typed < PAUSE ? PAUSE : 0);
      typed = now;
    }

    box.addEventListener("input", (event) => event.isComposing || wait());
    box.addEventListener("compositionend", wait);
    box.form.addEventListener("submit", () => [timer, settling].forEach(clearTimeout));
    if (shown) document.dispatchEvent(new CustomEvent("search:settled", { detail: shown }));
    if (document.activeElement === box) wait(); // for what was typed before the scripts came
  }

  if (place) follow(place);
}
