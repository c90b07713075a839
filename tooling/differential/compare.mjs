/** Compares two tokenizers on texts and makes what differs small. */

/** Offsets in UTF-16 units for offsets in code points. */
export function toUnits(text, offsets) {
  const units = [0];
  for (const character of text) units.push(units.at(-1) + character.length);
  return offsets.map((offset) => units[offset]);
}

/** How two results differ, "" where they do not. */
export function difference(expected, actual) {
  if (expected.ids.join() !== Array.from(actual.ids).join()) return "ids";
  if (actual.offsets === undefined) return "";
  return expected.offsets.join() !== Array.from(actual.offsets).join() ? "offsets" : "";
}

/** A shorter text on which `differs` holds still, as short as leaving out stretches can make it. */
export async function shrunk(text, differs) {
  let current = Array.from(text);
  for (let size = current.length >> 1 || 1; ; ) {
    let changed = false;
    for (let at = 0; at < current.length && current.length > 1; ) {
      const candidate = [...current.slice(0, at), ...current.slice(at + size)];
      if (candidate.length > 0 && (await differs(candidate.join("")))) {
        current = candidate;
        changed = true;
      } else at += size;
    }
    if (size === 1 && !changed) return current.join("");
    if (!changed) size >>= 1;
  }
}
