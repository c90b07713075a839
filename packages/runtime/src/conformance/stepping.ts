/** Rules of stepping: however rows are fed, they mean the same. */
import type { Floats } from "@frugal/tensor";
import { type Check, type Finding, firstFinding, rowsOf, type Trial } from "./trial.js";

export const STEPPING: readonly (readonly [string, Check])[] = [
  ["steps in pieces as in one", inPieces],
  ["gives the last row's logits where only they are asked for", lastRow],
  ["gives each row of a tree the logits of its path", treeRows],
  ["goes on from a committed path as from a chain", committedPath],
  ["runs a split stack as the whole one", splitStack],
  ["takes embeddings for their tokens", embeddings],
  ["steps several caches at once as one after another", severalCaches],
  ["keeps steps that overlap apart", overlapping],
  ["lets a fork go its own way", forks],
  ["goes on from a truncated cache as if nothing had been", truncated],
];

async function inPieces(trial: Trial): Promise<Finding> {
  const tokens = trial.tokens(17);
  const whole = await trial.logits({ cache: trial.cache(), tokens });
  const cache = trial.cache();
  for (let from = 0; from < tokens.length; ) {
    const count = 1 + trial.below(Math.min(6, tokens.length - from));
    const piece = await trial.logits({ cache, tokens: tokens.subarray(from, from + count) });
    const found = trial.differ(`rows from ${from}`, piece, rowsOf(whole, from, count));
    if (found) return found;
    from += count;
  }
  return cache.tokens.join() === tokens.join() ? null : "the cache stands for other tokens";
}

async function lastRow(trial: Trial): Promise<Finding> {
  const tokens = trial.tokens(9);
  const all = await trial.logits({ cache: trial.cache(), tokens });
  const last = await trial.logits({ cache: trial.cache(), tokens }, "last");
  const { logits } = await trial.model.step({
    rows: [{ cache: trial.cache(), tokens }],
    logits: "none",
  });
  if (logits.length > 0) return "logits that nobody asked for";
  return trial.differ("the last row", last, rowsOf(all, 8, 1));
}

interface GrownTree {
  readonly tokens: Uint32Array;
  readonly parents: Int32Array;
  /** Rows from the root to each row. */
  readonly paths: readonly (readonly number[])[];
}

function treeOf(trial: Trial, rows: number): GrownTree {
  const parents = Int32Array.from({ length: rows }, (_, i) => (i === 0 ? -1 : trial.below(i)));
  const paths: number[][] = [];
  for (const [row, parent] of parents.entries()) paths.push([...(paths[parent] ?? []), row]);
  return { tokens: trial.tokens(rows), parents, paths };
}

async function treeRows(trial: Trial): Promise<Finding> {
  const cache = trial.cache();
  await trial.logits({ cache, tokens: trial.tokens(6) });
  const { tokens, parents, paths } = treeOf(trial, 8);
  const forks = paths.map(() => trial.keep(cache.fork()));
  const tree = await trial.logits({ cache, tokens, parents });
  return firstFinding(
    paths.map((path, row) => async () => {
      const own = Uint32Array.from(path, (r) => tokens[r] as number);
      const chain = await trial.logits({ cache: forks[row] as never, tokens: own }, "last");
      return trial.differ(`row ${row} of parents [${parents}]`, rowsOf(tree, row, 1), chain);
    }),
  );
}

async function committedPath(trial: Trial): Promise<Finding> {
  const cache = trial.cache();
  await trial.logits({ cache, tokens: trial.tokens(5) });
  const chain = trial.keep(cache.fork());
  const { tokens, parents, paths } = treeOf(trial, 7);
  const path = paths[trial.below(paths.length)] as number[];
  await trial.logits({ cache, tokens, parents });
  cache.commit(path);
  await trial.logits({ cache: chain, tokens: Uint32Array.from(path, (r) => tokens[r] as number) });
  if (cache.tokens.join() !== chain.tokens.join()) return "the cache stands for other tokens";
  const next = trial.tokens(3);
  const got = await trial.logits({ cache, tokens: next });
  return trial.differ(
    `after rows [${path}]`,
    got,
    await trial.logits({ cache: chain, tokens: next }),
  );
}

async function splitStack(trial: Trial): Promise<Finding> {
  const { layerCount, width } = trial.decoder;
  const tokens = trial.tokens(7);
  const whole = trial.cache();
  const wanted = await trial.logits({ cache: whole, tokens });
  const cuts = [...new Set([1 + trial.below(layerCount), 1 + trial.below(layerCount), layerCount])];
  const cache = trial.cache();
  let fromLayer = 0;
  let hidden: readonly Floats[] | undefined;
  let got: Floats | undefined;
  for (const toLayer of cuts.sort((a, b) => a - b)) {
    const rows = [fromLayer === 0 ? { cache, tokens } : { cache }];
    const input = { rows, logits: "all", fromLayer, toLayer } as const;
    const out = await trial.model.step(hidden ? { ...input, hidden } : input);
    got = out.logits[0];
    hidden = out.hidden;
    fromLayer = toLayer;
    if (toLayer === layerCount) break;
    const dims = hidden?.[0]?.dims.join();
    if (dims !== `7,${width}`) return `hidden after ${toLayer} layers: [${dims}]`;
    if (out.logits.length > 0) return `logits after ${toLayer} layers`;
  }
  const next = trial.tokens(2);
  return (
    trial.differ(`cut at [${cuts}]`, got, wanted) ??
    trial.differ(
      `the step after a stack cut at [${cuts}]`,
      await trial.logits({ cache, tokens: next }),
      await trial.logits({ cache: whole, tokens: next }),
    )
  );
}

async function embeddings(trial: Trial): Promise<Finding> {
  const tokens = trial.tokens(6);
  const { hidden } = await trial.model.step({
    rows: [{ cache: trial.cache(), tokens }],
    logits: "none",
    toLayer: 0,
  });
  const [rows] = hidden ?? [];
  if (!rows) return "no hidden states before the first layer";
  const cache = trial.cache();
  const got = await trial.logits({ cache, tokens, embeddings: rows });
  if (cache.tokens.join() !== tokens.join()) return "the cache stands for other tokens";
  return trial.differ(
    "logits of embeddings",
    got,
    await trial.logits({ cache: trial.cache(), tokens }),
  );
}

async function severalCaches(trial: Trial): Promise<Finding> {
  const feeds = [3, 1, 5].map((count) => ({
    past: trial.tokens(2 * count),
    own: trial.tokens(count),
  }));
  const alone: Floats[] = [];
  for (const { past, own } of feeds) {
    const cache = trial.cache();
    await trial.logits({ cache, tokens: past });
    alone.push(await trial.logits({ cache, tokens: own }));
  }
  for (const asked of ["all", "last"] as const) {
    const caches = feeds.map(() => trial.cache());
    const rows = (which: "past" | "own") =>
      feeds.map((feed, i) => ({ cache: caches[i] as never, tokens: feed[which] }));
    await trial.model.step({ rows: rows("past"), logits: "none" });
    const { logits } = await trial.model.step({ rows: rows("own"), logits: asked });
    for (const [i, single] of alone.entries()) {
      const count = single.dims[0] as number;
      const wanted = asked === "all" ? single : rowsOf(single, count - 1, 1);
      const found = trial.differ(`cache ${i}, ${asked} rows`, logits[i], wanted);
      if (found) return found;
    }
  }
  return null;
}

async function overlapping(trial: Trial): Promise<Finding> {
  const feeds = [trial.tokens(7), trial.tokens(4), trial.tokens(9)];
  const toLayer = trial.decoder.layerCount - 1;
  const run = (tokens: Uint32Array) =>
    Promise.all([
      trial.logits({ cache: trial.cache(), tokens }),
      trial.logits({ cache: trial.cache(), tokens }, "last"),
      trial.model
        .step({ rows: [{ cache: trial.cache(), tokens }], logits: "none", toLayer })
        .then(({ hidden }) => hidden?.[0]),
    ]);
  const alone: (readonly (Floats | undefined)[])[] = [];
  for (const tokens of feeds) alone.push(await run(tokens));
  const together = await Promise.all(feeds.map(run));
  return firstFinding(
    together.flatMap((results, i) =>
      results.map((got, k) => () => trial.differ(`step ${i}.${k}`, got, alone[i]?.[k])),
    ),
  );
}

async function forks(trial: Trial): Promise<Finding> {
  const past = trial.tokens(5);
  const cache = trial.cache();
  await trial.logits({ cache, tokens: past });
  const fork = trial.keep(cache.fork());
  const [own, other] = [trial.tokens(3), trial.tokens(4)];
  const forked = await trial.logits({ cache: fork, tokens: other });
  if (cache.tokenCount !== 5) return `the parent grew to ${cache.tokenCount} tokens`;
  const parent = await trial.logits({ cache, tokens: own });
  const fresh = async (tokens: Uint32Array) => {
    const plain = trial.cache();
    await trial.logits({ cache: plain, tokens: past });
    return trial.logits({ cache: plain, tokens });
  };
  return (
    trial.differ("the fork", forked, await fresh(other)) ??
    trial.differ("the parent", parent, await fresh(own))
  );
}

async function truncated(trial: Trial): Promise<Finding> {
  const [kept, dropped, next] = [trial.tokens(6), trial.tokens(5), trial.tokens(4)];
  const cache = trial.cache();
  await trial.logits({ cache, tokens: kept });
  await trial.logits({ cache, tokens: dropped });
  cache.truncate(kept.length);
  const fresh = trial.cache();
  await trial.logits({ cache: fresh, tokens: kept });
  const again = await trial.logits({ cache, tokens: next });
  return trial.differ(
    "logits after truncation",
    again,
    await trial.logits({ cache: fresh, tokens: next }),
  );
}
