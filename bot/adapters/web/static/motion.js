/** Pictures that appear; where a person wants no motion they are simply there. */

const FADE_MS = 250;
const WRITE_MS = 700; // five digits, about as fast as they would be jotted down
const calm = matchMedia("(prefers-reduced-motion: reduce)");

/** Let a new picture appear from left to right, as it would be written. */
export function write(picture) {
  if (!picture || calm.matches) return;
  const mask = { maskImage: "linear-gradient(90deg, #000 45%, transparent 55%)", maskSize: "220% 100%" };
  const frames = [{ ...mask, maskPosition: "100% 0" }, { ...mask, maskPosition: "0 0" }];
  picture.animate(frames, { duration: WRITE_MS, easing: "ease-out" });
}

/** Lay the picture that was there over the one that has taken its place, and let it fade. */
export function fade(before, picture) {
  if (!before || calm.matches) return;
  Object.assign(before, { className: "before", alt: "" });
  picture.before(before);
  const fading = before.animate([{ opacity: 1 }, { opacity: 0 }], { duration: FADE_MS, fill: "forwards" });
  fading.finished.finally(() => before.remove());
}
