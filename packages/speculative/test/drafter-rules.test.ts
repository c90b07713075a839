import { draw, floats } from "@frugal/tensor";
import { describe, expect, test } from "vitest";
import { drafterRules } from "../src/conformance.js";
import { promptLookup, tokenRecycling } from "../src/drafters/index.js";
import { chainTree } from "../src/tree.js";
import type { DraftContext, Drafter } from "../src/types.js";

const around = (change: (inner: Drafter) => Partial<Drafter>) => (): Drafter => {
  const inner = tokenRecycling();
  return { ...inner, ...change(inner) };
};
const proposing = (
  propose: (context: DraftContext, inner: Drafter) => ReturnType<Drafter["propose"]>,
) => around((inner) => ({ propose: (context) => propose(context, inner) }));

/** Siblings drawn from `law` and logged as `stated`. */
function drawing(
  drawn: "independent" | "withoutReplacement",
  law: readonly number[],
  stated: readonly number[] = law,
): () => Drafter {
  const propose = ({ tokens, room, random }: DraftContext) => {
    const ids = [tokens.at(-1)!];
    const left = [...law];
    for (let i = 0; i < Math.min(2, room); i++) {
      const token = draw(left, random.next());
      ids.push(token);
      if (drawn === "withoutReplacement") left[token] = 0;
    }
    const laws = floats([ids.length, stated.length], Float32Array.from(ids.flatMap(() => stated)));
    const parents = Int32Array.from(ids, (_, i) => (i === 0 ? -1 : 0));
    return { tokens: Uint32Array.from(ids), parents, drawn, laws };
  };
  return around(() => ({ propose, observe() {} }));
}

async function broken(make: () => Drafter): Promise<string[]> {
  const names: string[] = [];
  for (const rule of drafterRules(make)) {
    await rule.check().catch((error: unknown) => {
      expect(error).toMatchObject({ code: "ConformanceError", rule: rule.name });
      names.push(rule.name);
    });
  }
  return names;
}

let calls = 0;
const F4Q = [0.1, 0.2, 0.3, 0.4];

describe("wrong drafters", () => {
  test.each([
    ["gives a tree whose root is the last token", proposing(() => chainTree(3, []))],
    [
      "gives a tree whose root is the last token",
      proposing(async (context, inner) => {
        const tree = await inner.propose(context);
        return { ...tree, parents: tree.parents.map((_, i) => i - 2) };
      }),
    ],
    [
      "gives a tree whose root is the last token",
      proposing(({ tokens, room }) => chainTree(tokens.at(-1)!, room > 0 ? [4096] : [])),
    ],
    [
      "never gives more rows than there is room",
      proposing((context, inner) => inner.propose({ ...context, room: context.room + 1 })),
    ],
    [
      "gives the same drafts after the same history",
      proposing(({ tokens, room }) => chainTree(tokens.at(-1)!, room > 0 ? [calls++ % 12] : [])),
    ],
    [
      "leaves the text as it is",
      proposing((context, inner) => {
        context.tokens[0]! += 1;
        return inner.propose(context);
      }),
    ],
    [
      "observes whatever a target answers",
      around(() => ({
        observe: ({ tree, top }) => {
          if (top.ids.length < tree.tokens.length) throw new RangeError("too few");
        },
      })),
    ],
    [
      "observes whatever a target answers",
      around((inner) => {
        let isLost = false;
        return {
          observe: ({ top }) => {
            isLost ||= top.perRow === 0;
          },
          propose: (context) => (isLost ? chainTree(4096, []) : inner.propose(context)),
        };
      }),
    ],
    ["forgets on reset", around(() => ({ reset() {} }))],
    [
      "draws siblings from the law it states",
      // logged before the cut to the two most likely, drawn after it
      drawing("independent", [0, 0, 0.3, 0.4], F4Q),
    ],
    [
      "draws siblings from the law it states",
      drawing("withoutReplacement", [0.25, 0.25, 0.25, 0.25], F4Q),
    ],
  ] as const)("one that breaks: %s (%#)", async (rule, make) => {
    expect(await broken(make)).toContain(rule);
  });
});

describe.each([
  ["promptLookup", () => promptLookup()],
  ["promptLookup, latest", () => promptLookup({ pick: "latest", maxN: 4 })],
  ["promptLookup, original", () => promptLookup({ pick: "original", numTokens: 2 })],
  ["promptLookup, vllm", () => promptLookup({ pick: "vllm", minN: 2, maxN: 4 })],
  ["tokenRecycling", () => tokenRecycling()],
  ["tokenRecycling, parity", () => tokenRecycling({ parity: true })],
  ["a drafter of independent siblings", drawing("independent", F4Q)],
  ["a drafter without replacement", drawing("withoutReplacement", F4Q)],
] as const)("%s conforms", (_, make) => {
  for (const rule of drafterRules(make)) test(rule.name, rule.check);
});
