/**
 * One conversation: what was said, what is on its way, and the line to the server. Knows nothing of the page.
 *
 * A message keeps its id for ever, and both sides drop an id they know. So sending again is always safe, and
 * that one habit covers a reload, a lost line and a restarted server.
 */

/**
 * @typedef {import("./cards.js").Card} Card
 *
 * @typedef {object} Entry
 * @property {string} id
 * @property {"person" | "guide"} from
 * @property {string} text
 * @property {"sending" | "sent" | "failed"} [state]  of a person's message
 * @property {string} [replyTo]  of a guide's message: the id it answers; none if nobody asked
 * @property {Card} [card]
 * @property {string[]} [ticked]  ids of the materials that the person has ready
 */

const POST_PATIENCE = 15_000; // ms until the server has taken a message
const REPLY_PATIENCE = 30_000; // ms until it has answered; the server itself gives up earlier, with a sentence
const FIRST_PAUSE = 1_000; // ms before the stream is opened again; doubles up to the longest
const LONGEST_PAUSE = 30_000;
const KEPT = 200; // entries that survive a reload

export class Session {
  /** @type {Entry[]} */
  entries = [];
  /** Whether the server could not be reached at the last try. */
  down = false;
  large = false;

  #server;
  #changed;
  /** @type {string | null} */
  #conversation = null;
  /** @type {EventSource | null} */
  #stream = null;
  /** The newest of the messages that nobody asked for. */
  #lastPush = 0;
  #pause = FIRST_PAUSE;
  /** @type {Promise<void>} posts go one after the other: the first one brings the conversation's id */
  #posts = Promise.resolve();
  #closed = false;

  /**
   * @param {string} server  address without trailing slash
   * @param {(entry: Entry | null) => void} changed  called after an entry (or, with null, the line) has changed
   */
  constructor(server, changed) {
    this.#server = server;
    this.#changed = changed;
    this.#restore();
  }

  /** Listens for replies, and sends again whatever has none. */
  start() {
    this.#closed = false;
    if (this.#conversation) this.#listen();
    for (const entry of this.entries) if (this.#isOpen(entry)) this.#send(entry);
  }

  stop() {
    this.#closed = true;
    this.#stream?.close();
    this.#stream = null;
  }

  /** Whether a reply is still to come. */
  get waiting() {
    return this.entries.some((entry) => this.#isOpen(entry));
  }

  /** @param {string} text */
  say(text) {
    /** @type {Entry} */
    const entry = { id: freshId(), from: "person", text, state: "sending" };
    this.entries.push(entry);
    this.#send(entry);
  }

  /** @param {Entry} entry */
  retry(entry) {
    this.#send(entry);
    if (this.#stream?.readyState !== EventSource.OPEN) this.#listen();
  }

  /** Looks at once whether the line is back: for a page that wakes up. */
  wake() {
    if (this.#conversation && this.#stream?.readyState !== EventSource.OPEN) this.#listen();
  }

  /**
   * @param {Entry} entry
   * @param {string[]} ids
   */
  tick(entry, ids) {
    entry.ticked = ids;
    this.#keep();
  }

  /** @param {boolean} on */
  enlarge(on) {
    this.large = on;
    this.#keep();
  }

  /** @param {Entry} entry */
  #isOpen(entry) {
    return (
      entry.from === "person" &&
      entry.state !== "failed" &&
      !this.entries.some((other) => other.replyTo === entry.id)
    );
  }

  /** @param {Entry} entry */
  #send(entry) {
    this.#mark(entry, "sending");
    this.#posts = this.#posts.then(() => this.#post(entry));
  }

  /** @param {Entry} entry */
  async #post(entry) {
    const patience = new AbortController();
    const timer = setTimeout(() => patience.abort(), POST_PATIENCE);
    try {
      const response = await fetch(`${this.#server}/channels/web`, {
        method: "POST",
        credentials: "omit",
        headers: { "content-type": "application/json" },
        body: JSON.stringify({ conversation: this.#conversation ?? undefined, id: entry.id, text: entry.text }),
        signal: patience.signal,
      });
      this.down = response.status >= 500;
      if (!response.ok) return this.#mark(entry, "failed");
      this.#join((await response.json()).conversation);
    } catch {
      this.down = true; // refused, cut or too slow: for the person it is the same
      return this.#mark(entry, "failed");
    } finally {
      clearTimeout(timer);
    }
    this.#mark(entry, "sent");
    setTimeout(() => this.#isOpen(entry) && this.#mark(entry, "failed"), REPLY_PATIENCE);
  }

  /** @param {string} conversation  the one asked for, or a new one where the server no longer keeps it */
  #join(conversation) {
    if (this.#stream && conversation === this.#conversation) return;
    if (conversation !== this.#conversation) this.#lastPush = 0; // another store numbers its own
    this.#conversation = conversation;
    this.#listen();
  }

  /** @param {Entry} entry @param {"sending" | "sent" | "failed"} state */
  #mark(entry, state) {
    entry.state = state;
    this.#keep();
    this.#changed(entry);
  }

  #listen() {
    if (this.#closed || !this.#conversation) return;
    this.#stream?.close();
    const query = new URLSearchParams({ conversation: this.#conversation });
    const stream = new EventSource(`${this.#server}/channels/web/stream?${query}`);
    this.#stream = stream;
    stream.addEventListener("open", () => this.#connected());
    stream.addEventListener("message", (event) => this.#receive(JSON.parse(event.data)));
    // The browser itself tries again after a cut line, but never after an error page, as a proxy sends one.
    stream.addEventListener("error", () => stream.readyState === EventSource.CLOSED && this.#listenLater(stream));
  }

  /** @param {EventSource} stream */
  #listenLater(stream) {
    setTimeout(() => this.#stream === stream && this.#listen(), this.#pause * (0.5 + Math.random()));
    this.#pause = Math.min(this.#pause * 2, LONGEST_PAUSE);
  }

  #connected() {
    this.#pause = FIRST_PAUSE;
    if (!this.down) return;
    this.down = false;
    this.#changed(null);
  }

  /** @param {{id: string, reply_to: string | null, text: string, card: Card}} message */
  #receive({ id: turn, reply_to: replyTo, text, card }) {
    if (replyTo === null) return this.#receivePush({ id: turn, from: "guide", text, card });
    const id = `${replyTo} ${turn}`; // a turn's id may come again after the server began with an empty store
    const asked = this.entries.find((entry) => entry.id === replyTo);
    // A new stream tells the whole conversation again: what is shown already, and what was too old to keep.
    if (!asked || this.entries.some((entry) => entry.id === id)) return;
    /** @type {Entry} */
    const reply = { id, from: "guide", replyTo, text, card };
    this.entries.push(reply);
    this.#changed(reply);
    this.#mark(asked, "sent");
  }

  /** @param {Entry} entry  its id is "p" and a number that only grows */
  #receivePush(entry) {
    const number = Number(entry.id.slice(1));
    if (number <= this.#lastPush) return; // a new stream tells it again
    this.#lastPush = number;
    this.entries.push({ ...entry, id: `${this.#conversation} ${entry.id}` });
    this.#keep();
    this.#changed(this.entries[this.entries.length - 1]);
  }

  get #key() {
    return `banshi-chat ${this.#server}`;
  }

  #restore() {
    try {
      const kept = JSON.parse(sessionStorage.getItem(this.#key) ?? "{}");
      this.#conversation = kept.conversation ?? null;
      this.entries = kept.entries ?? [];
      this.#lastPush = kept.lastPush ?? 0;
      this.large = kept.large ?? false;
    } catch {
      // Storage is forbidden on this page, or holds something else: the conversation simply starts anew.
    }
  }

  #keep() {
    const kept = {
      conversation: this.#conversation,
      entries: this.entries.slice(-KEPT),
      lastPush: this.#lastPush,
      large: this.large,
    };
    try {
      sessionStorage.setItem(this.#key, JSON.stringify(kept));
    } catch {
      // Forbidden or full: the conversation goes on, it only does not survive a reload.
    }
  }
}

/** 128 random bits; randomUUID would need https, which a hall's intranet may not have. */
function freshId() {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
}
