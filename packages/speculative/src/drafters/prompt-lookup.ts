/**
 * Drafts what followed an earlier occurrence of the text's last tokens.
 *
 * Paper    prompt lookup decoding (A. Saxena 2023, no paper), LLMA, arXiv:2304.04487
 * Shapes   tokens [T] u32  ->  a chain of at most `numTokens` rows below the root
 * Units    minN, maxN, numTokens, room in tokens
 * Cost     O(numTokens + maxN) a step and O(maxN) a new token; 32 to 64 bytes an n-gram. `promptLookupDraft` reads the whole text
 * State    an index of the text. A text that does not go on from the last one is indexed anew
 * Differs  drafts are 3 tokens long unless told otherwise, all references say 10: on a CPU 11 rows cost more than they save.
 *          `transformers` takes no draft when one token is left to write and here leaves that to `room`; its suppressed tokens
 *          come from logits processors, here from a list; a rule for ends (eosTokenIds) serves all variants
 * Errors   ArgumentError for counts that are no whole numbers of at least 1, or minN above maxN
 */
import { ArgumentError, type DraftTree } from "@frugal/tensor";
import { NgramIndex } from "../ngram-index.js";
import { chainTree } from "../tree.js";
import type { DraftContext, Drafter } from "../types.js";

/**
 * Which earlier occurrence is copied, the longest n-gram first.
 *
 *   original      the first, and only if all numTokens follow it
 *   transformers  the first; fewer tokens may follow
 *   vllm          the same with n-grams of 5 unless set
 *   latest        the nearest one before the end
 */
export type PromptLookupPick = "original" | "transformers" | "vllm" | "latest";

export interface PromptLookupOptions {
  /** Default "transformers". */
  readonly pick?: PromptLookupPick;
  /** Shortest n-gram. Default 1; `vllm`: 5, or maxN where only that is given. */
  readonly minN?: number;
  /** Longest n-gram. Default 2; `original`, `latest`: 3; `vllm`: 5, or minN where only that is given. */
  readonly maxN?: number;
  /** Longest draft. Default 3: a pass over 4 rows costs about what one over 1 row costs (`calibrate` measures it). */
  readonly numTokens?: number;
  /** A draft ends before the first of these. */
  readonly eosTokenIds?: readonly number[];
  /** A draft ends before the first of these; an occurrence with nothing before it is passed over. */
  readonly suppress?: readonly number[];
}

interface Settings {
  readonly pick: PromptLookupPick;
  readonly minN: number;
  readonly maxN: number;
  readonly numTokens: number;
  readonly ends: ReadonlySet<number>;
  readonly suppressed: ReadonlySet<number>;
}

export function promptLookup(options: PromptLookupOptions = {}): Drafter {
  const settings = resolved("promptLookup", options);
  const index = new NgramIndex(settings.maxN, settings.suppressed);
  /** The last tokens that were indexed, to tell whether a text goes on from there. */
  const seam = new Uint32Array(settings.maxN);

  function follow(tokens: Uint32Array): void {
    if (!goesOn(tokens)) index.clear();
    for (let i = index.length; i < tokens.length; i++) index.append(tokens[i]!);
    const kept = Math.min(seam.length, tokens.length);
    for (let i = 0; i < kept; i++) seam[i] = tokens[tokens.length - 1 - i]!;
  }

  function goesOn(tokens: Uint32Array): boolean {
    const length = index.length;
    if (tokens.length < length) return false;
    for (let i = 0; i < Math.min(seam.length, length); i++) {
      if (tokens[length - 1 - i] !== seam[i]) return false;
    }
    return true;
  }

  /** Start of the continuation; -1: none, -2: the index is of another text. */
  function find(tokens: Uint32Array): number {
    const latest = settings.pick === "latest";
    for (let n = Math.min(settings.maxN, tokens.length - 1); n >= settings.minN; n--) {
      const start = latest ? index.latest(n) : index.first(n);
      if (start < 0) continue;
      for (let i = 1; i <= n; i++) {
        if (tokens[start - i] !== tokens[tokens.length - i]) return -2;
      }
      if (settings.pick !== "original" || isWhole(start, tokens.length, settings)) return start;
    }
    return -1;
  }

  function propose({ tokens, room }: DraftContext): DraftTree {
    if (tokens.length === 0) throw new ArgumentError("promptLookup", "tokens", "not empty", 0);
    follow(tokens);
    let start = find(tokens);
    if (start === -2) {
      index.clear();
      follow(tokens);
      start = find(tokens);
    }
    const end = start < 0 ? start : continuationEnd(tokens, start, room, settings);
    return chainTree(
      tokens[tokens.length - 1]!,
      tokens.subarray(Math.max(start, 0), Math.max(end, 0)),
    );
  }

  return {
    name: "prompt-lookup",
    needs: {},
    propose,
    observe() {},
    reset: () => index.clear(),
    dispose: () => index.clear(),
  };
}

/** The draft by a scan of the whole text: the definition that the drafter's index must agree with. */
export function promptLookupDraft(
  ids: Uint32Array,
  options: PromptLookupOptions & { readonly room?: number } = {},
): Uint32Array {
  const settings = resolved("promptLookupDraft", options);
  const room = options.room ?? settings.numTokens;
  for (let n = Math.min(settings.maxN, ids.length - 1); n >= settings.minN; n--) {
    let found = -1;
    for (let start = n; start < ids.length; start++) {
      if (!endsWith(ids, start, n) || settings.suppressed.has(ids[start]!)) continue;
      found = start;
      if (settings.pick !== "latest") break;
    }
    if (found < 0 || (settings.pick === "original" && !isWhole(found, ids.length, settings)))
      continue;
    return ids.slice(found, continuationEnd(ids, found, room, settings));
  }
  return new Uint32Array(0);
}

/** Do the n tokens before `start` equal the last n of the text? */
function endsWith(ids: Uint32Array, start: number, n: number): boolean {
  for (let i = 1; i <= n; i++) if (ids[start - i] !== ids[ids.length - i]) return false;
  return true;
}

const isWhole = (start: number, length: number, settings: Settings): boolean =>
  start + settings.numTokens <= length;

function continuationEnd(
  ids: Uint32Array,
  start: number,
  room: number,
  settings: Settings,
): number {
  const longest = Math.max(0, Math.min(settings.numTokens, Math.floor(room)));
  const end = Math.min(start + longest, ids.length);
  for (let i = start; i < end; i++) {
    if (settings.ends.has(ids[i]!) || settings.suppressed.has(ids[i]!)) return i;
  }
  return end;
}

function resolved(where: string, options: PromptLookupOptions): Settings {
  const pick = options.pick ?? "transformers";
  const fallback = { original: 3, transformers: 2, vllm: 5, latest: 3 }[pick];
  if (fallback === undefined) {
    throw new ArgumentError(where, "pick", "original, transformers, vllm or latest", pick);
  }
  const maxN = options.maxN ?? (pick === "vllm" ? (options.minN ?? fallback) : fallback);
  const minN = options.minN ?? (pick === "vllm" ? maxN : 1);
  const numTokens = options.numTokens ?? 3;
  whole(where, "maxN", maxN);
  whole(where, "minN", minN);
  whole(where, "numTokens", numTokens);
  if (minN > maxN) throw new ArgumentError(where, "minN", `at most maxN (${maxN})`, minN);
  return {
    pick,
    minN,
    maxN,
    numTokens,
    ends: new Set(options.eosTokenIds),
    suppressed: new Set(options.suppress),
  };
}

/** An n-gram or a draft beyond this is a mistake of the caller, not a wish. */
const MOST_TOKENS = 4096;

function whole(where: string, argument: string, value: number): void {
  if (Number.isInteger(value) && value >= 1 && value <= MOST_TOKENS) return;
  throw new ArgumentError(where, argument, `a whole number in 1..${MOST_TOKENS}`, value);
}
