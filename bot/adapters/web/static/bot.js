/** Requests to the bot. */

const TIMEOUT_MS = 20_000; // so that a request that never ends does not hold up those behind it
const language = new URLSearchParams(location.search).get("lang");

/** Return the bot's answer, or none if it cannot be reached, and the seconds after which to ask again if it said so. */
export async function ask(path, body, type = "application/json") {
  const url = new URL(path, location);
  if (language) url.searchParams.set("lang", language);
  try {
    const signal = AbortSignal.timeout(TIMEOUT_MS);
    const response = await fetch(url, { method: "POST", headers: { "Content-Type": type }, body, signal });
    return { answer: await response.json(), retryAfter: Number(response.headers.get("Retry-After")) };
  } catch {
    return { answer: null, retryAfter: 0 };
  }
}
