// Small helpers of the staff's page: elements made of text, never of HTML.
const source = document.getElementById("words");
export const words = JSON.parse(source.content.textContent);
export const root = source.dataset.root;

export function element(name, properties, ...children) {
  const made = Object.assign(document.createElement(name), properties);
  made.append(...children);
  return made;
}

export const filled = (text, values) => text.replace(/\{(\w+)\}/g, (_, key) => String(values[key] ?? ""));

export function say(text, bad = false) {
  const told = document.getElementById("told");
  told.textContent = text;
  told.classList.toggle("bad", bad);
  if (text) told.scrollIntoView({ block: "nearest" });
}
