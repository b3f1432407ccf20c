// What can be done with an answer: copy it with its source, say whether it helped.
const reasons = JSON.parse(document.getElementById("wz-reasons").textContent);

export async function copyText(text) {
  if (navigator.clipboard) return navigator.clipboard.writeText(text);
  const area = document.createElement("textarea"); // addresses without https have no clipboard
  area.value = text;
  document.body.append(area);
  area.select();
  document.execCommand("copy");
  area.remove();
}

export function handleAction(button, article, turn, words) {
  const act = button.dataset.act;
  if (act === "copy") {
    const link = article.querySelector(".chip")?.href ?? "";
    return copyText([button.dataset.text, link].filter(Boolean).join("\n")).then(() => {
      button.textContent = words.copied;
      setTimeout(() => { button.textContent = words.copy_answer; }, 2000);
    });
  }
  const form = article.querySelector(".why");
  if (act === "down") {
    if (form) { form.remove(); button.setAttribute("aria-expanded", "false"); return; }
    button.setAttribute("aria-expanded", "true");
    const made = askWhy(words, (reason, comment) => send(false, reason, comment));
    article.querySelector(".answer").append(made);
    made.querySelector("input").focus();
    return;
  }
  form?.remove();
  send(true, "", "");

  async function send(helpful, reason, comment) {
    const told = article.querySelector(".told");
    const failed = await post(turn, helpful, reason, comment);
    told.textContent = failed ? words.not_sent.replace("{detail}", failed) : words.thanks;
    if (failed) return;
    article.querySelector(".why")?.remove();
    for (const name of ["up", "down"]) {
      const thumb = article.querySelector(`[data-act="${name}"]`);
      thumb.setAttribute("aria-pressed", String((name === "up") === helpful));
      thumb.disabled = true;
      if (name === "down") thumb.setAttribute("aria-expanded", "false");
    }
  }
}

function askWhy(words, send) {
  const form = document.createElement("form");
  form.className = "why";
  const set = document.createElement("fieldset");
  const legend = document.createElement("legend");
  legend.textContent = words.why;
  set.append(legend);
  for (const [value, text] of Object.entries(reasons)) {
    const label = document.createElement("label"), input = document.createElement("input");
    Object.assign(input, { type: "radio", name: "reason", value, required: true });
    label.append(input, text);
    set.append(label);
  }
  const field = document.createElement("label");
  field.className = "field";
  const comment = document.createElement("textarea");
  Object.assign(comment, { rows: 2, maxLength: 1000 });
  field.append(words.comment, comment);
  const button = document.createElement("button");
  Object.assign(button, { type: "submit", className: "button", textContent: words.send });
  form.append(set, field, button);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    send(new FormData(form).get("reason"), comment.value.trim());
  });
  return form;
}

/** Send what a person thinks of an answer; return "" or what went wrong. */
async function post(turn, helpful, reason, comment) {
  const answer = JSON.parse(turn.answer);
  const body = {
    question: turn.question, answer: answer.answer, status: answer.status, helpful,
    ...(reason && { reason }), ...(comment && { comment }), citations: answer.citations,
  };
  try {
    const reply = await fetch(new URL("v1/feedback", document.baseURI), {
      method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body),
    });
    return reply.ok ? "" : (await reply.json()).detail;
  } catch (error) {
    return error.message;
  }
}
