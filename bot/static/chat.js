/** The chat page: whatever is typed, clicked or picked is a command, and the bot answers with a bubble. */

const FIRST_STRIP = "/digit 4";
const UNREACHABLE = "I can't be reached right now. Please try again in a moment.";
const PATIENCE = 20_000; // milliseconds; what waits behind a request that never ends must go on
const HISTORY = "digit-bot.history";
const HISTORY_LENGTH = 100;

const [log, picker, models, form, line] = ["log", "picker", "models", "form", "line"].map((id) => document.getElementById(id));

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

const history = new History();
let answered = Promise.resolve();

/** Say a command on the person's behalf. */
function send(command) {
  history.add(command);
  show(bubble("own", "You", command));
  answer(command);
}

/** Answer a command once all that came before it are answered. */
function answer(command) {
  const waiting = bubble("bot waiting", "Digit Bot");
  show(waiting);
  answered = answered.then(async () => {
    const reply = await ask(command);
    waiting.replaceWith(reply.image ? picture(reply) : words(reply));
    scrollToNewest();
  });
}

/** What the bot replies; where nothing comes back, an error that says so. */
async function ask(text) {
  try {
    const response = await fetch("api/chat", {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ text }),
      signal: AbortSignal.timeout(PATIENCE),
    });
    return await response.json();
  } catch {
    return { error: UNREACHABLE };
  }
}

function words({ text, error = UNREACHABLE }) {
  return text ? bubble("bot words", "Digit Bot", text) : bubble("bot words error", "Digit Bot", error);
}

function picture({ image, alt, width, height, caption, again, link, original, digits, ...drawn }) {
  pickFrom(digits);
  offerModels(drawn);
  const same = toCommand(link);
  const strip = element("img", { src: image, alt, width, height });
  const actions = [
    button("Again", { command: again }),
    element("a", { href: original, download: toFileName(same) }, "Originals"),
    button("Reuse seed", { line: same }),
  ];
  return bubble(
    "bot picture",
    "Digit Bot",
    element("figure", {}, strip, element("figcaption", {}, caption)),
    element("div", { className: "actions" }, ...actions),
  );
}

/** Let the picker ask for what the newest picture was asked for, count and model included, with another digit. */
function pickFrom(commands) {
  commands.forEach((command, digit) => (picker.children[digit].dataset.command = command));
}

/** Let the menu show who drew the newest picture, and ask any other model for the same one. */
function offerModels({ model, models: known }) {
  const options = Object.entries(known).map(([value, { title, command }]) => {
    const option = element("option", { value }, title);
    option.dataset.command = command;
    return option;
  });
  models.replaceChildren(...options);
  models.value = model;
  models.hidden = options.length < 2;
}

/** A link and a command hold the same words: `/digit/4.png?seed=7` is `/digit 4 seed=7`. */
function toCommand(link) {
  const { pathname, searchParams } = new URL(link, location);
  const [command, ...values] = decodeURIComponent(pathname).replace(/\.\w+$/, "").slice(1).split("/");
  const options = [...searchParams].map(([name, value]) => `${name}=${value}`);
  return [`/${command}`, ...values, ...options].join(" ");
}

function toFileName(command) {
  return `${command.slice(1).replaceAll(/[ =]/g, "-")}-original.png`;
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

function scrollToNewest() {
  log.scrollTop = log.scrollHeight;
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

models.addEventListener("change", () => send(models.selectedOptions[0].dataset.command));

document.addEventListener("click", ({ target }) => {
  const { command, line: text } = target.closest("button")?.dataset ?? {};
  if (command) send(command);
  if (text) edit(text);
});

answer(FIRST_STRIP);
