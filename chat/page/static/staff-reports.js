// Reports: checked one by one, published together; replaced, removed, rolled back.
import { call, send } from "./staff-api.js";
import { element, filled, root, say, words } from "./staff-dom.js";

const LOOK = 500; // milliseconds between two looks at a job
const queue = []; // {file, checked, item, given}
const list = document.getElementById("queue"), publish = document.getElementById("publish"), progress = document.getElementById("progress");

export function startReports() {
  const drop = document.getElementById("drop"), files = document.getElementById("files");
  files.addEventListener("change", () => { take([...files.files]); files.value = ""; });
  for (const kind of ["dragover", "dragenter"]) {
    drop.addEventListener(kind, (event) => { event.preventDefault(); drop.classList.add("over"); });
  }
  drop.addEventListener("dragleave", () => drop.classList.remove("over"));
  drop.addEventListener("drop", (event) => {
    event.preventDefault();
    drop.classList.remove("over");
    take([...event.dataTransfer.files]);
  });
  publish.addEventListener("click", publishAll);
}

async function take(files) {
  const added = files.map((file) => {
    const entry = { file, checked: null, item: element("li", {}), given: {} };
    queue.push(entry);
    list.append(entry.item);
    draw(entry, words.waiting);
    return entry;
  });
  for (const entry of added) await check(entry);
}

async function check(entry) {
  const form = new FormData();
  for (const [name, value] of Object.entries(entry.given)) if (value) form.append(name, value);
  form.append("files", entry.file);
  draw(entry, words.checking);
  try {
    [entry.checked] = await send("staff/check", form, (sent, all) => {
      draw(entry, sent < all ? filled(words.sending, { percent: Math.round((100 * sent) / all) }) : words.checking);
    });
  } catch (error) {
    entry.checked = { error: error.message, name: entry.file.name, outline: [], warnings: [] };
  }
  draw(entry);
}

function draw(entry, waiting = "") {
  const { checked, item, file } = entry;
  const bad = !waiting && checked?.error;
  const state = waiting || (bad ? words.checked_bad : checked.replaces ? filled(words.checked_replaces, { title: checked.replaces }) : words.checked_new);
  const out = element("button", { type: "button", className: "plain" }, words.leave_out);
  out.addEventListener("click", () => {
    queue.splice(queue.indexOf(entry), 1);
    item.remove();
    drawPublish();
  });
  item.replaceChildren(element("div", { className: "head" },
    element("bdi", { className: "grow" }, waiting || !checked.title ? file.name : checked.title),
    element("span", { className: `state ${bad ? "bad" : waiting ? "" : "good"}`, role: "status" }, state), out));
  if (!waiting) {
    if (bad) item.append(element("p", { className: "error" }, checked.error));
    else {
      item.append(element("p", { className: "facts" }, [checked.region, checked.year, checked.date, checked.meeting, checked.speaker].filter(Boolean).join(" · ")));
      item.append(element("p", { className: "facts" }, filled(words.checked_facts, checked)));
      for (const warning of checked.warnings) item.append(element("p", { className: "error" }, warning));
      const lines = checked.outline.map((line) => element("li", { className: `level-${Math.min(line.level, 3)}` }, line.title));
      item.append(element("details", { open: queue.length === 1 },
        element("summary", {}, filled(words.outline_check, { count: lines.length })),
        lines.length ? element("ol", { tabIndex: 0 }, ...lines) : element("p", { className: "error" }, words.outline_empty)));
    }
    item.append(mend(entry));
  }
  drawPublish();
}

/** A small form with the facts as read, which may be given otherwise. */
function mend(entry) {
  const fields = ["title", "region", "year"].map((name) => {
    const input = element("input", { name, value: entry.given[name] ?? entry.checked[name] ?? "" });
    if (name === "year") input.inputMode = "numeric";
    return element("label", { className: "field" }, element("span", {}, words[`fact_${name}`]), input);
  });
  const form = element("form", { className: "mend" }, ...fields, element("button", { type: "submit", className: "button quiet" }, words.recheck));
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    for (const name of ["title", "region", "year"]) {
      const value = form.elements[name].value.trim();
      if (value !== String(entry.checked[name] ?? "")) entry.given[name] = value;
    }
    check(entry);
  });
  if (entry.checked.error) return form;
  return element("details", {}, element("summary", {}, [words.fact_title, words.fact_region, words.fact_year].join(" · ")), form);
}

const good = () => queue.filter((entry) => entry.checked && !entry.checked.error);

function drawPublish() {
  const count = good().length;
  publish.hidden = !count;
  publish.textContent = filled(words.publish, { count });
}

async function publishAll() {
  publish.disabled = true;
  try {
    // Files whose facts were given by hand go each on its own, for the facts hold for all files sent together.
    const plain = good().filter((e) => !Object.keys(e.given).length);
    const groups = [plain, ...good().filter((e) => Object.keys(e.given).length).map((e) => [e])].filter((g) => g.length);
    for (const group of groups) {
      const form = new FormData();
      for (const [name, value] of Object.entries(group[0].given)) if (value) form.append(name, value);
      for (const entry of group) form.append("files", entry.file);
      const job = await followed(await send("v1/documents", form, () => {}));
      if (job.state !== "done") throw new Error(filled(words.failed, { detail: job.messages.join("；") }));
      for (const entry of group) {
        queue.splice(queue.indexOf(entry), 1);
        entry.item.remove();
      }
      await showReports();
      say([filled(words.published, job), ...job.messages].join(" "));
    }
  } catch (error) {
    say(error.message, true);
  } finally {
    publish.disabled = false;
    drawPublish();
  }
}

/** Wait for a job, showing how far it is. */
async function followed(job) {
  progress.hidden = false;
  while (job.state === "queued" || job.state === "running") {
    if (job.total) Object.assign(progress, { max: job.total, value: job.done });
    say(job.total ? filled(words.publishing, job) : words.checking);
    await new Promise((resolve) => setTimeout(resolve, LOOK));
    job = await call(`v1/jobs/${job.id}`);
  }
  progress.hidden = true;
  progress.removeAttribute("value");
  return job;
}

export async function showReports() {
  const [{ documents }, { versions }] = await Promise.all([call("v1/documents?limit=100"), call("v1/versions")]);
  document.getElementById("held").replaceChildren(...documents.map(heldRow));
  document.getElementById("versions").replaceChildren(...versions.map(versionRow));
}

function heldRow(report) {
  const read = element("a", { className: "plain", href: `${root}/reports/${encodeURIComponent(report.id)}` }, words.read_it);
  const replace = element("label", { className: "plain" }, words.replace);
  const file = element("input", { type: "file", className: "visually-hidden", ariaLabel: `${words.replace} ${report.title}` });
  file.addEventListener("change", () => {
    const [chosen] = file.files;
    // The library knows a report by the name of its file.
    if (chosen) take([new File([chosen], report.id + chosen.name.slice(chosen.name.lastIndexOf(".")), { type: chosen.type })]);
    file.value = "";
    document.getElementById("drop").scrollIntoView({ block: "start" });
  });
  replace.append(file);
  const remove = element("button", { type: "button", className: "plain" }, words.remove);
  remove.addEventListener("click", async () => {
    if (!confirm(filled(words.remove_sure, report))) return;
    const job = await followed(await call(`v1/documents/${encodeURIComponent(report.id)}`, { method: "DELETE" }));
    if (job.state === "done") { await showReports(); say(words.removed); } else say(filled(words.failed, { detail: job.messages.join("；") }), true);
  });
  return element("li", {}, element("bdi", { className: "grow" }, report.title),
    element("span", { className: "state" }, [report.date, report.id].filter(Boolean).join(" · ")), read, replace, remove);
}

function versionRow(version) {
  const when = version.created;
  const row = element("li", {}, element("span", { className: "grow" }, filled(words.version_row, version)),
    element("span", { className: "state" }, new Date(when).toLocaleString()));
  if (version.published) row.append(element("span", { className: "state good" }, words.version_now));
  else if (!version.whole) row.append(element("span", { className: "state bad" }, words.version_broken));
  else {
    const back = element("button", { type: "button", className: "plain" }, words.roll_back);
    back.addEventListener("click", async () => {
      await call(`v1/versions/${version.number}/publish`, { method: "POST" });
      await showReports();
      say(filled(words.rolled_back, version));
    });
    row.append(back);
  }
  return row;
}
