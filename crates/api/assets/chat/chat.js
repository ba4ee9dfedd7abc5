// @ts-check
/**
 * The conversation of one visitor: starts or resumes it, sends messages, and never loses what the visitor wrote.
 * Calls are made in `api.js`; the page is changed in `view.js`.
 */

import { ApiError, openSession } from "./api.js";
import * as view from "./view.js";

/** @typedef {import("./api.js").Session} Session */
/** @typedef {import("./api.js").Message} Message */
/** @typedef {import("./api.js").Turn} Turn */
/** A message on its way; it keeps its idempotency key for every attempt. @typedef {{text: string, key: string, node: HTMLElement}} Outgoing */

const { page } = view;
const LIMIT = 5_000;
const POLL_MS = 5_000;
const WITH_PERSON = ["escalated", "waiting_for_agent"];
const VISITOR_KEY = "acs.chat.visitor";

/** @type {Session | null} */
let session = null;
/** @type {Outgoing | null} */
let failed = null;
let busy = false;
/** A person owns the conversation, so replies come from outside any turn. */
let withPerson = false;
/** A turn that this page does not follow, such as one begun before a reload, may still bring a reply. */
let replyPending = false;
let rated = false;
let visitor = recallVisitor();
/** Ids of the messages on the page. @type {Set<string>} */
let shown = new Set();
/** Where the newest page of messages begins. @type {string | null} */
let lastPage = null;

// ---- the visitor ----

/** @returns {string} */
function randomId() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** @param {string} id */
function rememberVisitor(id) {
  try {
    localStorage.setItem(VISITOR_KEY, id);
  } catch {
    // A browser that stores nothing gets a new conversation with every visit.
  }
  return id;
}

function recallVisitor() {
  try {
    return localStorage.getItem(VISITOR_KEY) ?? rememberVisitor(randomId());
  } catch {
    return randomId();
  }
}

// ---- start ----

/** Signs in, resumes the conversation and shows its messages. */
async function open() {
  view.showProblem();
  const opened = await openSession(page.organization, visitor);
  session = opened;
  const { status, assigned_agent_id: agent, satisfaction_score: score } = opened.conversation;
  rated = typeof score === "number";
  replyPending = status === "processing";
  setOwner(WITH_PERSON.includes(status) || (status === "waiting_for_user" && typeof agent === "string"));
  try {
    await view.quietly(() => showNewMessages(opened, () => true));
  } catch (error) {
    session = null;
    throw error;
  }
  return opened;
}

async function start() {
  setBusy(true);
  try {
    await open();
  } catch (error) {
    const { words, waitSeconds } = explain(error);
    view.showProblem(`The chat could not be opened. ${words}`, [{ label: "Try again", run: start, waitSeconds }]);
  } finally {
    setBusy(false);
  }
}

/** A new id makes a new customer, so the old conversation, perhaps in a person's hands, is left as it stands. */
async function renew() {
  if (shown.size > 0 && !(await view.confirmRenewal())) return;
  visitor = rememberVisitor(randomId());
  session = null;
  failed = null;
  shown = new Set();
  lastPage = null;
  setOwner(false);
  view.clear();
  await start();
  page.text.focus();
}

/** @param {boolean} person */
function setOwner(person) {
  withPerson = person;
  view.showOwner(person);
}

// ---- messages that others wrote, or that were written before ----

/**
 * Reads from the newest page known to the end, and shows what is not on the page yet.
 * @param {Session} from
 * @param {() => boolean} wanted asked again after every wait
 */
async function showNewMessages(from, wanted) {
  for (;;) {
    const { items, next_cursor: next } = await from.messages(lastPage);
    if (from !== session || !wanted()) return;
    items.forEach(showMessage);
    if (next === null) return;
    lastPage = next;
  }
}

/** @param {Message} message */
function showMessage({ id, sender_type: sender, sender_name: name, content, citations, created_at: at }) {
  if (shown.has(id)) return;
  shown.add(id);
  // A message whose answer was cut off stands on the page already.
  if (sender === "user" && failed?.text === content) return;
  if (sender !== "user") replyPending = false;
  view.addMessage(sender, content, { at, name, citations: citations ?? [] });
}

async function poll() {
  const current = session;
  if (current && (withPerson || replyPending) && !busy && navigator.onLine && !document.hidden) {
    // A missed round is made good by the next one.
    await showNewMessages(current, () => !busy).catch(() => undefined);
  }
  setTimeout(poll, POLL_MS);
}

// ---- sending ----

/** @param {string} raw */
async function submit(raw) {
  const text = raw.trim();
  if (busy || !text || length(text) > LIMIT || !navigator.onLine) return;
  const outgoing = failed?.text === text ? failed : compose(text);
  page.log.append(outgoing.node);
  page.text.value = "";
  page.after.replaceChildren();
  page.text.focus({ preventScroll: true });
  view.scrollToEnd();
  await attempt(outgoing);
}

/** @param {string} text @returns {Outgoing} */
function compose(text) {
  return { text, key: randomId(), node: view.addMessage("user", text, { at: new Date().toISOString() }) };
}

/** @param {Outgoing} outgoing */
async function attempt(outgoing) {
  if (busy) return;
  setBusy(true);
  failed = null;
  view.clearFailed(outgoing.node);
  view.startDraft(withPerson ? "Your message is being delivered." : "The assistant is writing.");
  let written = "";
  try {
    const current = session ?? (await open());
    page.log.append(outgoing.node);
    const turn = await current.say(outgoing.text, outgoing.key, {
      onDelta(text) {
        written += text;
        view.showDraft(written);
      },
    });
    view.endDraft();
    finish(turn);
  } catch (error) {
    view.endDraft();
    fail(outgoing, error);
  } finally {
    setBusy(false);
  }
}

/** @param {Turn} turn */
function finish(turn) {
  shown.add(turn.message_id);
  setOwner(turn.response === null || WITH_PERSON.includes(turn.status ?? ""));
  if (turn.response === null) {
    page.status.textContent = "Your message was delivered. A colleague will answer here.";
    return;
  }
  const known = turn.reply_id !== null && shown.has(turn.reply_id);
  if (turn.reply_id) shown.add(turn.reply_id);
  if (!known) view.addMessage("ai_agent", turn.response, { at: new Date().toISOString(), citations: turn.citations ?? [] });
  view.offerQuestions(turn.follow_up_questions ?? [], submit);
  if (turn.offers_person && !withPerson) view.offerPerson(askForPerson);
  if (turn.outcome === "answered" && !rated) view.offerRating(rate);
}

/**
 * @param {Outgoing} outgoing
 * @param {unknown} error
 */
function fail(outgoing, error) {
  failed = outgoing;
  const { words, waitSeconds, kind } = explain(error);
  const edit = { label: "Edit", run: () => takeBack(outgoing) };
  const retry = { label: "Try again", run: () => void attempt(outgoing), waitSeconds };
  const fresh = { label: "Start a new conversation", run: () => { takeBack(outgoing); void renew(); } };
  const actions = kind === "gone" ? [fresh] : kind === "refused" ? [edit] : [retry, edit];
  view.markFailed(outgoing.node, words, actions);
}

/** Puts the text of a failed message back into the field. @param {Outgoing} outgoing */
function takeBack(outgoing) {
  outgoing.node.remove();
  page.text.value = [outgoing.text, page.text.value].filter(Boolean).join("\n");
  update();
  page.text.focus();
}

/** @param {unknown} error */
function explain(error) {
  const known = error instanceof ApiError ? error : new ApiError("server", "Something went wrong on this page.");
  const { kind, retryAfter: waitSeconds, requestId } = known;
  const advice = kind === "refused" || kind === "gone" ? "" : waitSeconds > 0 ? ` You can try again in ${duration(waitSeconds)}.` : " Please try again.";
  const reference = kind === "server" && requestId ? ` Reference: ${requestId}` : "";
  return { kind, waitSeconds, words: known.message + advice + reference };
}

/** @param {number} seconds */
function duration(seconds) {
  if (seconds < 90) return seconds === 1 ? "1 second" : `${seconds} seconds`;
  return `${Math.ceil(seconds / 60)} minutes`;
}

// ---- a person, and the rating ----

async function askForPerson() {
  await orSay(async (current) => {
    await current.escalate("The customer asked for a person in the chat");
    setOwner(true);
    view.addMessage("system", "A colleague has been told and will answer in this chat. You can go on writing.");
    page.text.focus();
  });
}

/** @param {number} score */
async function rate(score) {
  await orSay(async (current) => {
    await current.rate(score);
    rated = true;
  });
}

/** Runs a call and shows why it failed, before the failure goes on. @param {(current: Session) => Promise<void>} call */
async function orSay(call) {
  view.showProblem();
  try {
    if (session) await call(session);
  } catch (error) {
    view.showProblem(explain(error).words);
    throw error;
  }
}

// ---- the field and the window ----

/** Characters as the server counts them: code points, not UTF-16 units. @param {string} text */
function length(text) {
  return [...text].length;
}

function update() {
  const used = length(page.text.value.trim());
  view.showCount(used, LIMIT);
  page.send.disabled = busy || used === 0 || used > LIMIT || !navigator.onLine;
  page.offline.hidden = navigator.onLine;
}

/** @param {boolean} now */
function setBusy(now) {
  busy = now;
  page.renew.disabled = now;
  update();
}

page.composer.addEventListener("submit", (event) => {
  event.preventDefault();
  void submit(page.text.value);
});
page.text.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
  event.preventDefault();
  void submit(page.text.value);
});
page.text.addEventListener("input", update);
page.renew.addEventListener("click", () => void renew());
page.empty.addEventListener("click", (event) => {
  const example = event.target instanceof Element && event.target.closest("[data-ask]");
  if (example instanceof HTMLElement) void submit(example.dataset.ask ?? "");
});
window.addEventListener("online", update);
window.addEventListener("offline", update);

await start();
setTimeout(poll, POLL_MS);
