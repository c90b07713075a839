/**
 * Writes token after token: plain, or several a step when a drafter guesses well.
 *
 * The seeded stream does not depend on the drafter: one number is drawn for every token emitted, so with sample-and-match
 * the same seed gives the same text with any drafter and with none.
 *
 * Cost     one pass a step; a draft costs its rows
 * Errors   ArgumentError when the verifier is biased on the drafter's trees; CapabilityError for a drafter beside a cache
 *          policy that looks at every row; an abort rejects with the signal's reason
 */

import type { Drafter, Verifier } from "@frugal/speculative";
import {
  ArgumentError,
  CapabilityError,
  type DraftTree,
  draw,
  type Random,
  type Signals,
} from "@frugal/tensor";
import type { Sampler } from "../sampling/index.js";
import { breathe } from "./breathe.js";
import { MAX_TREE_ROWS } from "./options.js";
import type { Sequence } from "./sequence.js";
import { Target, TokenList } from "./target.js";
import { shallower } from "./tree.js";

export interface DecodeRequest {
  readonly sequence: Sequence;
  /** Prompt ids; the cache holds them all. */
  readonly promptIds: Uint32Array;
  /** [V], after the prompt's last row. */
  readonly logits: Float32Array;
  readonly sampler: Sampler;
  readonly random: Random;
  readonly maxTokens: number;
  readonly endTokenIds: readonly number[];
  readonly draft?: { readonly drafter: Drafter; readonly verifier: Verifier } | undefined;
  readonly signal?: AbortSignal | undefined;
}

export interface DecodeCounts {
  steps: number;
  drafted: number;
  accepted: number;
}

/** Milliseconds of work after which the event loop gets a turn. */
const BREATHE_AFTER_MS = 12;

/** The tokens each step emitted; an end token is among them and the last. */
export async function* decode(
  request: DecodeRequest,
  counts: DecodeCounts,
): AsyncGenerator<readonly number[], void, void> {
  const { sequence, sampler, random, maxTokens, draft } = request;
  if (draft && sequence.presentTaps()) {
    throw new CapabilityError(
      "generate",
      ["a cache policy that looks at every row, with a drafter: the rows of a tree are not shown"],
      "Choose a policy over the last rows, or leave the drafter out",
    );
  }
  const context = new TokenList(request.promptIds);
  const target = new Target(sequence, sampler, context);
  const ends = new Set(request.endTokenIds);
  const draftRandom = random.fork("draft");
  let emitted = 0;
  let breathed = performance.now();

  try {
    await sequence.boundary("prefillEnd");
    if (maxTokens === 0) return;
    let last = draw(
      sampler.law(request.logits, () => context.view),
      random.next(),
    );
    context.push(last);
    emitted++;
    yield [last];

    while (emitted < maxTokens && !ends.has(last)) {
      request.signal?.throwIfAborted();
      if (performance.now() - breathed > BREATHE_AFTER_MS) {
        await breathe(request.signal);
        breathed = performance.now();
      }
      if (sequence.roomToBoundary <= 0) await sequence.boundary("interval");
      const places = sequence.engine.decoder.config.maxPositions - sequence.furthestPosition;
      if (places < 1) return;
      // One more token follows the draft, so a draft leaves room for it.
      const room = Math.min(maxTokens - emitted - 1, sequence.roomToBoundary - 1, places - 1);
      const tree = draft ? await propose(draft, context, room, draftRandom) : null;
      const tokens =
        tree && draft && tree.tokens.length > 1
          ? await verified(target, sequence, draft, tree, random, counts)
          : [await plain(target, last, random, draft?.drafter)];
      counts.steps++;
      const ending = tokens.findIndex((token) => ends.has(token));
      const taken = ending < 0 ? tokens : tokens.slice(0, ending + 1);
      for (const token of taken) context.push(token);
      last = taken.at(-1) as number;
      emitted += taken.length;
      yield taken;
    }
  } finally {
    target.dispose();
  }
}

async function propose(
  { drafter, verifier }: { readonly drafter: Drafter; readonly verifier: Verifier },
  context: TokenList,
  room: number,
  random: Random,
): Promise<DraftTree> {
  const tokens = context.view;
  const tree = await drafter.propose({ tokens, room: MAX_TREE_ROWS - 1, random });
  checkTree(drafter.name, tree);
  if (!verifier.accepts.includes(tree.drawn)) {
    throw new ArgumentError(
      "generate",
      "draft.verifier",
      `one that accepts ${tree.drawn} trees (of ${drafter.name})`,
      `${verifier.name}, which accepts ${verifier.accepts.join(", ")}`,
    );
  }
  if (tree.tokens[0] !== tokens.at(-1)) {
    throw new ArgumentError(
      drafter.name,
      "tree.tokens[0]",
      `the last token, ${tokens.at(-1)}`,
      tree.tokens[0],
    );
  }
  return shallower(tree, room, MAX_TREE_ROWS);
}

/** A stranger's drafter may give anything. */
function checkTree(name: string, tree: DraftTree | undefined): asserts tree is DraftTree {
  const rows = tree?.tokens?.length ?? 0;
  if (!tree || rows === 0) throw new ArgumentError(name, "tree", "one with a root", tree);
  if (tree.parents?.length !== rows) {
    throw new ArgumentError(
      name,
      "tree.parents",
      `as long as its ${rows} tokens`,
      tree.parents?.length,
    );
  }
}

async function plain(
  target: Target,
  last: number,
  random: Random,
  drafter: Drafter | undefined,
): Promise<number> {
  await target.feed(last);
  const next = draw(await target.law(0), random.next());
  if (drafter) {
    const root = {
      tokens: Uint32Array.of(last),
      parents: Int32Array.of(-1),
      drawn: "deterministic",
    } as const;
    await tell(drafter, target, root, [0], [next], {});
  }
  return next;
}

async function verified(
  target: Target,
  sequence: Sequence,
  { drafter, verifier }: { readonly drafter: Drafter; readonly verifier: Verifier },
  tree: DraftTree,
  random: Random,
  counts: DecodeCounts,
): Promise<readonly number[]> {
  const signals = await target.feedTree(tree, drafter.needs);
  const { accepted, next } = await verifier.verify(tree, (row) => target.law(row), random);
  sequence.commit(accepted);
  const emitted = [...accepted.slice(1).map((row) => tree.tokens[row] as number), next];
  counts.drafted += tree.tokens.length - 1;
  counts.accepted += accepted.length - 1;
  await tell(drafter, target, tree, accepted, emitted, signals);
  return emitted;
}

async function tell(
  drafter: Drafter,
  target: Target,
  tree: DraftTree,
  accepted: readonly number[],
  emitted: readonly number[],
  signals: Signals,
): Promise<void> {
  const perRow = drafter.topPerRow ?? 0;
  const ids = perRow > 0 ? await target.top(perRow) : new Uint32Array(0);
  drafter.observe({
    tree,
    accepted,
    emitted: Uint32Array.from(emitted),
    top: { ids, perRow },
    signals,
  });
}
