// Marks the words that the address names (#c523-616), explains terms, prints, copies the link.
const article = document.querySelector(".report");
const bubble = document.getElementById("bubble");

// Offsets count code points of the report; strings of this language count UTF-16 units.
const units = (text, points) => [...text].slice(0, points).join("").length;

function unmark() {
  for (const mark of article.querySelectorAll("mark")) {
    const parent = mark.parentNode;
    mark.replaceWith(...mark.childNodes);
    parent.normalize();
  }
}

/** Wrap the code points [start, end) of a block's text in mark elements. */
function markBlock(block, start, end) {
  const walker = document.createTreeWalker(block, NodeFilter.SHOW_TEXT);
  const pieces = [];
  let passed = 0;
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const length = [...node.data].length;
    const from = Math.max(start - passed, 0), to = Math.min(end - passed, length);
    if (from < to) pieces.push([node, units(node.data, from), units(node.data, to)]);
    passed += length;
  }
  for (const [node, from, to] of pieces) {
    const range = document.createRange();
    range.setStart(node, from);
    range.setEnd(node, to);
    range.surroundContents(document.createElement("mark"));
  }
}

// Where words are cited they decide how far the page is scrolled, not how far it was when last left:
// the browser would put that back sooner or later than the words are found.
if (location.hash.startsWith("#c")) history.scrollRestoration = "manual";

function showCited() {
  const asked = /^#c(\d+-\d+(?:,\d+-\d+)*)$/.exec(location.hash);
  if (!asked) return;
  unmark();
  const ranges = asked[1].split(",").map((range) => range.split("-").map(Number));
  for (const block of article.querySelectorAll(".block")) {
    const first = Number(block.dataset.start), length = [...block.textContent].length;
    for (const [start, end] of ranges) {
      if (first < end && first + length > start) {
        markBlock(block, Math.max(start - first, 0), Math.min(end - first, length));
      }
    }
  }
  const mark = article.querySelector("mark");
  if (!mark) return;
  mark.setAttribute("aria-label", article.dataset.cited);
  mark.setAttribute("role", "mark");
  kept = mark;
  keptSince = performance.now();
  scrollToKept();
  if (!document.body.classList.contains("pane")) {
    mark.tabIndex = -1;
    mark.focus({ preventScroll: true });
  }
}

// The cited words stay in view until the reader moves: a frame that was hidden when they were found, a
// pane that changes its width or a browser that puts back an earlier place would lose them.
let kept = null, keptSince = 0;
const SETTLED = 3000; // ms after which a page that moves was moved by its reader, by the scroll bar

function scrollToKept() {
  // Not scrollIntoView, which in a frame would scroll the page around it, too.
  scrollTo({ top: kept.getBoundingClientRect().top + scrollY - innerHeight / 3, behavior: "instant" });
}
function keepInView() {
  if (!kept?.isConnected) return;
  const { top } = kept.getBoundingClientRect();
  if (top < 0 || top > innerHeight) scrollToKept();
}
for (const kind of ["wheel", "touchstart", "pointerdown", "keydown"]) {
  addEventListener(kind, () => { kept = null; }, { passive: true });
}
for (const kind of ["load", "resize"]) addEventListener(kind, keepInView);
addEventListener("scroll", () => { if (performance.now() - keptSince < SETTLED) keepInView(); });
new ResizeObserver(keepInView).observe(article);

function explain(term) {
  const entry = document.getElementById(term.getAttribute("aria-describedby"));
  if (!entry) return;
  bubble.textContent = entry.textContent;
  bubble.hidden = false;
  const at = term.getBoundingClientRect(), width = bubble.offsetWidth;
  const left = Math.min(Math.max(at.left, 8), document.documentElement.clientWidth - width - 8);
  bubble.style.left = `${left + scrollX}px`;
  const below = at.bottom + bubble.offsetHeight + 12 < innerHeight;
  bubble.style.top = `${(below ? at.bottom + 6 : at.top - bubble.offsetHeight - 6) + scrollY}px`;
}
const hush = () => { bubble.hidden = true; };

for (const kind of ["mouseover", "focusin"]) {
  article.addEventListener(kind, (event) => {
    const term = event.target.closest("[aria-describedby]");
    if (term) explain(term);
  });
}
for (const kind of ["mouseout", "focusout"]) article.addEventListener(kind, hush);
addEventListener("keydown", (event) => { if (event.key === "Escape") hush(); });
addEventListener("hashchange", showCited);

for (const button of document.querySelectorAll(".needs-script")) button.hidden = false;
document.getElementById("print")?.addEventListener("click", () => print());
document.getElementById("alone")?.addEventListener("click", (event) => {
  event.currentTarget.href = event.currentTarget.href.split("#")[0] + location.hash;
});
document.getElementById("copy-link")?.addEventListener("click", async (event) => {
  const button = event.currentTarget, label = button.textContent;
  const address = new URL(location.href);
  address.searchParams.delete("view");
  await copyText(address.href);
  button.textContent = button.dataset.done;
  setTimeout(() => { button.textContent = label; }, 2000);
});

async function copyText(text) {
  if (navigator.clipboard) return navigator.clipboard.writeText(text);
  const area = document.createElement("textarea"); // addresses without https have no clipboard
  area.value = text;
  document.body.append(area);
  area.select();
  document.execCommand("copy");
  area.remove();
}

if (matchMedia("(max-width: 900px)").matches) document.querySelector(".outline").open = false;
showCited();
