/** The playground: controls and a pad that change a picture while they are moved. */

import { ask } from "./bot.js";
import { fade } from "./motion.js";
import { lasting } from "./share.js";

const STEP_MS = 40; // 25 steps of a walk a second, as in a film; the bot allows 40
const PICTURE_MS = 100; // other pictures count as any in the chat
const REST_MS = 400; // without a new picture, after which its caption is shown, and read out
const PATIENCE_SECONDS = 2; // a shorter wait is not worth a sentence
const STEP = 0.05; // of an arrow key, across a pad from -1 to 1
const MAP = [-0.82, 0, 0.82]; // places along each direction at which the pad shows what is there
const MAX_SEED = 2 ** 32 - 1;
const STATE_KEY = "digit-bot.playground";
const wide = matchMedia("(min-width: 64rem)"); // beside the chat; narrower, over it
const roomy = matchMedia("(min-width: 84rem)"); // open from the start

const [dialog, opener, form, stage, text, pad, map, seed, start, keep] = [
  "playground", "playground-open", "playground-form", "playground-stage", "playground-text", "playground-pad",
  "playground-map", "playground-seed", "playground-start", "playground-keep",
].map((id) => document.getElementById(id));
const { across, up } = form.elements;
const { command, words } = JSON.parse(document.getElementById("playground-data").textContent);

let wanted = null; // the line that the controls stand for, until it is asked for
let running = false; // one request is in flight at most
let wake = () => {}; // ends the wait after a refusal
let shownAt = -Infinity;
let rest; // timer

/** Return the digit and the options that the controls stand for. */
function choice() {
  const { digit, across, up, ...options } = Object.fromEntries(new FormData(form));
  return { digit, options: { ...options, walk: `${across},${up}` } };
}

/** Return the line that the controls stand for; none while the seed is being typed. */
function line() {
  const { digit, options } = choice();
  if (!options.seed) return null;
  return [command, digit, ...Object.entries(options).map((option) => option.join("="))].join(" ");
}

/** Show on the pad how the first image looks at the places around. */
function showMap() {
  const { digit, options } = choice();
  for (const image of map.children) {
    const query = new URLSearchParams({ ...options, count: 1, style: "transparent", walk: image.dataset.walk });
    const src = lasting(`${command}/${digit}.png?${query}`);
    if (image.src !== src) image.src = src;
  }
}

/** Ask for what the controls show: now, or once the request in flight is answered; of several the last. */
function change() {
  for (const output of form.querySelectorAll("output")) output.value = document.getElementById(output.htmlFor).value;
  pad.style.setProperty("--across", across.value);
  pad.style.setProperty("--up", up.value);
  start.disabled = !Number(across.value) && !Number(up.value);
  wanted = line();
  if (start.disabled) wake(); // steps may have run out, and pictures have not
  if (!running) follow();
}

async function follow() {
  running = true;
  stage.ariaBusy = "true";
  while (wanted) {
    const [asked, began, isStep] = [wanted, performance.now(), !start.disabled];
    wanted = null;
    const { answer, retryAfter } = await ask("api/chat", JSON.stringify({ text: asked }));
    if (answer?.image) await show(answer);
    else if (!retryAfter || retryAfter > PATIENCE_SECONDS) say(answer?.error ?? words.unreachable);
    if (retryAfter) {
      // A frame that was dropped is no error: the last one comes once there is room.
      wanted ??= asked;
      await new Promise((resolve) => {
        wake = resolve;
        setTimeout(resolve, 1000 * retryAfter);
      });
    }
    await pause(began + (isStep ? STEP_MS : PICTURE_MS) - performance.now());
  }
  running = false;
  stage.ariaBusy = "false";
}

function pause(milliseconds) {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}

async function show(reply) {
  const { image, alt, width, height, caption, command, options } = reply;
  const picture = Object.assign(new Image(), { src: image, alt, width, height });
  await picture.decode();
  const before = stage.querySelector("img:not(.before)");
  before.replaceWith(picture);
  stage.dataset.style = options.style.value;
  // Pictures that follow one another closely are a film already.
  if (performance.now() - shownAt > REST_MS) fade(before, picture);
  shownAt = performance.now();
  keep.dataset.command = command;
  clearTimeout(rest);
  rest = setTimeout(() => {
    say(caption);
    showMap();
    document.dispatchEvent(new CustomEvent("drawn", { detail: reply })); // for the gallery, once it rests
  }, REST_MS);
}

function say(sentence) {
  clearTimeout(rest);
  text.textContent = sentence;
}

/** Set the dot to a place, -1 to 1 each way. */
function move(x, y) {
  const [before, inside] = [[across.value, up.value], (share) => Math.min(1, Math.max(-1, share)).toFixed(2)];
  [across.value, up.value] = [inside(x), inside(y)];
  if (String(before) !== String([across.value, up.value])) change();
}

function drag({ clientX, clientY }) {
  const { left, top, width, height } = pad.getBoundingClientRect();
  move((2 * (clientX - left)) / width - 1, 1 - (2 * (clientY - top)) / height);
}

/** Draw with a new seed, from the middle of its walk. */
function refresh() {
  seed.value = Math.floor(Math.random() * (MAX_SEED + 1));
  [across.value, up.value] = [0, 0];
  change();
}

function open() {
  if (wide.matches) dialog.show();
  else dialog.showModal();
  opened();
}

function opened() {
  opener.ariaExpanded = "true";
  if (!seed.value) refresh();
}

function remember(state) {
  try {
    sessionStorage.setItem(STATE_KEY, state);
  } catch {
    // Where a browser blocks storage it opens as it did the first time.
  }
}

function remembered() {
  try {
    return sessionStorage.getItem(STATE_KEY);
  } catch {
    return null;
  }
}

form.addEventListener("input", change);
form.addEventListener("submit", (event) => event.preventDefault());

pad.addEventListener("pointerdown", (event) => {
  if (event.button) return;
  event.preventDefault();
  pad.setPointerCapture(event.pointerId);
  across.focus({ preventScroll: true });
  drag(event);
});
pad.addEventListener("pointermove", (event) => {
  if (pad.hasPointerCapture(event.pointerId)) drag(event);
});

// Both sliders are one dot: each arrow key moves it its own way, whichever of them has the focus.
pad.addEventListener("keydown", (event) => {
  const [x, y] = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] }[event.key] ?? [0, 0];
  if (!x && !y) return;
  event.preventDefault();
  move(Number(across.value) + x * STEP, Number(up.value) + y * STEP);
});

start.addEventListener("click", () => {
  move(0, 0);
  across.focus();
});
document.getElementById("playground-fresh").addEventListener("click", refresh);

opener.addEventListener("click", () => {
  remember(dialog.open ? "closed" : "open");
  if (dialog.open) dialog.close();
  else open();
});
dialog.addEventListener("close", () => {
  opener.ariaExpanded = "false";
});
dialog.addEventListener("keydown", ({ key }) => {
  if (key === "Escape") shut();
});
dialog.addEventListener("click", ({ target }) => {
  // Over the chat, a press beside it is one on its backdrop, and a line that goes to the chat is sent by chat.js.
  if (target.closest("#playground-close")) shut();
  else if (!wide.matches && (target === dialog || target.closest("[data-command]"))) dialog.close();
});
wide.addEventListener("change", () => dialog.close());

function shut() {
  remember("closed");
  dialog.close();
  opener.focus();
}

for (const [x, y] of MAP.flatMap((x) => MAP.map((y) => [x, y])).filter(([x, y]) => x || y)) {
  const image = Object.assign(new Image(), { alt: "" });
  image.dataset.walk = `${x},${y}`;
  image.style.setProperty("--across", x);
  image.style.setProperty("--up", y);
  map.append(image);
}

opener.hidden = false;
if (wide.matches && (remembered() ?? (roomy.matches ? "open" : "closed")) === "open") {
  // Without `show`, which would take the focus from the text line.
  dialog.open = true;
  opened();
}
