// Colour scheme and size of type, kept in this browser; runs before the page is drawn.
(() => {
  const root = document.documentElement;
  const system = matchMedia("(prefers-color-scheme: dark)");
  const kept = (key) => {
    try { return localStorage.getItem(key); } catch { return null; } // storage may be closed to frames
  };
  const keep = (key, value) => {
    try { localStorage.setItem(key, value); } catch { /* the choice then lasts for this page */ }
  };
  let theme = kept("wz.theme");
  let size = kept("wz.size");

  const apply = () => {
    const dark = theme ? theme === "dark" : system.matches;
    root.dataset.theme = dark ? "dark" : "light";
    root.dataset.size = size === "large" ? "large" : "normal";
    document.body?.classList.toggle("dark", dark);
    for (const button of document.querySelectorAll("[data-tool]")) {
      const on = button.dataset.tool === "theme" ? dark : size === "large";
      button.setAttribute("aria-pressed", String(on));
    }
  };

  apply();
  document.addEventListener("DOMContentLoaded", apply);
  system.addEventListener("change", apply);
  addEventListener("storage", (event) => { // another page or frame of ours has changed it
    if (event.key === "wz.theme") theme = event.newValue;
    if (event.key === "wz.size") size = event.newValue;
    apply();
  });
  document.addEventListener("click", (event) => {
    const tool = event.target.closest?.("[data-tool]")?.dataset.tool;
    if (tool === "theme") keep("wz.theme", theme = root.dataset.theme === "dark" ? "light" : "dark");
    else if (tool === "size") keep("wz.size", size = size === "large" ? "normal" : "large");
    else return;
    apply();
  });
})();
