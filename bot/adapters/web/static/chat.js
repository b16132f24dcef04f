/** The chat page: whatever is typed, clicked or picked is a command, and the bot answers with a bubble. */

const FIRST_LINE = "/digit 4";
const PATIENCE = 20_000; // milliseconds; what waits behind a request that never ends must go on
const HISTORY = "digit-bot.history";
const HISTORY_LENGTH = 100;

const [log, tuning, picker, form, line] = ["log", "tuning", "picker", "form", "line"].map((id) => document.getElementById(id));
const phrases = JSON.parse(document.getElementById("phrases").textContent);

/** The commands of this browser session, walked with the arrow keys; the line being typed comes last. */
class History {
  #lines = restore();
  #position = this.#lines.length;
  #draft = "";

  add(command) {
    if (this.#lines.at(-1) !== command) this.#lines.push(command);
    this.#lines = this.#lines.slice(-HISTORY_LENGTH);
    this.#position = this.#lines.length;
    keep(this.#lines);
  }

  /** The line that stands `step` after the one shown. */
  move(step, shown) {
    if (this.#position === this.#lines.length) this.#draft = shown;
    this.#position = Math.min(Math.max(this.#position + step, 0), this.#lines.length);
    return this.#lines[this.#position] ?? this.#draft;
  }
}

// A browser told to keep nothing throws whenever its storage is touched: the history then lasts as long as the page.
function restore() {
  try {
    return JSON.parse(sessionStorage.getItem(HISTORY)) ?? [];
  } catch {
    return [];
  }
}

function keep(lines) {
  try {
    sessionStorage.setItem(HISTORY, JSON.stringify(lines));
  } catch {
    return;
  }
}

const sent = new History();
let answered = Promise.resolve();

/** Say a command on the person's behalf. */
function send(command) {
  sent.add(command);
  show(bubble("own", phrases.you, command));
  answer(command);
}

/** Answer a command once all that came before it are answered. */
function answer(command) {
  const waiting = bubble("bot waiting", phrases.bot);
  show(waiting);
  answered = answered.then(async () => {
    const reply = await ask(command);
    waiting.replaceWith(reply.caption ? picture(reply) : words(reply));
    scrollToNewest();
  });
}

/** Answer a command as `answer` does, with a picture in the place of the one in a bubble. */
function redraw(place, command) {
  sent.add(command);
  answered = answered.then(async () => {
    const reply = await ask(command);
    if (!reply.caption) return show(words(reply));
    const [figure, actions] = drawing(reply);
    place.querySelector("figure").replaceWith(figure);
    place.lastChild.replaceWith(actions);
  });
}

/** What the bot replies; where nothing comes back, an error that says so. */
async function ask(command) {
  try {
    const response = await fetch("api/chat", {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ text: command }),
      signal: AbortSignal.timeout(PATIENCE),
    });
    return await response.json();
  } catch {
    return { error: phrases.unreachable };
  }
}

function words({ text, image, alt, error = phrases.unreachable }) {
  if (!text) return bubble("bot words error", phrases.bot, error);
  const pictures = image ? [element("img", { src: here(image), alt, onload: scrollToNewest })] : [];
  return bubble("bot words", phrases.bot, text, ...pictures);
}

function picture(reply) {
  const made = bubble("bot picture", phrases.bot, ...drawing(reply));
  const { models } = reply.options;
  if (models) made.prepend(toggles(models, made));
  return made;
}

/** What a picture's bubble has in it; the controls around it follow the newest one. */
function drawing({ image, alt, width, height, caption, command, share, again, link, original, digits, options }) {
  window.history.replaceState(null, "", here(share));
  if (digits.length) pickFrom(digits);
  tune(options);
  const actions = [
    button(phrases.again, { command: again }),
    button(phrases.copy, { link: here(share) }),
    element("a", { href: here(link), download: "" }, phrases.download),
    element("a", { href: here(original), download: "" }, phrases.originals),
    button(phrases.reuse, { line: command }),
  ];
  const drawn = element("img", { src: image, alt, width, height });
  const figure = element("figure", {}, drawn, element("figcaption", {}, caption));
  figure.dataset.style = options.style.value;
  return [figure, element("div", { className: "actions" }, ...actions)];
}

/** A switch for each model, which draws a comparison again where it stands. */
function toggles({ value, line }, place) {
  const switches = [...tuning.elements.model.options].map((model) => {
    const ariaPressed = String(value.includes(model.value));
    return element("button", { type: "button", value: model.value, ariaPressed }, model.text);
  });
  const pressed = () => switches.filter((each) => each.ariaPressed === "true");
  const row = element("div", { className: "actions toggles", role: "group", ariaLabel: phrases.models }, ...switches);
  row.addEventListener("click", ({ target }) => {
    const [last, ...more] = pressed();
    if (target === row || (target === last && !more.length)) return;
    target.ariaPressed = String(target.ariaPressed === "false");
    redraw(place, `${line} models=${pressed().map((each) => each.value)}`);
  });
  return row;
}

/** Let the picker ask for what the newest picture was asked for, count and model included, with another digit. */
function pickFrom(commands) {
  commands.forEach((command, digit) => (picker.children[digit].dataset.command = command));
}

/** Let the controls show how the newest picture was drawn, and ask for the same one drawn otherwise. */
function tune(options) {
  tuning.disabled = false;
  for (const control of tuning.elements) {
    const option = options[control.name];
    control.hidden = !option;
    if (!option) continue;
    control.value = option.value;
    control.dataset.line = option.line;
  }
}

/** The address of a path of the bot's, which need not be at the root of its server. */
function here(path) {
  return new URL(`.${path}`, location).href;
}

async function copy(link) {
  try {
    await navigator.clipboard.writeText(link);
  } catch {
    // Over plain HTTP a browser copies nothing but what is selected.
    const draft = line.value;
    edit(link);
    line.select();
    document.execCommand("copy");
    line.value = draft;
  }
}

function bubble(className, ariaLabel, ...content) {
  return element("article", { className, ariaLabel }, ...content);
}

function button(label, data) {
  const made = element("button", { type: "button" }, label);
  Object.assign(made.dataset, data);
  return made;
}

/** Content that is text stays text, whatever is in it. */
function element(tag, properties, ...content) {
  const made = Object.assign(document.createElement(tag), properties);
  made.append(...content);
  return made;
}

function show(message) {
  log.append(message);
  scrollToNewest();
}

/** Show the end of the talk; of an answer too long for that, its beginning. */
function scrollToNewest() {
  const { scrollHeight, clientHeight, lastElementChild } = log;
  log.scrollTop = Math.min(scrollHeight - clientHeight, lastElementChild.offsetTop - log.offsetTop - 8);
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
  edit(sent.move(step, line.value));
});

// One stop of the Tab key for ten digits, so that the pictures' buttons stay near the text line.
picker.addEventListener("keydown", (event) => {
  const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
  if (!step) return;
  const digits = [...picker.children];
  digits.at((digits.indexOf(event.target) + step) % digits.length).focus();
});

picker.addEventListener("focusin", ({ target }) => {
  for (const digit of picker.children) digit.tabIndex = digit === target ? 0 : -1;
});

tuning.addEventListener("change", ({ target: { name, value, dataset } }) => send(`${dataset.line} ${name}=${value}`));

document.addEventListener("click", async ({ target }) => {
  const pressed = target.closest("button");
  const { command, line: text, link } = pressed?.dataset ?? {};
  if (command) send(command);
  if (text) edit(text);
  if (!link) return;
  await copy(link);
  for (const other of log.querySelectorAll("[data-link]")) other.textContent = other === pressed ? phrases.copied : phrases.copy;
});

answer(new URLSearchParams(location.search).get("q") || FIRST_LINE);
