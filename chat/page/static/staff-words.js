// Vocabulary: tried on questions before it is saved.
import { call } from "./staff-api.js";
import { element, filled, say, words } from "./staff-dom.js";

const form = document.getElementById("word-form"), tried = document.getElementById("tried");
const parts = (text) => text.split(/[、，,;；/\s]+/).map((t) => t.trim()).filter(Boolean);

function showChosen() {
  document.getElementById("chosen").textContent = form.elements.questions.files[0]?.name ?? words.choose;
}

export function startWords() {
  form.elements.questions.addEventListener("change", showChosen);
  form.addEventListener("reset", () => setTimeout(showChosen, 0)); // once the field is empty
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const given = { official: parts(form.elements.official.value), everyday: parts(form.elements.everyday.value) };
    try {
      if (event.submitter?.value === "save") await save(given);
      else await tryOut(given);
    } catch (error) {
      tried.replaceChildren();
      say(error.message, true);
    }
  });
}

export function offerWords(question) {
  form.elements.everyday.value = question.replace(/[？?。！!]+$/, "");
  form.elements.official.focus();
}

async function save(given) {
  drawRows((await call("staff/words", { method: "POST", body: given })).rows);
  say(`${words.save}：${given.official.join("/")} = ${given.everyday.join("、")}`);
  form.reset();
  tried.replaceChildren();
}

async function tryOut(given) {
  say("");
  tried.textContent = words.trying;
  const [file] = form.elements.questions.files;
  const told = await call("staff/words/trial", { method: "POST", body: { ...given, questions: file ? await file.text() : "" } });
  if (!told.changes.length) {
    tried.textContent = filled(words.tried_none, told);
    return;
  }
  const rows = told.changes.map((c) => {
    const verdict = c.better === true ? "better" : c.better === false ? "worse" : "changed_only";
    const state = element("td", {}, element("span", { className: `state ${c.better === true ? "good" : c.better === false ? "bad" : ""}` }, words[verdict]));
    return element("tr", {}, element("th", { scope: "row" }, c.question), element("td", {}, c.before), element("td", {}, c.after), state);
  });
  const head = element("tr", {}, ...[words.question, words.before, words.after, ""].map((text) => (text ? element("th", { scope: "col" }, text) : element("td", {}))));
  tried.replaceChildren(element("p", {}, filled(words.tried, { asked: told.asked, count: rows.length })),
    element("table", { className: "changes" }, element("thead", {}, head), element("tbody", {}, ...rows)));
}

export async function showWords() {
  drawRows((await call("staff/words")).rows);
}

function drawRows(rows) {
  const made = rows.map((row) => {
    const remove = element("button", { type: "button", className: "plain" }, words.remove);
    remove.addEventListener("click", async () => {
      const query = row.official.map((w) => `official=${encodeURIComponent(w)}`).join("&");
      drawRows((await call(`staff/words?${query}`, { method: "DELETE" })).rows);
    });
    return element("li", {}, element("bdi", { className: "grow" }, row.official.join("/")), element("bdi", {}, row.everyday.join("、")), remove);
  });
  document.getElementById("own-words").replaceChildren(...(made.length ? made : [element("li", {}, words.own_words_none)]));
}
