/** The pad: reads what is drawn, dropped, pasted or chosen, and has numbers written in the same hand. */

import { ask } from "./bot.js";

const IDLE_MS = 300; // without a movement, after which a drawing is read
const TYPING_MS = 200; // after which a changed number or slider is drawn
const MAX_PHOTO_PX = 1600; // of a photo's longer side: the bot looks at 1,000 to 2,000
const PHOTO_QUALITY = 0.9;
const PAPER = "#fcfbf7";
const INK = "#1b1d26";

const [dialog, canvas, hint, undo, clear, file, pen, text, seen, bars, answers, between, number, strip, written] = [
  "hand", "hand-canvas", "hand-hint", "hand-undo", "hand-clear", "hand-file", "hand-pen", "hand-text", "hand-seen",
  "hand-bars", "hand-answers", "hand-between", "hand-number", "hand-strip", "hand-written",
].map((id) => document.getElementById(id));
const { words } = JSON.parse(document.getElementById("hand-data").textContent);
const seed = Math.floor(Math.random() * 2 ** 32); // of everything drawn in the hand, so that only the hand changes
const context = canvas.getContext("2d");

let strokes = []; // each { width, points: [[x, y], ...] } in pixels of the canvas
let photo = null; // { bitmap, blob } in place of strokes
let reading = null; // the bot's answer to the newest drawing
let shown = 0; // counts what the slider and the number asked for, so that no older picture replaces a newer one
const pending = new Set(); // calls that are still to end

/** Call a function once nothing has asked for it for a while, and never twice at a time. */
function debounced(milliseconds, call) {
  let timer, running, again;
  async function run() {
    timer = null;
    again = running;
    if (running) return;
    running = true;
    await call();
    running = false;
    if (again) return run();
    if (!timer) pending.delete(call);
    answers.ariaBusy = String(pending.size > 0);
  }
  return (wait = milliseconds) => {
    pending.add(call);
    answers.ariaBusy = "true";
    clearTimeout(timer);
    timer = setTimeout(run, wait);
  };
}

const read = debounced(IDLE_MS, readDrawing);
const write = debounced(TYPING_MS, writeInHand);

/** Draw photo and strokes again. */
function paint() {
  context.fillStyle = PAPER;
  context.fillRect(0, 0, canvas.width, canvas.height);
  if (photo?.bitmap) {
    const { width, height } = photo.bitmap;
    const scale = Math.min(canvas.width / width, canvas.height / height);
    const [left, top] = [(canvas.width - width * scale) / 2, (canvas.height - height * scale) / 2];
    context.drawImage(photo.bitmap, left, top, width * scale, height * scale);
  }
  Object.assign(context, { strokeStyle: INK, lineCap: "round", lineJoin: "round" });
  for (const { width, points } of strokes) {
    context.lineWidth = width;
    context.beginPath();
    context.moveTo(...points[0]);
    for (const point of points) context.lineTo(...point);
    context.stroke();
  }
  undo.disabled = !strokes.length;
  hint.hidden = !isEmpty();
  clear.disabled = isEmpty();
}

function isEmpty() {
  return !strokes.length && !photo;
}

/** Return where on the canvas a pointer is. */
function position({ clientX, clientY }) {
  const { left, top, width, height } = canvas.getBoundingClientRect();
  return [((clientX - left) / width) * canvas.width, ((clientY - top) / height) * canvas.height];
}

function changed() {
  paint();
  read();
}

async function readDrawing() {
  if (isEmpty()) return forget();
  const image = photo?.blob ?? (await new Promise((resolve) => canvas.toBlob(resolve)));
  const { answer: found, retryAfter } = await ask(`api/hand?seed=${seed}`, image, image.type);
  const answer = found ?? { error: words.unreachable };
  if (isEmpty()) return forget();
  text.textContent = answer.text ?? answer.error;
  if (retryAfter) return read(1000 * retryAfter);
  reading = answer.hand ? answer : null;
  showSeen(answer.seen ?? []);
  await writeInHand();
  answers.hidden = !reading;
}

/** Go back to the empty sheet. */
function forget() {
  reading = null;
  text.textContent = words.about;
  showSeen([]);
  answers.hidden = true;
}

/** Show the digits as the networks see them, and the bars of the first; a press shows those of another. */
function showSeen(digits) {
  const images = digits.map(({ image, probabilities }, index) => {
    const img = Object.assign(document.createElement("img"), { src: image, width: 28, height: 28 });
    img.alt = String(reading?.digits[index]?.digit ?? "");
    const button = Object.assign(document.createElement("button"), { type: "button" });
    button.append(img);
    button.addEventListener("click", () => showBars(probabilities, button));
    return button;
  });
  seen.replaceChildren(...images);
  showBars(digits[0]?.probabilities ?? [], images[0]);
}

function showBars(probabilities, pressed) {
  for (const button of seen.children) button.ariaPressed = String(button === pressed);
  const most = Math.max(...probabilities);
  [...bars.children].forEach((bar, digit) => {
    const share = probabilities[digit] ?? 0;
    bar.classList.toggle("most", share === most);
    bar.children[0].style.setProperty("--share", share);
    bar.children[2].textContent = probabilities.length ? `${Math.floor(100 * share)} %` : "";
  });
}

/** Show the strip and the number in the hand that the slider chooses. */
async function writeInHand() {
  if (!reading) return;
  const turn = ++shown;
  const hand = `seed=${seed} hand=${reading.hands[between.value]}`;
  const lines = [[strip, `/digit ${reading.digits[0].digit} ${hand}`]];
  if (number.value.trim()) lines.push([written, `/number ${number.value} ${hand}`]);
  await Promise.all(lines.map(([image, line]) => show(image, line, turn)));
}

async function show(image, line, turn) {
  const { answer } = await ask("api/chat", JSON.stringify({ text: line }));
  if (turn !== shown) return;
  if (!answer?.image) {
    text.textContent = answer?.error ?? words.unreachable;
    return;
  }
  Object.assign(image, { src: answer.image, alt: answer.alt, width: answer.width, height: answer.height });
  image.parentNode.querySelector("button").dataset.command = answer.command;
}

/** Take an image file in place of what was drawn; one that the browser cannot open is the bot's to refuse. */
async function take(blob) {
  if (!blob) return;
  const bitmap = await createImageBitmap(blob).catch(() => null);
  strokes = [];
  photo = { bitmap, blob: bitmap ? await shrink(bitmap) : blob };
  changed();
}

/** Return an image as a JPEG no larger than the bot can use: a phone's photo is uploaded in a tenth of the time. */
async function shrink(bitmap) {
  const scale = Math.min(1, MAX_PHOTO_PX / Math.max(bitmap.width, bitmap.height));
  const small = Object.assign(document.createElement("canvas"), {
    width: Math.max(1, Math.round(bitmap.width * scale)),
    height: Math.max(1, Math.round(bitmap.height * scale)),
  });
  const sheet = small.getContext("2d");
  sheet.fillStyle = "#fff"; // beneath transparent parts, which a JPEG would show black
  sheet.fillRect(0, 0, small.width, small.height);
  sheet.drawImage(bitmap, 0, 0, small.width, small.height);
  return new Promise((resolve) => small.toBlob(resolve, "image/jpeg", PHOTO_QUALITY));
}

canvas.addEventListener("pointerdown", (event) => {
  if (event.button) return;
  event.preventDefault();
  canvas.setPointerCapture(event.pointerId);
  photo = null;
  strokes.push({ pointer: event.pointerId, width: Number(pen.value), points: [position(event)] });
  changed();
});

canvas.addEventListener("pointermove", (event) => {
  const stroke = strokes.findLast(({ pointer }) => pointer === event.pointerId);
  if (!stroke) return;
  const moves = event.getCoalescedEvents?.() ?? [];
  stroke.points.push(...(moves.length ? moves : [event]).map(position));
  changed();
});

for (const name of ["pointerup", "pointercancel"]) {
  canvas.addEventListener(name, ({ pointerId }) => {
    for (const stroke of strokes) if (stroke.pointer === pointerId) stroke.pointer = null;
  });
}

undo.addEventListener("click", () => {
  strokes.pop();
  changed();
});

clear.addEventListener("click", () => {
  [strokes, photo] = [[], null];
  changed();
});

dialog.addEventListener("keydown", (event) => {
  if (event.key !== "z" || !(event.ctrlKey || event.metaKey) || event.target === number || undo.disabled) return;
  event.preventDefault();
  undo.click();
});

file.addEventListener("change", () => {
  take(file.files[0]);
  file.value = ""; // so that the same file can be chosen again
});

document.addEventListener("paste", (event) => {
  const [pasted] = event.clipboardData.files;
  if (!dialog.open || !pasted) return;
  event.preventDefault();
  take(pasted);
});

dialog.addEventListener("dragover", (event) => event.preventDefault());
dialog.addEventListener("drop", (event) => {
  event.preventDefault();
  take(event.dataTransfer.files[0]);
});

between.addEventListener("input", () => write());
number.addEventListener("input", () => write());

document.getElementById("hand-open").addEventListener("click", () => dialog.showModal());
dialog.addEventListener("click", ({ target }) => {
  // A press beside the dialog is one on its backdrop; a line that goes to the chat is sent by chat.js.
  if (target === dialog || target.closest("#hand-close, [data-command]")) dialog.close();
});

paint();
