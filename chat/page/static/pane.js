// The report: beside the conversation where there is room, else a sheet that slides up.
const pane = document.getElementById("wz-pane");
const frame = pane.querySelector("iframe");
const wide = matchMedia("(min-width: 1000px)");
let opener = null;
let closedByHand = false;

/** Open the report at the words that a link names; `unasked` opens nothing on a narrow screen. */
export function openReport(link, { unasked = false } = {}) {
  if (unasked && (!wide.matches || closedByHand)) return;
  if (!unasked) closedByHand = false;
  const address = new URL(link.getAttribute("href"), document.baseURI);
  address.searchParams.set("view", "pane");
  if (frame.dataset.lang === "en") address.searchParams.set("lang", "en");
  opener = link;
  if (!wide.matches) {
    if (!pane.matches(":modal")) { pane.close(); pane.showModal(); }
    document.getElementById("wz-pane-close").focus();
  } else {
    pane.setAttribute("open", ""); // not show(), which would take the focus from the question
    document.documentElement.classList.add("reading-beside");
  }
  show(address); // last: what is hidden cannot be scrolled
}

function show(address) {
  const shown = frame.contentDocument, here = shown?.location; // none for a page of the browser's own, as on an error
  if (here?.pathname !== address.pathname || here.search !== address.search) frame.src = address.href;
  else if (here.hash !== address.hash) here.replace(address.href); // keeps Back for the page
  // The words shown already are scrolled to again, not loaded again. A page that is still being read
  // scrolls to them by itself when it is there; one without a report tells of an error: once more.
  else if (shown.querySelector(".report")) frame.contentWindow.dispatchEvent(new HashChangeEvent("hashchange"));
  else if (shown.readyState !== "loading") here.reload();
}

function close() {
  pane.close();
  document.documentElement.classList.remove("reading-beside");
}

document.getElementById("wz-pane-close").addEventListener("click", () => {
  closedByHand = true;
  close();
  if (opener?.isConnected) opener.focus();
});
pane.addEventListener("close", () => {
  document.documentElement.classList.remove("reading-beside");
  if (opener?.isConnected && document.activeElement === document.body) opener.focus();
});
pane.addEventListener("click", (event) => { if (event.target === pane) close(); }); // beside the sheet
wide.addEventListener("change", close);
