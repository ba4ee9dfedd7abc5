// @ts-check
/**
 * What a customer's chat needs of the public API, and nothing else: a customer token, one conversation, and turns as
 * server-sent events. Knows no page; every failure leaves here as an `ApiError`.
 */

/** @typedef {{entry_id: string, title: string, url: string | null, quote: string, score: number}} Citation */
/**
 * @typedef {object} Message
 * @property {string} id
 * @property {"user" | "ai_agent" | "human_agent" | "system"} sender_type
 * @property {string | null} [sender_name]
 * @property {string} content
 * @property {Citation[]} [citations]
 * @property {string} created_at
 */
/**
 * @typedef {object} Conversation
 * @property {string} id
 * @property {string} status
 * @property {string | null} [assigned_agent_id]
 * @property {number | null} [satisfaction_score]
 */
/**
 * One finished turn. `response` and `reply_id` are null while a person owns the conversation.
 * @typedef {object} Turn
 * @property {string} message_id
 * @property {string | null} reply_id
 * @property {"answered" | "clarify" | "unknown" | "handed_over"} [outcome]
 * @property {string | null} response
 * @property {boolean} [offers_person]
 * @property {string} [status]
 * @property {Citation[]} [citations]
 * @property {string[]} [follow_up_questions]
 */
/** @typedef {{items: Message[], next_cursor: string | null}} MessagePage */
/** @typedef {"network" | "busy" | "gone" | "refused" | "server"} FailureKind */
/** @typedef {{name: string, data: string}} ServerEvent */
/** @typedef {{onAnalysis?: () => void, onDelta?: (text: string) => void}} TurnListener */
/** @typedef {Awaited<ReturnType<typeof openSession>>} Session */

const BASE = "/api/v1";
/** A stream that stays silent this long is given up; the retry carries the same key, so nothing runs twice. */
const SILENCE_MS = 60_000;
/** A request without a stream must answer within this time. */
const ANSWER_MS = 30_000;

/** A failed call: `kind` says what the page should do, `message` what the person should read. */
export class ApiError extends Error {
  /**
   * @param {FailureKind} kind
   * @param {string} message
   * @param {{retryAfter?: number, requestId?: string}} [details] `retryAfter` in seconds
   */
  constructor(kind, message, { retryAfter = 0, requestId = "" } = {}) {
    super(message);
    this.name = "ApiError";
    this.kind = kind;
    this.retryAfter = retryAfter;
    this.requestId = requestId;
  }
}

/**
 * Signs a visitor in and opens, or resumes, the visitor's conversation.
 * @param {string} organization the organization's slug
 * @param {string} userId the visitor's own id, kept by the browser
 */
export async function openSession(organization, userId) {
  let token = await fetchToken(organization, userId);

  /**
   * One call with the token; a 401 renews the token and is tried again once.
   * @param {string} path
   * @param {RequestInit & {headers?: Record<string, string>}} [init]
   */
  async function call(path, init = {}) {
    let response = await send(path, init, token);
    if (response.status === 401) {
      token = await fetchToken(organization, userId);
      response = await send(path, init, token);
    }
    if (!response.ok) throw await failure(response);
    return response;
  }

  /**
   * @param {string} path
   * @param {unknown} body
   */
  const post = (path, body) => call(path, { method: "POST", body: JSON.stringify(body) });

  /** @type {Conversation} */
  const conversation = await json(await post("/conversations", { user_id: userId, channel: "web" }));
  const path = `/conversations/${encodeURIComponent(conversation.id)}`;

  return {
    conversation,

    /**
     * @param {string | null} cursor
     * @returns {Promise<MessagePage>}
     */
    async messages(cursor) {
      const query = cursor === null ? "" : `&cursor=${encodeURIComponent(cursor)}`;
      return json(await call(`${path}/messages?limit=100${query}`));
    },

    /**
     * Sends one message and follows its turn to the end.
     * @param {string} content
     * @param {string} key the same for every attempt at the same message
     * @param {TurnListener} listener
     * @returns {Promise<Turn>}
     */
    async say(content, key, listener) {
      const patience = deadline(SILENCE_MS);
      try {
        const response = await call(`${path}/messages`, {
          method: "POST",
          body: JSON.stringify({ content }),
          headers: { accept: "text/event-stream", "idempotency-key": key },
          signal: patience.signal,
        });
        if (!isEventStream(response)) return await json(response);
        return await followTurn(response, patience, listener);
      } catch (error) {
        throw asApiError(error);
      } finally {
        patience.end();
      }
    },

    /** @param {string} reason */
    escalate: (reason) => post(`${path}/escalate`, { reason }),
    /** @param {number} score from 1 to 5 */
    rate: (score) => post(`${path}/satisfaction`, { score }),
  };
}

/**
 * @param {string} organization
 * @param {string} userId
 * @returns {Promise<string>}
 */
async function fetchToken(organization, userId) {
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  // Browsers that know no zone say so in different ways; left out, the organization's counts.
  const body = JSON.stringify({
    organization,
    user_id: userId,
    ...(zone?.includes("/") && !zone.startsWith("Etc/") && { time_zone: zone }),
  });
  const response = await send("/auth/widget", { method: "POST", body }, "");
  if (!response.ok) throw await failure(response);
  return (await json(response)).access_token;
}

/**
 * @param {string} path
 * @param {RequestInit & {headers?: Record<string, string>}} init
 * @param {string} token
 */
async function send(path, init, token) {
  const headers = { accept: "application/json", ...init.headers };
  if (init.body) Object.assign(headers, { "content-type": "application/json" });
  if (token) Object.assign(headers, { authorization: `Bearer ${token}` });
  try {
    const signal = init.signal ?? AbortSignal.timeout(ANSWER_MS);
    return await fetch(BASE + path, { credentials: "omit", cache: "no-store", ...init, headers, signal });
  } catch (error) {
    throw asApiError(error);
  }
}

/**
 * Reads a turn's events until `done` or `error`.
 * @param {Response} response
 * @param {ReturnType<typeof deadline>} patience
 * @param {TurnListener} listener
 * @returns {Promise<Turn>}
 */
async function followTurn(response, patience, listener) {
  if (response.body) {
    for await (const event of serverEvents(response.body, patience.renew)) {
      if (event.name === "analysis") listener.onAnalysis?.();
      else if (event.name === "delta") listener.onDelta?.(JSON.parse(event.data).text);
      else if (event.name === "done") return JSON.parse(event.data);
      else if (event.name === "error") throw fromEnvelope(JSON.parse(event.data), 500, 0);
    }
  }
  throw new ApiError("network", "The connection broke before the answer was complete.");
}

/**
 * The events of a `text/event-stream` body, as the HTML standard describes the format; line ends are LF or CRLF.
 * An event that was cut off by the end of the stream is dropped.
 * @param {ReadableStream<Uint8Array>} body
 * @param {() => void} [onChunk]
 * @returns {AsyncGenerator<ServerEvent, void, void>}
 */
export async function* serverEvents(body, onChunk) {
  const reader = body.getReader();
  const decoder = new TextDecoder();
  let rest = "";
  try {
    for (;;) {
      const { value, done } = await reader.read();
      if (done) return;
      onChunk?.();
      const blocks = (rest + decoder.decode(value, { stream: true })).split(/\r?\n\r?\n/);
      rest = blocks.pop() ?? "";
      for (const block of blocks) {
        const event = parseEvent(block);
        if (event) yield event;
      }
    }
  } finally {
    await reader.cancel().catch(() => undefined);
  }
}

/**
 * @param {string} block the lines of one event
 * @returns {ServerEvent | null} null for a comment, which servers send to keep the line open
 */
function parseEvent(block) {
  let name = "message";
  const data = [];
  for (const line of block.split(/\r?\n/)) {
    const [, field, value] = /^([^:]*):? ?(.*)$/.exec(line) ?? [];
    if (field === "event") name = value;
    else if (field === "data") data.push(value);
  }
  return data.length > 0 ? { name, data: data.join("\n") } : null;
}

/** @param {Response} response */
function isEventStream(response) {
  return (response.headers.get("content-type") ?? "").startsWith("text/event-stream");
}

/**
 * @param {Response} response
 * @returns {Promise<any>}
 */
async function json(response) {
  try {
    return await response.json();
  } catch (error) {
    throw asApiError(error);
  }
}

/**
 * @param {Response} response
 * @returns {Promise<ApiError>}
 */
async function failure(response) {
  const envelope = await response.json().catch(() => ({}));
  return fromEnvelope(envelope, response.status, seconds(response.headers.get("retry-after")));
}

/**
 * Turns the error envelope into words for a customer. The server's own words are shown only where they tell the
 * customer what to change.
 * @param {{error?: {code?: string, message?: string, request_id?: string}}} envelope
 * @param {number} status
 * @param {number} retryAfter
 */
function fromEnvelope(envelope, status, retryAfter) {
  const { code = "", message = "", request_id: requestId = "" } = envelope.error ?? {};
  const details = { retryAfter, requestId };
  if (status === 429 || code === "2005") return new ApiError("busy", "Too many messages in a short time.", details);
  if (status === 409 && retryAfter > 0) return new ApiError("busy", "Your message is still being answered.", details);
  if (code === "3001" || code === "2004") return new ApiError("gone", "This conversation is closed.", details);
  if (status === 400 || status === 413) return new ApiError("refused", message || "The message was refused.", details);
  return new ApiError("server", "Something went wrong on our side.", details);
}

/**
 * @param {unknown} error
 * @returns {ApiError}
 */
function asApiError(error) {
  if (error instanceof ApiError) return error;
  return new ApiError("network", "The server could not be reached.");
}

/**
 * `Retry-After` is a number of seconds or a date.
 * @param {string | null} header
 */
function seconds(header) {
  if (!header) return 0;
  const wait = /^\d+$/.test(header) ? Number(header) : (Date.parse(header) - Date.now()) / 1000;
  return Number.isFinite(wait) ? Math.max(0, Math.ceil(wait)) : 0;
}

/**
 * An abort signal that fires after `ms` unless it is renewed.
 * @param {number} ms
 */
function deadline(ms) {
  const controller = new AbortController();
  let timer = setTimeout(() => controller.abort(), ms);
  return {
    signal: controller.signal,
    renew() {
      clearTimeout(timer);
      timer = setTimeout(() => controller.abort(), ms);
    },
    end: () => clearTimeout(timer),
  };
}
