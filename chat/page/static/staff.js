// The staff's page: the key, the sections, what they show. The key goes with each request.
import { Failure, call, forget, hold, held } from "./staff-api.js";
import { element, filled, say, words } from "./staff-dom.js";
import { showReports, startReports } from "./staff-reports.js";
import { offerWords, showWords, startWords } from "./staff-words.js";

const door = document.getElementById("door"), rooms = document.getElementById("rooms"), leave = document.getElementById("leave");
const tabs = [...document.querySelectorAll("[role=tab]")];
const shows = { reports: showReports, questions: showQuestions, words: showWords, settings: showSettings };

async function enter(key) {
  hold(key);
  try {
    await call("staff/settings");
  } catch (error) {
    forget();
    door.querySelector(".wrong").textContent = error.message;
    return;
  }
  door.hidden = true;
  rooms.hidden = false;
  leave.hidden = false;
  open(tabs[0]);
}

export function open(tab, focus = false) {
  for (const other of tabs) {
    const on = other === tab;
    other.setAttribute("aria-selected", String(on));
    other.tabIndex = on ? 0 : -1;
    document.getElementById(other.getAttribute("aria-controls")).hidden = !on;
  }
  if (focus) tab.focus();
  say("");
  return shows[tab.id.slice(4)]().catch((error) => say(error.message, true));
}

async function showQuestions() {
  document.getElementById("open-lead").textContent ||= words.loading;
  const told = await call("v1/insights?days=30&limit=50");
  document.getElementById("open-lead").textContent = filled(words.open_lead, told);
  const rows = told.groups.map((group) => {
    const counts = [filled(words.times, group)];
    if (group.unanswered) counts.push(filled(words.times_unanswered, { count: group.unanswered }));
    if (group.disliked) counts.push(filled(words.times_disliked, { count: group.disliked }));
    const others = group.examples.filter((e) => e !== group.question);
    const add = element("button", { type: "button", className: "plain" }, words.try_word);
    add.addEventListener("click", () => { open(tabs[2], true); offerWords(group.question); });
    return element("li", {},
      element("bdi", { className: "grow" }, group.question),
      element("span", { className: "state" }, [...counts, ...group.reasons].join(" · ")),
      add,
      ...(others.length ? [element("p", {}, `${words.also_asked}：${others.join("；")}`)] : []));
  });
  document.getElementById("open").replaceChildren(...(rows.length ? rows : [element("li", {}, words.open_none)]));
}

async function showSettings() {
  const { settings } = await call("staff/settings");
  document.getElementById("in-force").replaceChildren(...settings.map((s) => {
    const name = element("th", { scope: "row" }, s.name);
    const value = element("td", {}, s.value, ...(s.changed ? [element("span", { className: "state good" }, ` （${words.setting_changed}）`)] : []));
    return element("tr", {}, name, value, element("td", {}, s.description));
  }));
}

door.addEventListener("submit", (event) => {
  event.preventDefault();
  enter(door.elements.key.value.trim());
});
leave.addEventListener("click", () => { forget(); location.reload(); });
for (const tab of tabs) tab.addEventListener("click", () => open(tab));
document.querySelector("[role=tablist]").addEventListener("keydown", (event) => {
  const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
  if (!step) return;
  const at = tabs.findIndex((t) => t.getAttribute("aria-selected") === "true");
  open(tabs[(at + step + tabs.length) % tabs.length], true);
});
addEventListener("unhandledrejection", (event) => {
  if (event.reason instanceof Failure) { say(event.reason.message, true); event.preventDefault(); }
});

startReports();
startWords();
if (held()) enter(held());
else door.elements.key.focus();
