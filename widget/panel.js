/** What is seen of the chat: the window, its transcript and the writing field. */

import { cardOf } from "./cards.js";
import { button, element } from "./element.js";
import { Session } from "./session.js";
import { TEXTS } from "./texts/zh-CN.js";

/**
 * @typedef {import("./session.js").Entry} Entry
 * @typedef {{server: string, starters: string[], embedded: boolean, open: boolean}} Options
 */

const LONGEST = 2000; // characters of one message; who has more to tell is asked for it by the ticket
const MARGIN = 12; // px above the message that a reply scrolls to

export class Panel {
  /** @type {Map<string, HTMLElement>} */
  #shown = new Map();
  #options;
  #session;
  #log = element("div", { class: "log", role: "log", tabindex: "0", "aria-label": TEXTS.transcript });
  #typing = element("p", { class: "typing", hidden: true }, TEXTS.typing);
  #field = this.#writingField();
  #larger = button(TEXTS.large, { class: "quiet" }, () => this.#enlarge(!this.#session.large));
  #launcher = button(TEXTS.open, { class: "launcher", "aria-haspopup": "dialog" }, () => this.#toggle(true));
  #window;
  #apology;

  /** @param {Options} options */
  constructor(options) {
    this.#options = options;
    this.#session = new Session(options.server, (entry) => this.#changed(entry));
    this.#apology = this.#makeApology();
    this.#window = element(
      "section",
      { class: "panel", role: options.embedded ? "region" : "dialog", "aria-label": TEXTS.name },
      this.#header(),
      this.#log,
      this.#typing,
      this.#composer(),
    );
    this.#window.addEventListener("keydown", (event) => {
      if (event.key === "Escape" && !event.isComposing) this.#toggle(false);
    });
    this.#window.hidden = !options.embedded && !options.open;
    this.#launcher.hidden = !this.#window.hidden;
    this.#enlarge(this.#session.large);
    this.#tellHistory();
  }

  get nodes() {
    return [this.#launcher, this.#window];
  }

  start() {
    this.#session.start();
    this.#showConnection();
    this.#scrollToEnd();
  }

  stop() {
    this.#session.stop();
  }

  wake() {
    this.#session.wake();
  }

  /** @param {string} text */
  ask(text) {
    this.#toggle(true);
    this.#say(text);
  }

  #header() {
    const tools = element("div", { class: "tools" }, this.#larger);
    if (!this.#options.embedded) tools.append(button(TEXTS.close, { class: "quiet" }, () => this.#toggle(false)));
    const title = element("div", {}, element("h2", {}, TEXTS.name), element("p", {}, TEXTS.motto));
    return element("header", {}, title, tools);
  }

  #writingField() {
    const field = element("textarea", {
      rows: "1",
      maxlength: String(LONGEST),
      "aria-label": TEXTS.field,
      placeholder: TEXTS.placeholder,
      enterkeyhint: "send",
    });
    field.addEventListener("keydown", (event) => {
      // An input method's Enter picks a word; Safari reports it only by the key code 229.
      if (event.key !== "Enter" || event.shiftKey || event.isComposing || event.keyCode === 229) return;
      event.preventDefault();
      this.#sendField();
    });
    return field;
  }

  #composer() {
    const send = element("button", { class: "send" }, TEXTS.send);
    const form = element("form", {}, this.#field, send, element("p", {}, TEXTS.privacy));
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#sendField();
    });
    return form;
  }

  #makeApology() {
    return element(
      "div",
      { class: "down" },
      element("p", {}, TEXTS.down),
      element("a", { href: "tel:12345" }, TEXTS.downCall),
      element("a", { href: `${this.#options.server}/guide` }, TEXTS.downGuide),
    );
  }

  /** Fills the transcript before it goes live: nobody wants the whole past read out again. */
  #tellHistory() {
    this.#log.append(this.#welcome());
    for (const entry of this.#session.entries) this.#showEntry(entry);
    this.#log.setAttribute("aria-live", "polite");
  }

  #welcome() {
    const words = [element("p", {}, TEXTS.welcome), element("p", {}, TEXTS.welcomeStuck)];
    const { starters } = this.#options;
    if (starters.length) words.push(this.#choices(starters, TEXTS.starters));
    return element("div", { class: "message guide" }, ...words);
  }

  #sendField() {
    const text = this.#field.value.trim();
    if (!text) return;
    this.#field.value = "";
    this.#say(text);
  }

  /** @param {string} text */
  #say(text) {
    this.#session.say(text);
    this.#scrollToEnd();
  }

  /** @param {HTMLElement} message */
  #scrollTo(message) {
    this.#log.scrollTop = message.offsetTop - MARGIN;
  }

  /** Where the conversation stands; before the first word, the welcome is read from its top. */
  #scrollToEnd() {
    if (this.#session.entries.length) this.#log.scrollTop = this.#log.scrollHeight;
  }

  /** @param {Entry | null} entry */
  #changed(entry) {
    if (entry) this.#showEntry(entry);
    this.#showConnection();
    if (entry?.from !== "guide") return;
    // After a reply: the question at the top, the answer's beginning under it, however long it is.
    const top = this.#shown.get(entry.replyTo ?? entry.id);
    if (top) this.#scrollTo(top);
    if (this.#window.hidden) this.#launcher.textContent = TEXTS.news;
  }

  /** The typing sign, and the sentence for a server that cannot be reached. */
  #showConnection() {
    this.#typing.hidden = !this.#session.waiting;
    if (!this.#session.down) return this.#apology.remove();
    if (this.#log.lastChild !== this.#apology) this.#log.append(this.#apology);
    this.#scrollToEnd();
  }

  /** @param {Entry} entry */
  #showEntry(entry) {
    const known = this.#shown.get(entry.id);
    if (known) return this.#showState(entry, known);
    const node = entry.from === "guide" ? this.#guideMessage(entry) : this.#personMessage(entry);
    this.#shown.set(entry.id, node);
    if (entry.from === "person") this.#useChoices(entry.text);
    this.#log.append(node);
    this.#showState(entry, node);
    // Its question is answered: the word under it has done its work.
    const asked = this.#session.entries.find((other) => other.id === entry.replyTo);
    if (asked) this.#showEntry(asked);
  }

  /** @param {Entry} entry */
  #personMessage(entry) {
    const sender = element("span", { class: "unseen" }, `${TEXTS.you}：`);
    return element("div", { class: "message person" }, element("p", {}, sender, entry.text));
  }

  /** @param {Entry} entry */
  #guideMessage(entry) {
    const sender = element("span", { class: "unseen" }, `${TEXTS.name}：`);
    const around = {
      server: this.#options.server,
      ticked: entry.ticked ?? [],
      tick: (/** @type {string[]} */ ids) => this.#session.tick(entry, ids),
    };
    const node = element("div", { class: "message guide" }, sender, ...cardOf(entry, around));
    const choices = entry.card?.choices ?? [];
    if (choices.length) node.append(this.#choices(choices, TEXTS.choices));
    return node;
  }

  /** @param {string[]} words @param {string} label */
  #choices(words, label) {
    const buttons = words.map((choice) =>
      button(choice, {}, () => {
        this.#say(choice);
        this.#focus(); // the pressed button is disabled now, and would take the focus with it
      }),
    );
    const title = element("small", {}, label);
    return element("div", { class: "choices", role: "group", "aria-label": label }, title, ...buttons);
  }

  /** Choices stay readable but are over once anything was said after them. @param {string} said */
  #useChoices(said) {
    const open = /** @type {NodeListOf<HTMLButtonElement>} */ (
      this.#log.querySelectorAll(".choices button:not(:disabled)")
    );
    for (const choice of open) {
      choice.disabled = true;
      if (choice.textContent === said) {
        choice.classList.add("chosen");
        choice.setAttribute("aria-label", `${TEXTS.chosen}：${said}`);
      }
    }
  }

  /** @param {Entry} entry @param {HTMLElement} node */
  #showState(entry, node) {
    if (entry.from !== "person") return;
    node.querySelector(".state")?.remove();
    const answered = this.#session.entries.some((other) => other.replyTo === entry.id);
    if (answered) return;
    if (entry.state === "failed") {
      const again = button(TEXTS.retry, {}, () => {
        this.#session.retry(entry);
        this.#focus();
      });
      node.append(element("div", { class: "state failed" }, TEXTS.failed, again));
    } else {
      // Seen, not spoken: the reply itself is the news.
      const words = entry.state === "sending" ? TEXTS.sending : TEXTS.sent;
      node.append(element("div", { class: "state", "aria-hidden": "true" }, words));
    }
  }

  /** @param {boolean} on */
  #enlarge(on) {
    if (on !== this.#session.large) this.#session.enlarge(on);
    const reading = [...this.#shown.values()].find((node) => node.offsetTop + node.offsetHeight > this.#log.scrollTop);
    this.#larger.setAttribute("aria-pressed", String(on));
    this.#window.classList.toggle("large", on);
    if (reading) this.#scrollTo(reading);
  }

  /** @param {boolean} open */
  #toggle(open) {
    if (this.#options.embedded || open === !this.#window.hidden) return;
    this.#window.hidden = !open;
    this.#launcher.hidden = open;
    this.#launcher.textContent = TEXTS.open;
    if (!open) return this.#launcher.focus();
    this.#scrollToEnd();
    this.#focus();
  }

  /** Where reading goes on: the field, or on a touch screen the transcript, lest the keyboard covers it. */
  #focus() {
    (matchMedia("(pointer: coarse)").matches ? this.#log : this.#field).focus({ preventScroll: true });
  }
}
