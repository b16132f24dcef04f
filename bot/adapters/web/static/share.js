/** Ways to take a picture along: share it, copy it or a link to it, save it. */

import { absolute, button, element } from "./dom.js";

const { words, version } = JSON.parse(document.getElementById("data").textContent);
let undo = () => {}; // puts the label back of the button that says what is on the clipboard

/** Return a control for each way to take along a picture that the bot has sent. */
export function takeAlong(reply) {
  const link = absolute(reply.share);
  const shared = navigator.share ? button(words.share, {}) : button(words.copy, { link });
  shared.addEventListener("click", () => (navigator.share ? share(reply, shared) : copyLink(link, shared)));
  const copied = button(words.copy_picture, {});
  copied.addEventListener("click", () => copyPicture(reply.image, copied));
  return [shared, copied, element("a", { href: lasting(reply.link), download: reply.file ?? "" }, words.download)];
}

/** Return the URL of a picture that a browser may keep for ever. */
export function lasting(path) {
  const url = new URL(absolute(path));
  url.searchParams.set("v", version);
  return url.href;
}

/** Share the picture's file where the system takes one, else the link; where it takes neither, copy the link. */
async function share({ image, caption, file, share }, pressed) {
  const link = { title: caption, url: absolute(share) };
  const whole = { ...link, files: [asFile(image, file)] };
  try {
    await navigator.share(navigator.canShare?.(whole) ? whole : link);
  } catch ({ name }) {
    if (name !== "AbortError") await copyLink(link.url, pressed); // it is one that the person has cancelled
  }
}

async function copyLink(link, pressed) {
  try {
    await navigator.clipboard.writeText(link);
  } catch {
    const shown = element("span", {}, link);
    pressed.after(shown);
    copySelected(shown);
    shown.remove();
  }
  say(pressed, words.copied);
}

async function copyPicture(image, pressed) {
  try {
    await navigator.clipboard.write([new ClipboardItem({ "image/png": asPng(image) })]);
  } catch {
    copySelected(pressed.closest("article, dialog").querySelector("figure img"));
  }
  say(pressed, words.picture_copied);
}

/** Copy what a node shows: over plain HTTP there is no clipboard API. */
function copySelected(node) {
  const [selection, range] = [getSelection(), document.createRange()];
  range.selectNode(node);
  selection.removeAllRanges();
  selection.addRange(range);
  document.execCommand("copy");
  selection.removeAllRanges();
}

/** Let a button say that something was copied, until another one does. */
function say(pressed, text) {
  undo();
  const label = pressed.textContent;
  pressed.textContent = text;
  undo = () => (pressed.textContent = label);
}

/** Return a data URI as a file: a page may not fetch one. */
function asFile(uri, name) {
  const [, type, data] = /^data:(.*?);base64,(.*)$/.exec(uri);
  return new File([Uint8Array.from(atob(data), (byte) => byte.charCodeAt(0))], name, { type });
}

/** Return a picture as a PNG, which is all that a clipboard takes; of an animation its first frame. */
async function asPng(uri) {
  const file = asFile(uri, "");
  if (file.type === "image/png") return file;
  const bitmap = await createImageBitmap(file);
  const canvas = element("canvas", { width: bitmap.width, height: bitmap.height });
  canvas.getContext("2d").drawImage(bitmap, 0, 0);
  return new Promise((resolve) => canvas.toBlob(resolve));
}
