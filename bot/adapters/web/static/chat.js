/** The chat page: everything typed, clicked or picked is a command, and the bot answers each with a bubble. */

import { ask } from "./bot.js";
import { absolute, button, element } from "./dom.js";
import { fade, write } from "./motion.js";
import { lasting, takeAlong } from "./share.js";

const HISTORY_KEY = "digit-bot.history";
const CONVERSATION_KEY = "digit-bot.conversation";
const MAX_HISTORY = 100;

const [log, controls, picker, form, line] = ["log", "controls", "picker", "form", "line"].map((id) => document.getElementById(id));
const { words, toggles } = JSON.parse(document.getElementById("data").textContent);
const parameters = new URLSearchParams(location.search);
const language = parameters.has("lang") ? { lang: parameters.get("lang") } : {}; // chosen for this page
const firstCommand = log.querySelector("[data-command]").dataset.command;

/** The commands of this browser session, for the arrow keys; the line being typed comes last. */
class History {
  #lines = load(HISTORY_KEY);
  #position = this.#lines.length;
  #draft = "";

  add(command) {
    if (this.#lines.at(-1) !== command) this.#lines.push(command);
    this.#lines = this.#lines.slice(-MAX_HISTORY);
    this.#position = this.#lines.length;
    store(HISTORY_KEY, this.#lines);
  }

  /** Return the line that is `step` after the one shown. */
  move(step, shown) {
    if (this.#position === this.#lines.length) this.#draft = shown;
    this.#position = Math.min(Math.max(this.#position + step, 0), this.#lines.length);
    return this.#lines[this.#position] ?? this.#draft;
  }
}

// Where a browser blocks storage, every access throws: the history then lasts as long as the page.
function load(key) {
  try {
    return JSON.parse(sessionStorage.getItem(key)) ?? [];
  } catch {
    return [];
  }
}

/** Store a list; where there is no room for all of it, the newer half. */
function store(key, list) {
  try {
    sessionStorage.setItem(key, JSON.stringify(list));
  } catch {
    if (list.length > 1) store(key, list.slice(list.length / 2));
  }
}

const history = new History();
let lastReply = Promise.resolve();
let newest; // the bubble whose picture the controls and the picker belong to

/** Send a command on the person's behalf. */
function send(command) {
  history.add(command);
  show(ownBubble(command));
  keep();
  request(command);
}

/** Keep the conversation for a reload of the page. */
function keep() {
  const kept = [...log.children].flatMap(({ entry }) => entry ?? []);
  store(CONVERSATION_KEY, kept);
}

/** Show the conversation as it was before a reload; return whether there was one. */
function restore() {
  if (performance.getEntriesByType("navigation")[0]?.type === "navigate") return false;
  const kept = load(CONVERSATION_KEY);
  log.append(...kept.map(({ own, reply }) => (own ? ownBubble(own) : replyBubble(reply))));
  if (kept.length) scrollToNewest();
  return kept.length > 0;
}

/** Show the reply to a command once those to all commands before it are shown. */
function request(command) {
  const waiting = bubble("bot waiting", words.bot);
  show(waiting);
  lastReply = lastReply.then(async () => {
    const reply = await fetchReply(command);
    const made = replyBubble(reply);
    waiting.replaceWith(made);
    write(made.querySelector("figure img"));
    keep();
    scrollToNewest();
  });
}

/** Request a command as `request` does, and put its picture in place of the one in a bubble.
 *
 * The command is made once those before it are answered: it may change what they have drawn. The focus goes on to the
 * part of the new picture that takes the place of the one that had it, if there is one. */
function redraw(place, makeCommand, focused) {
  lastReply = lastReply.then(async () => {
    const command = makeCommand();
    history.add(command);
    const reply = await fetchReply(command);
    const before = place.querySelector("figure img");
    // What could not be drawn, such as a seed that is none, leaves the picture that is there.
    fill(place, reply.caption ? reply : place.entry.reply);
    if (reply.caption) fade(before, place.querySelector("figure img"));
    else show(replyBubble(reply));
    if (focused) place.querySelector(focused).focus();
    keep();
  });
}

/** Return the bot's reply, or an error if it cannot be reached. */
async function fetchReply(command) {
  const { answer } = await ask("api/chat", JSON.stringify({ text: command }));
  return answer ?? { error: words.unreachable };
}

function ownBubble(command) {
  return Object.assign(bubble("own", words.you, command), { entry: { own: command } });
}

function replyBubble(reply) {
  return reply.caption ? pictureBubble(reply) : textBubble(reply);
}

/** Return a bubble of text; a line in it that can be sent as it is can be pressed. */
function textBubble(reply) {
  const { image, alt, error, text = error ?? words.unreachable, parts = [text] } = reply;
  const content = parts.map((part) => (part.line ? button(part.line, { command: part.line }, "line") : part));
  if (image) content.push(element("img", { src: absolute(image), alt, onload: scrollToNewest }));
  return Object.assign(bubble(`bot words ${error ? "error" : ""}`, words.bot, ...content), { entry: { reply } });
}

function pictureBubble(reply) {
  const made = bubble("bot picture", words.bot, element("figure", {}), element("div", {}));
  const lists = Object.keys(toggles).filter((name) => name in reply.options);
  made.prepend(...lists.map((name) => toggleRow(name, reply.options[name].value, made)));
  fill(made, reply);
  return made;
}

/** Put a picture into its bubble in place of the one that is there. */
function fill(place, reply) {
  place.entry = { reply };
  newest = place;
  const [figure, actions] = drawing(reply, place);
  place.querySelector("figure").replaceWith(figure);
  place.lastChild.replaceWith(actions);
  for (const row of place.querySelectorAll(".toggles")) row.dataset.line = reply.options[row.dataset.name].line;
  document.dispatchEvent(new CustomEvent("drawn", { detail: reply }));
}

/** Return the content of a picture's bubble, and let the controls around it follow this newest picture. */
function drawing(reply, place) {
  const { image, alt, width, height, caption, parts = [caption], note, scores = [], options } = reply;
  const { command, share, again, original, choices } = reply;
  window.history.replaceState(null, "", inLanguage(absolute(share)));
  updatePicker(choices);
  updateControls(options);
  const actions = [
    button(words.again, { command: again }),
    ...takeAlong(reply),
    element("a", { href: lasting(original), download: "" }, words.originals),
    button(words.reuse, { line: command }),
  ];
  const img = element("img", { src: image, alt, width, height });
  const explained = note ? [element("small", {}, note)] : [];
  const said = parts.map((part) => (part.seed === undefined ? part : seedField(part.seed, options.seed.line, place)));
  const figure = element("figure", {}, img, element("figcaption", {}, ...said, ...explained));
  if (scores.length) figure.append(scoreList(scores));
  if (options.style) figure.dataset.style = options.style.value;
  return [figure, element("div", { className: "actions" }, ...actions)];
}

/** Return a seed that can be edited in place: Enter draws the picture with it, Escape brings it back. */
function seedField(seed, seedless, place) {
  const field = element("span", { className: "seed-field", role: "textbox", ariaLabel: words.seed, tabIndex: 0 }, seed);
  Object.assign(field, { inputMode: "numeric", enterKeyHint: "go", spellcheck: false });
  field.setAttribute("contenteditable", "plaintext-only"); // as a property it would throw where it is not known
  if (field.contentEditable !== "plaintext-only") field.contentEditable = "true"; // Firefox before 136
  field.addEventListener("keydown", (event) => {
    if (!["Enter", "Escape"].includes(event.key) || event.isComposing) return;
    event.preventDefault();
    const typed = field.textContent.trim();
    field.blur();
    if (event.key === "Enter" && typed !== String(seed)) redraw(place, () => `${seedless} seed=${typed}`, ".seed-field");
  });
  field.addEventListener("blur", () => {
    field.textContent = seed;
  });
  return field;
}

/** Return the scores of the models in a comparison, a sentence about each. */
function scoreList(scores) {
  const entries = scores.flatMap(({ title, sentence, values }) => [
    element("dt", {}, title),
    element("dd", {}, sentence, element("ul", {}, ...values.map(scoreOf))),
  ]);
  const open = matchMedia("(min-width: 46rem)").matches; // narrower, they are below the picture
  return element("details", { open }, element("summary", {}, words.scores), element("dl", {}, ...entries));
}

function scoreOf([model, value, best]) {
  return element("li", {}, `${model} `, element(best ? "b" : "span", {}, value));
}

/** Return a toggle for each value that an option's list may have; they redraw the picture in `place`. */
function toggleRow(name, value, place) {
  const { label, values } = toggles[name];
  const buttons = values.map(([each, title]) => {
    const ariaPressed = String(value.includes(each));
    return element("button", { type: "button", value: each, ariaPressed }, title);
  });
  const pressed = () => buttons.filter((each) => each.ariaPressed === "true");
  const row = element("div", { className: "actions toggles", role: "group", ariaLabel: label }, ...buttons);
  row.dataset.name = name;
  row.addEventListener("click", ({ target }) => {
    const [last, ...more] = pressed();
    if (target === row || (target === last && !more.length)) return;
    target.ariaPressed = String(target.ariaPressed === "false");
    redraw(place, () => `${row.dataset.line} ${name}=${pressed().map((each) => each.value)}`);
  });
  return row;
}

/** Give the picker the commands for the newest picture with another digit; a picture without choices changes nothing. */
function updatePicker(choices) {
  for (const each of picker.children) each.dataset.command = choices[each.textContent] ?? each.dataset.command;
}

/** Show how the newest picture was drawn, and let each control draw the same one with another value. */
function updateControls(options) {
  controls.disabled = false;
  for (const control of controls.querySelectorAll("[name]")) {
    const option = options[control.name];
    control.closest(".control").hidden = !option;
    if (!option) continue;
    control.value = option.value;
    control.dataset.line = option.line;
    showValue(control);
  }
}

/** Show the number at which a slider stands. */
function showValue(control) {
  const output = control.closest(".control").querySelector("output");
  if (output) output.value = control.value;
}

/** Return a URL that asks for the language of this page, if somebody chose one. */
function inLanguage(url) {
  const made = new URL(url, location);
  for (const [name, value] of Object.entries(language)) made.searchParams.set(name, value);
  return made.href;
}

function bubble(className, ariaLabel, ...content) {
  return element("article", { className, ariaLabel }, ...content);
}

function show(message) {
  log.append(message);
  scrollToNewest();
}

/** Scroll to the end of the log, or to the beginning of a reply that is too long for the window. */
function scrollToNewest() {
  const { scrollHeight, clientHeight, lastElementChild } = log;
  log.scrollTop = Math.min(scrollHeight - clientHeight, lastElementChild.offsetTop - 8);
}

function edit(text) {
  line.value = text;
  line.focus();
  line.setSelectionRange(text.length, text.length);
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  const command = line.value.trim();
  if (command) send(command);
  edit("");
});

line.addEventListener("keydown", (event) => {
  const step = { ArrowUp: -1, ArrowDown: 1 }[event.key];
  if (!step || event.isComposing) return;
  event.preventDefault();
  edit(history.move(step, line.value));
});

// One stop of the Tab key for the whole picker, so that the pictures' buttons stay near the text line.
picker.addEventListener("keydown", (event) => {
  const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
  if (!step) return;
  const choices = [...picker.children];
  choices.at((choices.indexOf(event.target) + step) % choices.length).focus();
});

picker.addEventListener("focusin", ({ target }) => {
  for (const each of picker.children) each.tabIndex = each === target ? 0 : -1;
});

controls.addEventListener("input", ({ target }) => showValue(target));
controls.addEventListener("change", ({ target: { name, value, dataset } }) => {
  redraw(newest, () => `${dataset.line} ${name}=${value}`);
});

document.addEventListener("click", ({ target }) => {
  const pressed = target.closest("button");
  const { command, line: text } = pressed?.dataset ?? {};
  if (command) send(command);
  if (text) edit(text);
});

if (!restore()) request(parameters.get("q") || firstCommand);
