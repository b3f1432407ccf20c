// Requests with the key of the staff; a failure carries what the server says, in its own words.
import { root, words } from "./staff-dom.js";

const KEY = "wz.key";
let key = "";

export class Failure extends Error {}

export function hold(value) {
  key = value;
  try { sessionStorage.setItem(KEY, value); } catch { /* then it lasts for this page */ }
}
export function forget() {
  key = "";
  try { sessionStorage.removeItem(KEY); } catch { /* nothing was kept */ }
}
export function held() {
  try { return key || sessionStorage.getItem(KEY) || ""; } catch { return key; }
}

export async function call(path, { method = "GET", body = undefined } = {}) {
  const headers = { Authorization: `Bearer ${key}` };
  if (body && !(body instanceof FormData)) {
    headers["Content-Type"] = "application/json";
    body = JSON.stringify(body);
  }
  let reply;
  try {
    reply = await fetch(`${root}/${path}`, { method, headers, body });
  } catch {
    throw new Failure(words.no_answer);
  }
  const told = await reply.json().catch(() => ({}));
  if (!reply.ok) throw new Failure(told.detail ?? `${reply.status}`);
  return told;
}

/** Send a form, telling how much of it has gone out; fetch cannot tell. */
export function send(path, form, progress) {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open("POST", `${root}/${path}`);
    request.setRequestHeader("Authorization", `Bearer ${key}`);
    request.responseType = "json";
    request.upload.addEventListener("progress", (event) => progress(event.loaded, event.total));
    request.addEventListener("load", () => {
      if (request.status < 300) resolve(request.response);
      else reject(new Failure(request.response?.detail ?? `${request.status}`));
    });
    request.addEventListener("error", () => reject(new Failure(words.no_answer)));
    request.send(form);
  });
}
