/** The gallery: pictures drawn since the page was opened, to look at again.
 *
 * A script tells of a picture by an event: `document.dispatchEvent(new CustomEvent("drawn", { detail: reply }))`. */

import { button, element } from "./dom.js";
import { takeAlong } from "./share.js";

const MAX_PICTURES = 60; // the oldest are dropped: a morph takes 0.3 MB

const [dialog, opener, shown, actions, pictures] = [
  "gallery", "gallery-open", "gallery-shown", "gallery-actions", "gallery-pictures",
].map((id) => document.getElementById(id));
const { words } = JSON.parse(document.getElementById("data").textContent);

/** Put a picture first; one that is there already comes forward. */
function add(reply) {
  const thumbnail = element("button", { type: "button", reply }, element("img", { src: reply.image, alt: reply.caption }));
  if (reply.options.style) thumbnail.dataset.style = reply.options.style.value;
  [...pictures.children].find((other) => other.reply.link === reply.link)?.remove();
  pictures.prepend(thumbnail);
  if (pictures.children.length > MAX_PICTURES) pictures.lastChild.remove();
  opener.disabled = false;
}

/** Show a picture in full. */
function show(thumbnail) {
  for (const each of pictures.children) {
    each.ariaPressed = String(each === thumbnail);
    each.tabIndex = each === thumbnail ? 0 : -1;
  }
  const { image, alt, width, height, caption, command, options } = thumbnail.reply;
  shown.dataset.style = options.style?.value ?? "";
  shown.replaceChildren(element("img", { src: image, alt, width, height }), element("figcaption", {}, caption));
  actions.replaceChildren(...takeAlong(thumbnail.reply), button(words.reuse, { line: command }));
}

document.addEventListener("drawn", ({ detail }) => add(detail));

opener.addEventListener("click", () => {
  show(pictures.firstChild);
  dialog.showModal();
  pictures.firstChild.focus();
});

pictures.addEventListener("click", ({ target }) => {
  const thumbnail = target.closest("button");
  if (thumbnail) show(thumbnail);
});

pictures.addEventListener("keydown", (event) => {
  const all = [...pictures.children];
  const right = document.dir === "rtl" ? -1 : 1; // where the next picture stands
  const [step, end] = [{ ArrowLeft: -right, ArrowRight: right }[event.key], { Home: 0, End: -1 }[event.key]];
  if (step === undefined && end === undefined) return;
  event.preventDefault();
  const chosen = all.at(end ?? (all.indexOf(event.target) + step) % all.length);
  show(chosen);
  chosen.focus();
});

dialog.addEventListener("click", ({ target }) => {
  // A press beside the dialog is one on its backdrop; a line goes to the text line of the chat.
  if (target === dialog || target.closest("#gallery-close, [data-line]")) dialog.close();
});
