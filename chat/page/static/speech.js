// Speech instead of typing, where the browser has it. The browser decides where it is recognised.
export function offerSpeech(words, question, write, says) {
  const Recognition = window.SpeechRecognition ?? window.webkitSpeechRecognition;
  const button = document.getElementById("wz-speak");
  if (!Recognition || !window.isSecureContext) return;
  button.hidden = false;
  document.documentElement.classList.add("speech");
  let running = null;
  button.addEventListener("click", () => {
    if (running) return running.stop();
    running = new Recognition();
    running.lang = "zh-CN";
    running.interimResults = true;
    if ("processLocally" in running) running.processLocally = true; // nothing leaves the device
    running.onresult = (event) => write("wz-question", [...event.results].map((r) => r[0].transcript).join(""));
    let failed = false;
    running.onerror = () => { failed = true; };
    running.onend = () => {
      running = null;
      button.setAttribute("aria-pressed", "false");
      says.textContent = failed ? words.speak_failed : "";
      question().focus();
    };
    button.setAttribute("aria-pressed", "true");
    says.textContent = words.listening;
    running.start();
  });
}
