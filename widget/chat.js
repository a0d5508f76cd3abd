/**
 * <banshi-chat>: the assistant on any page.
 *
 * Attributes: `server` (address of the app; by default where this file came from), `starters` (questions for the
 * first screen, separated by "|"), `open` (begin with the window open), `embedded` (a part of the page instead of a
 * window over it). Method: `ask(text)`. What stands inside the tag is shown where scripts do not run.
 */

import { element } from "./element.js";
import { Panel } from "./panel.js";

const HOME = new URL("..", import.meta.url).href;
const STYLE = new URL("chat.css", import.meta.url).href;

class BanshiChat extends HTMLElement {
  /** @type {Panel | null} made with the first connection: attributes are not there earlier */
  #panel = null;

  connectedCallback() {
    this.#panel ??= this.#makePanel();
    this.#panel.start();
    document.addEventListener("visibilitychange", this.#wake);
    window.addEventListener("online", this.#wake);
  }

  disconnectedCallback() {
    this.#panel?.stop();
    document.removeEventListener("visibilitychange", this.#wake);
    window.removeEventListener("online", this.#wake);
  }

  /** Puts a question as if it had been typed, and opens the window. @param {string} text */
  ask(text) {
    this.#panel?.ask(text);
  }

  #wake = () => {
    if (!document.hidden) this.#panel?.wake();
  };

  #makePanel() {
    const panel = new Panel({
      server: new URL(this.getAttribute("server") || HOME, document.baseURI).href.replace(/\/+$/, ""),
      starters: (this.getAttribute("starters") ?? "").split("|").filter(Boolean),
      embedded: this.hasAttribute("embedded"),
      open: this.hasAttribute("open"),
    });
    const root = this.attachShadow({ mode: "open" });
    dress(root);
    root.append(...panel.nodes);
    return panel;
  }
}

/** @type {CSSStyleSheet | null} */
let sheet = null;

/** A constructed sheet passes every Content-Security-Policy; a browser too old for it gets a link. */
async function prepareStyle() {
  try {
    const made = new CSSStyleSheet();
    sheet = await made.replace(await (await fetch(STYLE, { credentials: "omit" })).text());
  } catch {
    sheet = null;
  }
}

/** @param {ShadowRoot} root */
function dress(root) {
  if (sheet) root.adoptedStyleSheets = [sheet];
  else root.append(element("link", { rel: "stylesheet", href: STYLE }));
}

prepareStyle().then(() => customElements.get("banshi-chat") ?? customElements.define("banshi-chat", BanshiChat));
