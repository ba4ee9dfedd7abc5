// @ts-check
/**
 * Plain answers to safe elements: paragraphs, lists, bold, web addresses and source marks such as `[1]`. Text only ever
 * becomes text nodes, so nothing that a message holds can turn into markup.
 */

/**
 * @param {string} tag
 * @param {{class?: string, text?: string, [attribute: string]: string | undefined}} [options]
 * @param {(Node | string)[]} children
 */
export function element(tag, { class: className, text, ...attributes } = {}, ...children) {
  const node = document.createElement(tag);
  if (className) node.className = className;
  if (text !== undefined) node.textContent = text;
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== undefined) node.setAttribute(name, value);
  }
  node.append(...children);
  return node;
}

/**
 * @param {string} text
 * @param {() => void} onClick
 * @param {{class?: string, [attribute: string]: string | undefined}} [options]
 */
export function button(text, onClick, options = {}) {
  const node = /** @type {HTMLButtonElement} */ (element("button", { type: "button", text, ...options }));
  node.addEventListener("click", onClick);
  return node;
}

/**
 * A link that opens in a new tab, or the bare text when the address is not on the web.
 * @param {string} address
 * @param {string} text
 */
export function webLink(address, text) {
  const href = webAddress(address);
  if (!href) return document.createTextNode(text);
  const hint = element("span", { class: "visually-hidden", text: " (opens in a new tab)" });
  return element("a", { href, target: "_blank", rel: "noopener noreferrer" }, text, hint);
}

/**
 * @param {string} address
 * @returns {string} the address, or nothing unless it is an http or https one
 */
export function webAddress(address) {
  if (!URL.canParse(address)) return "";
  const url = new URL(address);
  return url.protocol === "https:" || url.protocol === "http:" ? url.href : "";
}

/**
 * @param {string} text
 * @param {(number: number) => Node | null} sourceMark what `[number]` becomes; null leaves it as text
 */
export function formatted(text, sourceMark = () => null) {
  const fragment = document.createDocumentFragment();
  for (const block of text.replace(/\r\n?/g, "\n").split(/\n{2,}/)) {
    for (const run of runs(block.split("\n"))) fragment.append(renderRun(run, sourceMark));
  }
  return fragment;
}

/** @typedef {{kind: "p" | "ul" | "ol", lines: string[], start: number}} Run */

/**
 * Groups lines that belong to one paragraph or one list.
 * @param {string[]} lines
 */
function runs(lines) {
  /** @type {Run[]} */
  const found = [];
  for (const line of lines) {
    const [, mark, item] = /^\s*([-*•]|\d{1,3}[.)])\s+(.*)$/.exec(line) ?? [];
    const kind = mark === undefined ? "p" : /\d/.test(mark) ? "ol" : "ul";
    const last = found.at(-1);
    if (last?.kind === kind) last.lines.push(item ?? line);
    else if (line.trim()) found.push({ kind, lines: [item ?? line], start: parseInt(mark, 10) || 1 });
  }
  return found;
}

/**
 * @param {Run} run
 * @param {(number: number) => Node | null} sourceMark
 */
function renderRun({ kind, lines, start }, sourceMark) {
  if (kind === "p") {
    return element("p", {}, ...lines.flatMap((line, i) => [...(i ? [element("br")] : []), ...inline(line, sourceMark)]));
  }
  const list = element(kind, { start: kind === "ol" && start > 1 ? String(start) : undefined });
  list.append(...lines.map((line) => element("li", {}, ...inline(line, sourceMark))));
  return list;
}

const INLINE = /\*\*([^*]+)\*\*|\[(\d{1,2})\]|(https?:\/\/[^\s<>"]*[^\s<>".,;:!?)\]])/g;

/**
 * @param {string} line
 * @param {(number: number) => Node | null} sourceMark
 * @returns {(Node | string)[]}
 */
function inline(line, sourceMark) {
  const parts = [];
  let from = 0;
  for (const match of line.matchAll(INLINE)) {
    const [whole, bold, number, address] = match;
    parts.push(line.slice(from, match.index));
    if (bold) parts.push(element("strong", { text: bold }));
    else if (address) parts.push(webLink(address, address));
    else parts.push(sourceMark(Number(number)) ?? whole);
    from = match.index + whole.length;
  }
  parts.push(line.slice(from));
  return parts;
}
