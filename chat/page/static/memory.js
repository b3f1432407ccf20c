// What this browser remembers: the conversation, and questions asked before. Nothing is uploaded.
const TURNS = "wz.turns", QUESTIONS = "wz.questions", MOST = 30;

function read(key) {
  try {
    const value = JSON.parse(localStorage.getItem(key) ?? "[]");
    return Array.isArray(value) ? value : [];
  } catch { // storage may be closed to frames, or hold what we did not write
    return [];
  }
}

function write(key, value) {
  try { localStorage.setItem(key, JSON.stringify(value)); } catch { /* full or closed: not remembered */ }
}

const isTurn = (t) => t && /^[a-z0-9]{1,16}$/.test(t.turn) && typeof t.question === "string" && typeof t.answer === "string";

export const keptTurns = () => read(TURNS).filter(isTurn).slice(-20);
export const saveTurns = (turns) => write(TURNS, turns);
export const keptQuestions = () => read(QUESTIONS).filter((q) => typeof q === "string");
export const keepQuestion = (text) => write(QUESTIONS, [text, ...keptQuestions().filter((q) => q !== text)].slice(0, MOST));
export const clearQuestions = () => write(QUESTIONS, []);
