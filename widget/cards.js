/** The blocks of a reply (base/answer.py) as elements. */

import { element } from "./element.js";
import { TEXTS } from "./texts/zh-CN.js";

/**
 * @typedef {{type: "text", text: string, tone: "plain" | "title" | "warning" | "small"}} TextBlock
 * @typedef {{id: string, name: string, form: string, copies: number, why: string, note: string,
 *   waivable: boolean}} MaterialLine
 * @typedef {{type: "materials", title: string, items: MaterialLine[]}} MaterialsBlock
 * @typedef {{type: "facts", items: {label: string, value: string}[]}} FactsBlock
 * @typedef {{type: "steps", title: string, items: string[]}} StepsBlock
 * @typedef {{id: string, name: string, address: string, phone: string, hours: string, opening: string,
 *   open_now: boolean | null, note: string, demo: boolean}} OfficeLine
 * @typedef {{type: "offices", title: string, items: OfficeLine[]}} OfficesBlock
 * @typedef {{type: "ticket", number: string, secret: string | null, status: string, url: string}} TicketBlock
 * @typedef {{type: "question", id: string, ask: string}} QuestionBlock
 * @typedef {{type: "notice", code: string, url: string, qr: string, valid_until: string}} NoticeBlock
 * @typedef {TextBlock | MaterialsBlock | FactsBlock | StepsBlock | OfficesBlock | TicketBlock | QuestionBlock
 *   | NoticeBlock} Block
 * @typedef {{blocks: Block[], choices: string[]}} Card
 *
 * @typedef {object} Surroundings  what a card needs from the chat around it
 * @property {string} server
 * @property {string[]} ticked
 * @property {(ids: string[]) => void} tick
 */

/**
 * The elements of a reply; of one without blocks that this version knows, its plain text.
 *
 * @param {{text: string, card?: Card}} reply
 * @param {Surroundings} around
 */
export function cardOf(reply, around) {
  const parts = (reply.card?.blocks ?? []).flatMap((block) => partOf(block, around) ?? []);
  return parts.length ? parts : [element("p", {}, reply.text)];
}

/** @param {Block} block @param {Surroundings} around */
function partOf(block, around) {
  switch (block.type) {
    case "text":
      return textPart(block);
    case "materials":
      return materialsPart(block, around);
    case "facts":
      return factsPart(block);
    case "steps":
      return element("section", {}, heading(block.title), element("ol", {}, ...block.items.map(stepLine)));
    case "offices":
      return officesPart(block);
    case "ticket":
      return ticketPart(block, around);
    case "question":
      return element("p", { class: "question" }, block.ask);
    case "notice":
      return noticePart(block, around);
  }
}

/** @param {TextBlock} block */
function textPart({ text, tone }) {
  if (tone === "title") return heading(text);
  if (tone === "warning") return element("p", { class: "warning" }, element("b", {}, TEXTS.warning), text);
  return element("p", { class: tone }, text);
}

/** @param {string} words */
function heading(words) {
  return element("h3", {}, words);
}

/** @param {MaterialsBlock} block @param {Surroundings} around */
function materialsPart({ title, items }, around) {
  const boxes = items.map(({ id }) => {
    const box = element("input", { type: "checkbox", value: id });
    box.checked = around.ticked.includes(id);
    return box;
  });
  const ready = () => boxes.filter((box) => box.checked);
  const count = element("p", { class: "count" }, TEXTS.count(ready().length, boxes.length));
  const list = element("ul", { class: "plain materials" }, ...items.map((item, at) => materialLine(item, boxes[at])));
  list.addEventListener("change", () => {
    count.textContent = TEXTS.count(ready().length, boxes.length);
    around.tick(ready().map((box) => box.value));
  });
  return element("section", {}, heading(title), list, count);
}

/** @param {MaterialLine} item @param {HTMLInputElement} box */
function materialLine(item, box) {
  const form = item.form + (item.copies > 1 ? TEXTS.copies(item.copies) : "");
  const words = element("span", {}, element("b", {}, item.name), " ", mark(form));
  if (item.waivable) words.append(" ", mark(TEXTS.waivable, "good"));
  for (const note of [item.why, item.note]) if (note) words.append(element("small", {}, note));
  return element("li", {}, element("label", {}, box, words));
}

/** @param {FactsBlock} block */
function factsPart({ items }) {
  const lines = items.map(({ label, value }) => element("div", {}, element("dt", {}, label), element("dd", {}, value)));
  return element("dl", {}, ...lines);
}

/** @param {string} words */
function stepLine(words) {
  return element("li", {}, words);
}

/** @param {OfficesBlock} block */
function officesPart({ title, items }) {
  return element("section", {}, heading(title), element("ul", { class: "plain" }, ...items.map(officeLine)));
}

/** @param {OfficeLine} office */
function officeLine(office) {
  const line = element("li", { class: "office" }, element("b", {}, office.name));
  if (office.demo) line.append(" ", mark(TEXTS.demo, "demo"));
  if (office.open_now !== null) {
    line.append(" ", office.open_now ? mark(TEXTS.openNow, "good") : mark(TEXTS.closedNow));
  }
  const lines = [office.address, office.opening, office.hours].filter(Boolean);
  line.append(...lines.map((words) => element("span", {}, words)));
  if (office.phone) {
    const call = element("a", { href: `tel:${office.phone.replace(/[^0-9+]/g, "")}` }, office.phone);
    line.append(element("span", {}, `${TEXTS.phone} `, call));
  }
  if (office.note) line.append(element("small", {}, office.note));
  return line;
}

/** @param {TicketBlock} ticket @param {Surroundings} around */
function ticketPart({ number, secret, status, url }, { server }) {
  const items = [
    { label: TEXTS.ticket, value: number },
    { label: TEXTS.status, value: status },
  ];
  if (secret) items.push({ label: TEXTS.secret, value: secret });
  const part = element("section", { class: "ticket" }, factsPart({ type: "facts", items }));
  if (secret) part.append(element("small", {}, TEXTS.keepSecret));
  part.append(...link(url, server, TEXTS.track));
  return part;
}

/** @param {NoticeBlock} notice @param {Surroundings} around */
function noticePart({ code, url, qr, valid_until: until }, { server }) {
  const picture = element("img", { src: addressOf(qr, server) ?? "", alt: TEXTS.qr, width: "120", height: "120" });
  picture.addEventListener("error", () => picture.remove()); // a host page may forbid pictures; code and link remain
  const words = element(
    "div",
    {},
    element("small", {}, TEXTS.notice),
    element("b", { class: "code" }, code),
    element("small", {}, TEXTS.validUntil(until)),
    ...link(url, server, TEXTS.openNotice),
  );
  return element("section", { class: "notice" }, words, picture);
}

/** @param {string} url @param {string} server @param {string} words */
function link(url, server, words) {
  const href = addressOf(url, server);
  return href ? [element("a", { href, target: "_blank", rel: "noopener" }, words)] : [];
}

/** An address that is safe to follow: any other scheme (javascript:, data:) would run in the host page. */
function addressOf(/** @type {string} */ url, /** @type {string} */ server) {
  const target = new URL(url, `${server}/`);
  return ["http:", "https:"].includes(target.protocol) ? target.href : null;
}

/** @param {string} words @param {"" | "good" | "demo"} kind */
function mark(words, kind = "") {
  return element("span", { class: `mark ${kind}` }, words);
}
