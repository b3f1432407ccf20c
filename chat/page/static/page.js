// The conversation: sends questions through Gradio's fields, shows what comes back, keeps it here.
import { clearQuestions, keepQuestion, keptQuestions, keptTurns, saveTurns } from "./memory.js";
import { openReport } from "./pane.js";
import { handleAction } from "./actions.js";
import { offerSpeech } from "./speech.js";

const words = JSON.parse(document.getElementById("wz-words").textContent);
const log = document.getElementById("wz-log");
const says = document.getElementById("wz-ask-told");
const restart = document.getElementById("wz-restart");
const root = document.documentElement;
const language = document.querySelector("#wz-pane iframe").dataset.lang === "en" ? "en" : "zh-CN";
const WATCH = 30; // milliseconds between two looks at what Gradio has written
const LONG = 600; // milliseconds after which an answer can be stopped
const PATIENCE = 3000; // milliseconds without a word after which the server is asked if it is there
const SILENCE = 15000; // milliseconds without any word after which the page is loaded anew
const PENDING = "wz.pending"; // a question that is asked once the page is loaded anew

let turns = keptTurns(); // {turn, question, answer}
let current = null; // {turn, question, article, since, heard}
let lastTold = "", lastNear = "";
let broken = false; // the server was away: Gradio's connection to it is of no more use

const field = (id) => document.querySelector(`#${id} textarea, #${id} input`);
const question = () => field("wz-question");

/** Write into a field of Gradio's as a person would. */
function write(id, text) {
  const element = field(id);
  element.value = text;
  element.dispatchEvent(new Event("input", { bubbles: true }));
}

/** Resolve once Gradio has drawn its fields and listens. */
function ready() {
  return new Promise((resolve) => {
    const look = () => (question() && field("wz-sent") && document.getElementById("wz-send") ? resolve() : setTimeout(look, 20));
    look();
  });
}

const wire = (id, message, button) => {
  write(id, JSON.stringify(message));
  // Gradio takes the field's value over in its next task.
  setTimeout(() => document.getElementById(button).click(), 0);
};

function newTurn(id, text) {
  const article = document.createElement("article");
  article.className = "turn";
  article.id = `turn-${id}`;
  const heading = document.createElement("h2");
  const who = document.createElement("span");
  who.className = "visually-hidden";
  who.textContent = words.you_asked;
  heading.append(who, text);
  const place = document.createElement("div");
  place.className = "place";
  article.append(heading, place);
  log.append(article);
  root.classList.add("talking");
  restart.hidden = false;
  return article;
}

export async function ask(text, retried = false) {
  const asked = text.trim();
  if (!asked || current) return;
  await ready();
  if (broken) return anew(asked);
  says.textContent = "";
  log.querySelector(".hints")?.remove();
  const id = Array.from(crypto.getRandomValues(new Uint8Array(12)), (n) => (n % 36).toString(36)).join("");
  const article = newTurn(id, asked);
  const working = document.createElement("p");
  working.className = "working";
  working.textContent = words.working;
  article.lastElementChild.append(working);
  article.setAttribute("aria-busy", "true");
  article.scrollIntoView({ block: "start" });
  current = { turn: id, question: asked, article, since: Date.now(), heard: Date.now(), spoken: false, retried };
  write("wz-question", "");
  question().focus({ preventScroll: true });
  keepQuestion(asked);
  showHistory();
  const history = turns.map((t) => t.question).slice(-10);
  wire("wz-sent", { turn: id, question: asked, history }, "wz-send");
}

function end() {
  current?.article.removeAttribute("aria-busy");
  current = null;
  root.classList.remove("busy-long");
}

function show(told) {
  if (told.restored) return showRestored(told.restored);
  if (!current || told.turn !== current.turn) return;
  current.heard = Date.now();
  current.spoken = true;
  if (told.html) current.article.lastElementChild.innerHTML = told.html; // our server's, every word escaped
  if (told.done === false) return;
  if (told.answer) {
    turns = [...turns, { turn: told.turn, question: current.question, answer: told.answer }].slice(-20);
    saveTurns(turns);
  }
  const article = current.article;
  end();
  const chip = article.querySelector(".sources .chip");
  if (chip) openReport(chip, { unasked: true });
}

function showRestored(htmlByTurn) {
  for (const { turn } of turns) {
    const place = document.querySelector(`#turn-${turn} .place`);
    if (place && htmlByTurn[turn]) place.innerHTML = htmlByTurn[turn];
  }
  log.lastElementChild?.scrollIntoView({ block: "start" });
}

function showNear(told) {
  if (turns.at(-1)?.turn === told.turn && !current) document.getElementById(`turn-${told.turn}`).insertAdjacentHTML("beforeend", told.html ?? "");
}

const reachable = () => fetch(new URL("healthz", document.baseURI), { cache: "no-store" }).then((reply) => reply.ok, () => false);

/** Load the page anew and ask there; the conversation comes back from this browser. */
async function anew(asked) {
  if (!(await reachable())) {
    says.textContent = words.lost;
    return;
  }
  try { sessionStorage.setItem(PENDING, asked); } catch { /* then it has to be typed again */ }
  location.reload();
}

/** End a turn that was not answered; its question goes back into the field. */
function giveBack(told) {
  const { article, question: asked } = current;
  article.remove();
  says.textContent = told;
  write("wz-question", asked);
  end();
  if (!turns.length) leaveConversation();
}

// Gradio tells nobody of a request that fails; who asked is told at once.
const fetched = window.fetch;
window.fetch = async (...given) => {
  const asker = /\/(?:run\/predict|queue\/join)\b/.test(String(given[0]?.url ?? given[0])) ? current : null;
  try {
    const reply = await fetched(...given);
    if (asker && reply.headers.get("content-type")?.includes("problem+json")) {
      const { detail } = await reply.clone().json();
      if (asker === current && reply.status !== 404) giveBack(detail);
    }
    return reply;
  } catch (error) {
    if (asker && asker === current) lost();
    throw error;
  }
};

async function lost() {
  const there = await reachable();
  if (!current) return;
  const { question: asked, since, spoken, retried } = current;
  if (there && (spoken || retried || Date.now() - since < SILENCE)) return; // it works on it
  if (there) return anew(asked);
  broken = true;
  giveBack(words.lost);
}

function watch() {
  const told = field("wz-told")?.value ?? "";
  if (told && told !== lastTold) { lastTold = told; show(JSON.parse(told)); }
  const hints = field("wz-near")?.value ?? "";
  if (hints && hints !== lastNear) { lastNear = hints; showNear(JSON.parse(hints)); }
  if (!current) return;
  if (Date.now() - current.since > LONG) root.classList.add("busy-long");
  if (Date.now() - current.heard > PATIENCE) { current.heard = Date.now(); lost(); }
}

function stop() {
  if (!current) return;
  wire("wz-sent", { turn: current.turn, question: current.question }, "wz-halt");
  const note = document.createElement("p");
  note.className = "remark";
  note.textContent = words.stopped;
  current.article.querySelector(".working")?.remove();
  current.article.lastElementChild.append(note);
  end();
}

function leaveConversation() {
  root.classList.remove("talking");
  restart.hidden = true;
}

function startOver() {
  if (current) document.getElementById("wz-stop")?.click();
  end();
  turns = [];
  saveTurns(turns);
  log.replaceChildren();
  says.textContent = "";
  leaveConversation();
  document.getElementById("wz-pane-close").click();
  question()?.focus();
}

function showHistory() {
  const list = document.querySelector("#wz-history ul");
  list.replaceChildren(...keptQuestions().map((text) => {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = text;
    button.addEventListener("click", () => {
      document.getElementById("wz-history").hidePopover();
      ask(text);
    });
    const item = document.createElement("li");
    item.append(button);
    return item;
  }));
  document.getElementById("wz-history-open").hidden = !list.children.length;
}

// A question is sent by Enter and by the button; a new line by Shift and Enter. Input methods use
// Enter to take a word over, which is no sending.
document.addEventListener("keydown", (event) => {
  if (event.target !== question()) return;
  if (event.key === "Enter" && !event.shiftKey && !event.isComposing && event.keyCode !== 229) {
    event.preventDefault();
    event.stopPropagation();
    ask(event.target.value);
  }
  if (event.key === "Escape") document.getElementById("wz-stop")?.click();
}, true);
document.addEventListener("click", (event) => {
  const target = event.target;
  if (target.closest?.("#wz-question .submit-button")) {
    event.preventDefault();
    event.stopPropagation();
    ask(question().value);
    question().focus();
  } else if (target.closest?.("#wz-stop")) stop();
  else if (target.closest?.("[data-question]")) ask(target.closest("[data-question]").dataset.question);
  else if (target.closest?.(".chip") && !event.ctrlKey && !event.metaKey && !event.shiftKey) {
    event.preventDefault();
    openReport(target.closest(".chip"));
  } else if (target.closest?.("[data-act]")) {
    const article = target.closest(".turn");
    handleAction(target.closest("[data-act]"), article, turns.find((t) => `turn-${t.turn}` === article.id), words);
  }
}, true);
// A term's explanation stands at the term.
document.addEventListener("toggle", (event) => {
  const bubble = event.target;
  if (event.newState !== "open" || !bubble.matches?.(".bubble")) return;
  const at = document.querySelector(`[popovertarget="${bubble.id}"]`).getBoundingClientRect();
  bubble.style.left = `${Math.max(8, Math.min(at.left, innerWidth - bubble.offsetWidth - 8))}px`;
  const below = at.bottom + bubble.offsetHeight + 14 < innerHeight;
  bubble.style.top = `${below ? at.bottom + 6 : Math.max(8, at.top - bubble.offsetHeight - 6)}px`;
}, true);
restart.addEventListener("click", startOver);
document.getElementById("wz-history-clear").addEventListener("click", () => {
  clearQuestions();
  showHistory();
  document.getElementById("wz-history").hidePopover();
});

// Gradio sets the language of the browser; the page is in the language that it was asked for in.
const speak = () => { if (root.lang !== language) root.lang = language; };
new MutationObserver(speak).observe(root, { attributes: true, attributeFilter: ["lang"] });
speak();
for (const { turn, question: text } of turns) newTurn(turn, text);
showHistory();
await ready();
document.querySelector("gradio-app main")?.setAttribute("role", "presentation");
question().setAttribute("aria-label", words.question);
if (!document.activeElement || document.activeElement === document.body) question().focus({ preventScroll: true });
offerSpeech(words, question, write, says);
setInterval(watch, WATCH);
root.classList.add("ready");
if (turns.length) wire("wz-sent", { turn: "restored", turns }, "wz-recall");
const given = takePending();
if (given) setTimeout(() => ask(given, true), turns.length ? 300 : 0); // what was kept is shown first
else if (!turns.length) ask(new URLSearchParams(location.search).get("q") ?? "");

function takePending() {
  try {
    const text = sessionStorage.getItem(PENDING) ?? "";
    sessionStorage.removeItem(PENDING);
    return text;
  } catch {
    return "";
  }
}
