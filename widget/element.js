/**
 * An element with attributes and children. Strings become text nodes, so that nothing a person or a server wrote
 * is ever read as HTML.
 *
 * @template {keyof HTMLElementTagNameMap} Tag
 * @param {Tag} tag
 * @param {Record<string, string | boolean>} attributes  `true` sets an empty attribute, `false` leaves it out
 * @param {...(Node | string)} children
 * @returns {HTMLElementTagNameMap[Tag]}
 */
export function element(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== false) node.setAttribute(name, value === true ? "" : value);
  }
  node.append(...children);
  return node;
}

/**
 * A button that calls `act` when it is pressed.
 *
 * @param {string} words
 * @param {Record<string, string | boolean>} attributes
 * @param {() => void} act
 */
export function button(words, attributes, act) {
  const node = element("button", { type: "button", ...attributes }, words);
  node.addEventListener("click", act);
  return node;
}
