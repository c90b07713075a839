/** Rules every Drafter obeys, over short histories of drafts and verdicts made from a seed. */
import { ConformanceError, createRandom, type DraftTree, type Random } from "@frugal/tensor";
import { exactLaw, type Law, largestGap } from "./exact-law.js";
import { childrenOf, childWith, validateTree } from "./tree.js";
import type { Drafter, DraftResult } from "./types.js";
import type { Rule } from "./verifier-rules.js";

export interface DrafterRuleOptions {
  /** Tokens of the texts shown to the drafter lie below this. Default 12. */
  readonly vocabularySize?: number;
  /** Histories tried. Default 16. */
  readonly rounds?: number;
}

interface Setting {
  readonly make: () => Drafter;
  readonly vocabularySize: number;
  readonly seed: number;
}

type Check = (setting: Setting) => Promise<string | null>;

const STEPS = 10;
/** Rooms asked for in turn; 0 is legal. */
const ROOMS = [8, 0, 1, 3, 40, 2];
/** Laws travel as f32, so the drafter's own may differ by its rounding. */
const LAW_ERROR = 1e-6;

const RULES: readonly (readonly [string, Check])[] = [
  ["gives a tree whose root is the last token", treeFinding],
  ["never gives more rows than there is room", roomFinding],
  ["gives the same drafts after the same history", sameFinding],
  ["leaves the text as it is", textFinding],
  ["observes whatever a target answers", observeFinding],
  ["forgets on reset", resetFinding],
  ["draws siblings from the law it states", lawFinding],
];

/**
 * Use      for (const rule of drafterRules(() => myDrafter())) test(rule.name, rule.check);
 * Errors   ConformanceError naming rule and seed
 */
export function drafterRules(
  make: () => Drafter,
  { vocabularySize = 12, rounds = 16 }: DrafterRuleOptions = {},
): readonly Rule[] {
  return RULES.map(([name, find]) => ({
    name,
    async check() {
      for (let seed = 1; seed <= rounds; seed++) {
        const detail = await find({ make, vocabularySize, seed }).catch(String);
        if (detail) throw new ConformanceError(make().name, name, `seed ${seed}`, detail);
      }
    },
  }));
}

interface Step {
  readonly tokens: Uint32Array;
  readonly room: number;
  readonly tree: DraftTree;
}

/** Lets a drafter write a text that repeats itself, step by step. */
async function* history(drafter: Drafter, { vocabularySize, seed }: Setting): AsyncGenerator<Step> {
  const random = createRandom(seed);
  const any = () => Math.floor(random.next() * vocabularySize);
  const period = Array.from({ length: 3 + (seed % 5) }, any);
  const text = [any(), ...period, ...period.slice(0, seed % 3)];
  for (let step = 0; step < STEPS; step++) {
    const tokens = Uint32Array.from(text);
    const room = ROOMS[(step + seed) % ROOMS.length]!;
    const tree = await drafter.propose({ tokens, room, random: createRandom(seed * 100 + step) });
    yield { tokens, room, tree };
    const goesOn = (): number => {
      const expected = period[(text.length - 1) % period.length]!;
      return random.next() < 0.8 ? expected : any();
    };
    const accepted = [0];
    const emitted: number[] = [];
    for (let row = 0; row >= 0; ) {
      const next = goesOn();
      text.push(next);
      emitted.push(next);
      row = childWith(tree, row, next);
      if (row >= 0) accepted.push(row);
    }
    const ids = Uint32Array.from({ length: tree.tokens.length * 8 }, any);
    const top = { ids, perRow: 8 };
    drafter.observe({ tree, accepted, emitted: Uint32Array.from(emitted), top, signals: {} });
  }
}

async function eachStep(
  setting: Setting,
  judge: (step: Step) => string | null,
  drafter: Drafter = setting.make(),
): Promise<string | null> {
  for await (const step of history(drafter, setting)) {
    const detail = judge(step);
    if (detail) return detail;
  }
  drafter.dispose();
  return null;
}

function treeFinding(setting: Setting): Promise<string | null> {
  return eachStep(setting, (step) => treeProblem(step, setting));
}

function treeProblem({ tokens, tree }: Step, { vocabularySize }: Setting): string | null {
  try {
    validateTree(tree, { vocabularySize });
  } catch (error) {
    return String(error);
  }
  const root = tokens.at(-1);
  return tree.tokens[0] === root ? null : `root ${tree.tokens[0]} after token ${root}`;
}

function roomFinding(setting: Setting): Promise<string | null> {
  return eachStep(setting, ({ tree, room }) =>
    tree.tokens.length - 1 > room ? `${tree.tokens.length - 1} rows with room for ${room}` : null,
  );
}

/** All drafts of a history as one text. */
async function draftsOf(drafter: Drafter, setting: Setting): Promise<string> {
  const drafts: string[] = [];
  await eachStep(
    setting,
    ({ tree }) => {
      drafts.push(`${tree.tokens.join(" ")} of ${tree.parents.join(" ")} ${tree.drawn}`);
      return null;
    },
    drafter,
  );
  return drafts.join("; ");
}

async function sameFinding(setting: Setting): Promise<string | null> {
  const first = await draftsOf(setting.make(), setting);
  const second = await draftsOf(setting.make(), setting);
  return first === second ? null : `${first}, then ${second}`;
}

async function textFinding(setting: Setting): Promise<string | null> {
  const drafter = setting.make();
  const tokens = Uint32Array.of(1, 2, 3, 1, 2, 3, 1);
  const before = tokens.join(" ");
  await drafter.propose({ tokens, room: 4, random: createRandom(setting.seed) });
  drafter.dispose();
  return tokens.join(" ") === before ? null : `${before} became ${tokens.join(" ")}`;
}

async function observeFinding(setting: Setting): Promise<string | null> {
  const drafter = setting.make();
  const none = new Uint32Array(0);
  const tree: DraftTree = {
    tokens: Uint32Array.of(0, 1, 2),
    parents: Int32Array.of(-1, 0, 0),
    drawn: "deterministic",
  };
  const results: DraftResult[] = [
    { tree, accepted: [0], emitted: none, top: { ids: none, perRow: 0 }, signals: {} },
    {
      tree,
      accepted: [0, 2],
      emitted: Uint32Array.of(2, 5),
      top: { ids: Uint32Array.of(3), perRow: 1 },
      signals: {},
    },
    {
      tree,
      accepted: [0],
      emitted: Uint32Array.of(4),
      top: { ids: Uint32Array.of(1, 2, 3, 4), perRow: 2 },
      signals: {},
    },
    {
      tree,
      accepted: [0],
      emitted: Uint32Array.of(4),
      top: { ids: new Uint32Array(99).fill(2), perRow: 33 },
      signals: {},
    },
  ];
  for (const [i, result] of results.entries()) {
    try {
      drafter.observe(result);
    } catch (error) {
      return `result ${i}: ${String(error)}`;
    }
  }
  return eachStep(setting, (step) => treeProblem(step, setting), drafter);
}

async function resetFinding(setting: Setting): Promise<string | null> {
  const drafter = setting.make();
  for await (const _ of history(drafter, { ...setting, seed: setting.seed + 1000 }));
  drafter.reset();
  const after = await draftsOf(drafter, setting);
  const fresh = await draftsOf(setting.make(), setting);
  return after === fresh ? null : `${after} after a reset, ${fresh} when new`;
}

/** The first two children of the root against the law that the tree states for them. */
async function lawFinding(setting: Setting): Promise<string | null> {
  if (setting.seed > 2) return null; // enumerating is slow and each text much like the next
  const tokens = Uint32Array.of(1, 2, 3, 1, 2, 3, 1);
  const propose = async (random: Random) =>
    setting.make().propose({ tokens, room: 2 * setting.seed, random });
  const sample = await propose(createRandom(setting.seed));
  if (sample.drawn === "deterministic" || !sample.laws || sample.tokens.length < 2) return null;
  const drawn = await exactLaw(async (random) => {
    const tree = await propose(random);
    const children = childrenOf(tree, 0).slice(0, 2);
    return children.map((row) => tree.tokens[row]).join(" ");
  });
  const count = Math.min(2, childrenOf(sample, 0).length);
  const stated = statedLaw(sample, count);
  const { gap, at } = largestGap(drawn, stated);
  if (gap < LAW_ERROR) return null;
  return `children ${at}: drawn with probability ${drawn.get(at) ?? 0}, stated ${stated.get(at) ?? 0}`;
}

function statedLaw({ laws, drawn }: DraftTree, count: number): Law {
  const row = Array.from(laws!.data.subarray(0, laws!.dims[1]!));
  const total = row.reduce((a, b) => a + b, 0);
  const law = new Map<string, number>();
  for (const [i, first] of row.entries()) {
    if (first <= 0) continue;
    if (count === 1) law.set(`${i}`, first / total);
    else secondChildren(i);
  }
  return law;

  function secondChildren(i: number): void {
    const isLeft = (j: number) => row[j]! > 0 && (drawn === "independent" || j !== i);
    const left = row.reduce((sum, mass, j) => (isLeft(j) ? sum + mass : sum), 0);
    for (const [j, second] of row.entries()) {
      if (isLeft(j)) law.set(`${i} ${j}`, (row[i]! / total) * (second / left));
    }
  }
}
