import { type Floats, FrugalError, floats, keepRows } from "@frugal/tensor";
import { describe, expect, test } from "vitest";
import * as allocators from "../src/allocators/index.js";
import * as codecs from "../src/codecs/index.js";
import {
  allocatorRules,
  codecRules,
  type Rule,
  reducerRules,
  scorerRules,
} from "../src/conformance.js";
import { evict } from "../src/reducers/index.js";
import * as scorers from "../src/scorers/index.js";
import type { Allocator, Codec, Reducer, Scorer } from "../src/types.js";

const obeys = (name: string, rules: readonly Rule[]) =>
  describe(name, () => {
    for (const rule of rules) test(rule.name, rule.check);
  });

obeys(
  "identity",
  scorerRules(() => scorers.identity()),
);
obeys(
  "random",
  scorerRules(() => scorers.random()),
);
obeys(
  "streaming-llm",
  scorerRules(() => scorers.streamingLlm({ sinks: 2 })),
);
obeys(
  "snapkv",
  scorerRules(() => scorers.snapKv({ window: 4 })),
);
obeys(
  "snapkv max",
  scorerRules(() => scorers.snapKv({ window: 3, pooling: "max", groupReduce: "max", rows: "sum" })),
);
obeys(
  "tova",
  scorerRules(() => scorers.tova()),
);
obeys(
  "uniform",
  allocatorRules(() => allocators.uniform()),
);
obeys(
  "pyramidkv",
  allocatorRules(() => allocators.pyramidKv({ beta: 5 })),
);
obeys(
  "evict",
  reducerRules(() => evict()),
);
obeys(
  "f32",
  codecRules(() => codecs.f32()),
);
for (const bits of [2, 3, 4, 8]) {
  for (const axis of ["token", "channel", "tensor"] as const) {
    for (const symmetric of [true, false]) {
      const options = { bits, axis, symmetric };
      obeys(
        codecs.int(options).name,
        codecRules(() => codecs.int(options)),
      );
    }
  }
}
obeys(
  "int in groups",
  codecRules(() => codecs.int({ bits: 4, group: 16 })),
);

/** The kit must name a rule when the implementation is wrong in that one way. */
async function rejects(rules: readonly Rule[], broken: string): Promise<void> {
  const failed: string[] = [];
  for (const rule of rules) {
    try {
      await rule.check();
    } catch (error) {
      expect(FrugalError.is(error, "ConformanceError")).toBe(true);
      failed.push(rule.name);
    }
  }
  expect(failed).toContain(broken);
}

const SCORER_FAULTS: readonly (readonly [string, (scorer: Scorer) => Scorer])[] = [
  ["has a name", (s) => ({ ...s, name: "" })],
  ["scores layers or kv heads", (s) => ({ ...s, granularity: "queryHead" })],
  ["gives a score to every slot", (s) => scoring(s, ({ dims: [g] }) => floats([g!, 1]))],
  [
    "gives no NaN",
    (s) =>
      scoring(s, ({ dims, data }) =>
        floats(
          dims,
          data.map(() => Number.NaN),
        ),
      ),
  ],
  [
    "gives the same answer twice",
    (s) => {
      let calls = 0;
      return scoring(s, ({ dims, data }) =>
        floats(
          dims,
          data.map((x) => x + calls++),
        ),
      );
    },
  ],
  [
    "keeps layers apart",
    (s) => {
      let seen = 0;
      return session(s, (own) => {
        seen = 0;
        return {
          ...own,
          observe: (...args) => {
            seen = Math.max(seen, args[0]);
            return own.observe!(...args);
          },
          scores: async (...args) => {
            const { dims, data } = await own.scores(...args);
            return floats(
              dims,
              data.map((x) => x + seen),
            );
          },
        };
      });
    },
  ],
  [
    "changes nothing that it is lent",
    (s) =>
      session(s, (own) => ({
        ...own,
        observe: (layer, signals, ...rest) => {
          own.observe!(layer, signals, ...rest);
          for (const { data } of Object.values(signals)) data.fill(0);
        },
      })),
  ],
  [
    "survives NaN, zero and constant signals",
    (s) =>
      session(s, (own) => ({
        ...own,
        observe: (layer, signals, ...rest) => {
          if (Object.values(signals).some(({ data }) => data.some(Number.isNaN)))
            throw new RangeError("NaN");
          return own.observe!(layer, signals, ...rest);
        },
      })),
  ],
  [
    "follows slots that move",
    (s) =>
      session(s, (own) => {
        let moved = false;
        return {
          ...own,
          compact: () => {
            moved = true;
          },
          scores: async (...args) => {
            const scores = await own.scores(...args);
            return moved ? floats([scores.dims[0]!, scores.dims[1]! + 1]) : scores;
          },
        };
      }),
  ],
  [
    "can go back to a checkpoint",
    (s) => session(s, ({ restore: _, checkpoint: __, ...own }) => own),
  ],
  [
    "says the same needs every time",
    (s) => {
      let calls = 0;
      return {
        ...s,
        needs: (model) => {
          const { attention } = s.needs(model);
          return { attention: { ...attention!, rows: { last: 4 + calls++ } } };
        },
      };
    },
  ],
];

function session(
  scorer: Scorer,
  change: (own: ReturnType<Scorer["open"]>) => ReturnType<Scorer["open"]>,
): Scorer {
  return { ...scorer, open: (...args) => change(scorer.open(...args)) };
}

function scoring(scorer: Scorer, change: (scores: Floats) => Floats): Scorer {
  return session(scorer, (own) => ({
    ...own,
    scores: async (...args) => change(await own.scores(...args)),
  }));
}

test.each(SCORER_FAULTS)("scorerRules rejects what breaks: %s", async (rule, fault) => {
  await rejects(
    scorerRules(() => fault(scorers.snapKv({ window: 4 }))),
    rule,
  );
});

const ALLOCATOR_FAULTS: readonly (readonly [
  string,
  (counts: Uint32Array, ask: Parameters<Allocator["allocate"]>[0]) => Uint32Array,
])[] = [
  ["counts every head", (counts) => counts.subarray(1)],
  [
    "gives exactly the total, or what is protected where that is more",
    (counts) => counts.map((n) => Math.max(0, n - 1)),
  ],
  ["gives no head more than it has", (counts) => counts.map((n, i) => (i === 0 ? n + 1000 : n))],
  ["leaves every head its protected slots", (counts) => counts.map(() => 0)],
  ["gives only protected slots of a total of 0", (counts) => counts.map((n) => Math.max(1, n))],
  ["gives everything when the total allows", (counts) => counts.map((n) => Math.min(n, 20))],
  [
    "gives the same answer twice",
    (() => {
      let calls = 0;
      return (counts) => (calls++ % 2 === 0 ? counts : counts.toReversed());
    })(),
  ],
];

test.each(ALLOCATOR_FAULTS)("allocatorRules rejects what breaks: %s", async (rule, fault) => {
  const own = allocators.uniform();
  const wrong = () => ({
    ...own,
    allocate: (ask: Parameters<Allocator["allocate"]>[0]) => fault(own.allocate(ask), ask),
  });
  await rejects(allocatorRules(wrong), rule);
});

type Plan = Awaited<ReturnType<Reducer["reduce"]>>;

const REDUCER_FAULTS: readonly (readonly [
  string,
  (plan: Plan, ask: Parameters<Reducer["reduce"]>[0]) => Plan,
])[] = [
  [
    "makes plans over the slots there are",
    (plan) => ({ ...plan, keysFrom: { ...plan.keysFrom, sourceCount: 1000 } }),
  ],
  [
    "leaves exactly the slots asked for, or the protected ones where those are more",
    (plan) => part(plan, (n) => n >> 1),
  ],
  [
    "keeps protected slots as they are",
    (_, { cache, layer, head, slots }) => {
      const rows = keepRows(
        Uint32Array.from({ length: slots }, (_, i) => i),
        cache.length(layer, head),
      );
      return {
        keysFrom: rows,
        valuesFrom: rows,
        positions: cache.positions(layer, head).slice(0, slots),
        logWeights: null,
      };
    },
  ],
  [
    "keeps everything when all may stay",
    (plan) => ({ ...plan, logWeights: new Float32Array(plan.positions.length).fill(1) }),
  ],
  ["orders positions", (plan) => ({ ...plan, positions: plan.positions.toReversed() })],
  [
    "changes nothing that it is lent",
    (plan, { scores }) => {
      scores.fill(0);
      return plan;
    },
  ],
  [
    "leaves only protected slots of 0",
    (plan, ask) =>
      ask.slots > 0 ? plan : (evict().reduce({ ...ask, slots: ask.scores.length }) as Plan),
  ],
  [
    "gives the same answer twice",
    (() => {
      let calls = 0;
      return (plan, ask) =>
        calls++ % 2 === 0
          ? plan
          : (evict().reduce({ ...ask, scores: ask.scores.map((x) => -x) }) as Plan);
    })(),
  ],
];

function part(plan: Plan, of: (count: number) => number): Plan {
  const count = of(plan.positions.length);
  const rows = keepRows(plan.keysFrom.sources.subarray(0, count), plan.keysFrom.sourceCount);
  return {
    keysFrom: rows,
    valuesFrom: rows,
    positions: plan.positions.slice(0, count),
    logWeights: null,
  };
}

test.each(REDUCER_FAULTS)("reducerRules rejects what breaks: %s", async (rule, fault) => {
  const own = evict();
  const wrong = (): Reducer => ({ ...own, reduce: (ask) => fault(own.reduce(ask) as Plan, ask) });
  await rejects(reducerRules(wrong), rule);
});

const CODEC_FAULTS: readonly (readonly [string, (codec: Codec) => Codec])[] = [
  [
    "takes the bytes it says",
    (c) => ({ ...c, byteLength: (count, width) => c.byteLength(count, width) + 1 }),
  ],
  [
    "gives as many numbers back",
    (c) => ({ ...c, decode: (...args) => c.decode(...args).slice(1) }),
  ],
  [
    "errs by no more than the largest number",
    (c) => ({ ...c, decode: (...args) => c.decode(...args).map((x) => -2 * x) }),
  ],
  ["keeps zeros", (c) => ({ ...c, decode: (...args) => c.decode(...args).map((x) => x + 1e-9) })],
  [
    "adds no error the second time",
    (c) => ({ ...c, decode: (...args) => c.decode(...args).map((x) => x * 0.9) }),
  ],
  [
    "changes nothing that it is lent",
    (c) => ({
      ...c,
      encode: (x, kind) => {
        const bytes = c.encode(x, kind);
        x.data.fill(1);
        return bytes;
      },
    }),
  ],
  [
    "refuses bytes of another length",
    (c) => ({
      ...c,
      decode: (bytes, count, width, kind) => {
        const own = new Uint8Array(c.byteLength(count, width));
        own.set(bytes.subarray(0, own.length));
        return c.decode(own, count, width, kind);
      },
    }),
  ],
];

test.each(CODEC_FAULTS)("codecRules rejects what breaks: %s", async (rule, fault) => {
  await rejects(
    codecRules(() => fault(codecs.int())),
    rule,
  );
});
