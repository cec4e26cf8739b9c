// Larger type: a switch, remembered on the device. `_early.html` applies it before anything is drawn.
{
  const root = document.documentElement;
  const button = document.getElementById("type-size");
  const show = () => button?.setAttribute("aria-pressed", String(root.dataset.type === "large"));
  show();
  button?.addEventListener("click", () => {
    root.dataset.type = root.dataset.type === "large" ? "" : "large";
    try {
      localStorage.setItem("type", root.dataset.type);
    } catch {
      // A browser that keeps nothing still shows larger type on this page.
    }
    show();
  });
}
