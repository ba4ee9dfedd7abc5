// @ts-check
/** The page: finds its parts once, and changes them when told. Holds no state of the conversation and makes no calls. */

import { button, element, formatted, webLink } from "./text.js";

/** @typedef {import("./api.js").Citation} Citation */
/** @typedef {"user" | "ai_agent" | "human_agent" | "system"} Sender */
/** @typedef {{label: string, run: () => void, waitSeconds?: number}} Action */

const ROOM_AT_END_PX = 140;
const NEAR_LIMIT = 4_500;
const SCORES = ["very dissatisfied", "dissatisfied", "neither", "satisfied", "very satisfied"];

/**
 * @template {HTMLElement} T
 * @param {string} id
 * @param {new () => T} type
 * @returns {T}
 */
function part(id, type) {
  const node = document.getElementById(id);
  if (!(node instanceof type)) throw new Error(`the page has no ${type.name} #${id}`);
  return node;
}

export const page = {
  organization: document.body.dataset.organization ?? "",
  empty: part("empty", HTMLElement),
  log: part("log", HTMLElement),
  draft: part("draft", HTMLElement),
  after: part("after", HTMLElement),
  problem: part("problem", HTMLElement),
  status: part("status", HTMLElement),
  badge: part("badge", HTMLElement),
  standing: part("standing", HTMLElement),
  offline: part("offline", HTMLElement),
  composer: part("composer", HTMLFormElement),
  text: part("text", HTMLTextAreaElement),
  send: part("send", HTMLButtonElement),
  count: part("count", HTMLElement),
  used: part("used", HTMLElement),
  jump: part("jump", HTMLButtonElement),
  renew: part("renew", HTMLButtonElement),
  confirm: part("confirm", HTMLDialogElement),
};

// ---- scrolling: follow the conversation only while the reader is at its end ----

function atEnd() {
  const { scrollHeight, scrollTop, clientHeight } = document.documentElement;
  return scrollHeight - scrollTop - clientHeight < ROOM_AT_END_PX;
}

/** @param {ScrollBehavior} [behavior] */
export function scrollToEnd(behavior = "auto") {
  window.scrollTo({ top: document.documentElement.scrollHeight, behavior });
  page.jump.hidden = true;
}

/** @param {() => void} change something that makes the conversation longer */
function following(change) {
  const follow = atEnd();
  change();
  if (follow) scrollToEnd();
  else page.jump.hidden = false;
}

/**
 * Shows messages of earlier times without having all of them read out.
 * @param {() => Promise<void>} show
 */
export async function quietly(show) {
  page.log.setAttribute("aria-live", "off");
  await show().finally(() => setTimeout(() => page.log.setAttribute("aria-live", "polite"), 500));
  scrollToEnd();
}

page.jump.addEventListener("click", () => {
  scrollToEnd(matchMedia("(prefers-reduced-motion: reduce)").matches ? "auto" : "smooth");
  page.text.focus({ preventScroll: true });
});
window.addEventListener("scroll", () => { if (atEnd()) page.jump.hidden = true; }, { passive: true });

// ---- messages ----

/**
 * @param {Sender} sender
 * @param {string} content
 * @param {{at?: string, name?: string | null, citations?: Citation[]}} [options]
 */
export function addMessage(sender, content, { at, name, citations = [] } = {}) {
  page.empty.hidden = true;
  const sources = citations.map(source);
  const text = element("div", { class: "text" });
  if (sender === "user") text.append(element("p", { text: content }));
  else text.append(formatted(content, (number) => sourceMark(number, sources)));

  const node = element("div", { class: `message ${sender}` });
  node.append(element("p", { class: sender === "human_agent" ? "name" : "visually-hidden", text: label(sender, name) }), text);
  if (sources.length > 0) node.append(sourceList(sources));
  if (at) node.append(time(at));
  following(() => page.log.append(node));
  return node;
}

/**
 * @param {Sender} sender
 * @param {string | null} [name]
 */
function label(sender, name) {
  if (sender === "user") return "You:";
  if (sender === "human_agent") return name || "Support colleague";
  return sender === "ai_agent" ? "AI assistant:" : "Notice:";
}

/** @param {string} at */
function time(at) {
  const when = new Date(at);
  const today = when.toDateString() === new Date().toDateString();
  /** @type {Intl.DateTimeFormatOptions} */
  const style = today ? { timeStyle: "short" } : { dateStyle: "medium", timeStyle: "short" };
  return element("time", { datetime: at, text: new Intl.DateTimeFormat(undefined, style).format(when) });
}

/** Empties the conversation. */
export function clear() {
  page.log.replaceChildren();
  page.after.replaceChildren();
  endDraft();
  page.empty.hidden = false;
}

// ---- citations ----

/** @param {Citation} citation */
function source({ title, url, quote }) {
  const summary = element("summary", { text: title });
  const details = element("details", {}, summary, element("blockquote", { text: quote }));
  if (url) details.append(element("p", { class: "origin" }, webLink(url, "Read the whole article")));
  return /** @type {HTMLDetailsElement} */ (details);
}

/** @param {HTMLDetailsElement[]} sources */
function sourceList(sources) {
  const list = element("ol", {}, ...sources.map((details) => element("li", {}, details)));
  return element("div", { class: "sources" }, element("p", { class: "sources-title", text: sources.length > 1 ? "Sources" : "Source" }), list);
}

/**
 * @param {number} number counted from 1
 * @param {HTMLDetailsElement[]} sources
 */
function sourceMark(number, sources) {
  const details = sources[number - 1];
  if (!details) return null;
  const show = () => {
    details.open = true;
    details.querySelector("summary")?.focus();
  };
  return button(String(number), show, { class: "mark-ref", "aria-label": `Show source ${number}` });
}

// ---- the answer while it is being written: outside the live region, so that it is read out once, when complete ----

/** @param {string} words what a screen reader hears */
export function startDraft(words) {
  const dots = element("div", { class: "typing" }, element("span"), element("span"), element("span"));
  page.draft.replaceChildren(dots);
  page.status.textContent = words;
  following(() => { page.draft.hidden = false; });
}

/** @param {string} text everything written so far */
export function showDraft(text) {
  following(() => page.draft.replaceChildren(element("div", { class: "text" }, formatted(text))));
}

export function endDraft() {
  page.draft.hidden = true;
  page.draft.replaceChildren();
  page.status.textContent = "";
}

// ---- what stands below the newest answer ----

/**
 * @param {string[]} questions
 * @param {(question: string) => void} onPick
 */
export function offerQuestions(questions, onPick) {
  if (questions.length === 0) return;
  const items = questions.map((q) => element("li", {}, button(q, () => onPick(q), { class: "chip" })));
  following(() => page.after.append(element("ul", { class: "examples", "aria-label": "Suggested questions" }, ...items)));
}

/** @param {() => Promise<void>} onAsk */
export function offerPerson(onAsk) {
  const ask = button("Talk to a person", async () => {
    ask.disabled = true;
    try {
      await onAsk();
      ask.remove();
    } catch {
      ask.disabled = false;
    }
  }, { class: "primary" });
  following(() => page.after.append(ask));
}

/** @param {(score: number) => Promise<void>} onRate */
export function offerRating(onRate) {
  const buttons = SCORES.map((words, i) => button(String(i + 1), () => rate(i + 1), { "aria-label": `${i + 1} of 5, ${words}` }));
  const group = element("div", { class: "rating", role: "group", "aria-label": "How satisfied are you with this conversation?" },
    element("span", { class: "rating-title", text: "How satisfied are you?" }), element("span", { class: "scale" }, ...buttons));

  /** @param {number} score */
  async function rate(score) {
    for (const each of buttons) each.disabled = true;
    try {
      await onRate(score);
      const thanks = element("p", { class: "thanks", tabindex: "-1", text: `Thank you. You chose ${score} of 5.` });
      group.replaceWith(thanks);
      thanks.focus({ preventScroll: true });
    } catch {
      for (const each of buttons) each.disabled = false;
    }
  }
  following(() => page.after.append(group));
}

// ---- failures ----

/**
 * Says below a message that it was not answered, and what can be done. The message's text stays.
 * @param {HTMLElement} message
 * @param {string} words
 * @param {Action[]} actions
 */
export function markFailed(message, words, actions) {
  message.classList.add("failed");
  following(() => message.append(failureNote(words, actions)));
}

/** @param {HTMLElement} message */
export function clearFailed(message) {
  message.classList.remove("failed");
  message.querySelector(".failure")?.remove();
}

/**
 * Shows a failure that belongs to no message; nothing takes it away.
 * @param {string} [words]
 * @param {Action[]} [actions]
 */
export function showProblem(words, actions = []) {
  page.problem.hidden = !words;
  page.problem.replaceChildren(...(words ? [failureNote(words, actions)] : []));
}

/**
 * @param {string} words
 * @param {Action[]} actions
 */
function failureNote(words, actions) {
  return element("div", { class: "failure" }, element("p", { text: words }), ...actions.map(actionButton));
}

/** @param {Action} action */
function actionButton({ label: text, run, waitSeconds = 0 }) {
  const node = button(text, run);
  if (waitSeconds > 0) {
    node.disabled = true;
    setTimeout(() => { node.disabled = false; }, waitSeconds * 1000);
  }
  return node;
}

// ---- who answers ----

/** @param {boolean} person */
export function showOwner(person) {
  page.badge.textContent = person ? "Support team" : "AI assistant";
  page.standing.textContent = person ? "A colleague takes over" : "Answers at any hour";
}

// ---- the message field ----

/**
 * @param {number} length in characters
 * @param {number} limit
 */
export function showCount(length, limit) {
  page.used.textContent = length.toLocaleString("en");
  page.count.classList.toggle("near", length >= NEAR_LIMIT);
  page.count.classList.toggle("over", length > limit);
  page.text.setAttribute("aria-invalid", String(length > limit));
}

/** @returns {Promise<boolean>} whether the person wants a new conversation */
export function confirmRenewal() {
  const { confirm } = page;
  confirm.returnValue = "";
  confirm.showModal();
  return new Promise((resolve) => {
    confirm.addEventListener("close", () => resolve(confirm.returnValue === "renew"), { once: true });
  });
}

for (const choice of page.confirm.querySelectorAll("button")) {
  choice.addEventListener("click", () => page.confirm.close(choice.value));
}
