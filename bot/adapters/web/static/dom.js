/** Elements and URLs, for every script of the page. */

/** Create an element; content that is text stays text, markup in it included. */
export function element(tag, properties, ...content) {
  const made = Object.assign(document.createElement(tag), properties);
  made.append(...content);
  return made;
}

export function button(label, data, className = "") {
  const made = element("button", { type: "button", className }, label);
  Object.assign(made.dataset, data);
  return made;
}

/** Return the URL of one of the bot's paths; the bot need not be at the root of its server. */
export function absolute(path) {
  return new URL(`.${path}`, location).href;
}
