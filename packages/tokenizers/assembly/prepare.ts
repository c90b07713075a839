/**
 * Puts the tokens into the table of whole words: those that their own merges give back.
 *
 * Shapes   tokens 0..count - 1, laid down before
 * Cost     one merge a token, unless `all`
 * Differs  a token of more than SHORT bytes is left to the merges unless `all`, which gives the same ids
 */
import { allocate, mark, release } from "./memory";
import { mergeShort, SHORT } from "./merge-short";
import { insert, tokenLength, tokenStart } from "./vocabulary";

/** `all`: whole pieces are taken as tokens without regard to merges (`ignore_merges`). */
export function insertTokens(count: u32, all: bool): bool {
  const place = mark();
  const ids = allocate(SHORT * 4);
  if (ids == 0) return false;
  for (let id: u32 = 0; id < count; id++) {
    const length = tokenLength(id);
    if (length == 0) continue;
    const isWhole =
      all ||
      length == 1 ||
      (length <= SHORT && mergeShort(tokenStart(id), length, ids) == 1 && load<u32>(ids) == id);
    if (isWhole) insert(id);
  }
  release(place);
  return true;
}
