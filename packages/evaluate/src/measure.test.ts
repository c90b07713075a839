import { ArgumentError, CapabilityError } from "@frugal/tensor/errors";
import { describe, expect, test } from "vitest";
import { measure } from "./measure.js";
import { armsOf, sweep } from "./sweep.js";
import type { Arm, Task } from "./types.js";

type Method = (index: number) => number;

function task(log: string[] = []): Task<Method> {
  return {
    name: "toy",
    title: "Toy",
    items: "things",
    quality: { name: "right", better: "higher", isShare: true },
    cost: "tokens",
    async open(index) {
      log.push(`open ${index}`);
      return {
        async run({ method }) {
          return [
            {
              quality: method ? method(index) : 1,
              tokens: index,
              elapsedMs: 2,
              details: { x: index },
            },
          ];
        },
        dispose: () => void log.push(`close ${index}`),
      };
    },
  };
}

const full: Arm<Method> = { name: "full", keepRatio: 1 };
const arm = (name: string, method: Method): Arm<Method> => ({ name, keepRatio: 0.5, method });

describe("measure", () => {
  test("pairs every arm with the full one, item by item", async () => {
    const never = arm("never", () => 0);
    const rarely = arm("rarely", (index) => (index === 3 ? 0 : 1));
    const table = await measure(task(), [full, never, rarely], {
      samples: 8,
      firstIndex: 2,
      model: "m",
    });
    expect(table.model).toBe("m");
    expect(table.items).toEqual({ name: "things", count: 8 });
    expect(table.rows.map(({ method, quality, samples }) => [method, quality, samples])).toEqual([
      ["full", 1, 8],
      ["never", 0, 8],
      ["rarely", 0.875, 8],
    ]);
    expect(table.rows[0]).not.toHaveProperty("versusFull");
    expect(table.rows[1]!.versusFull).toEqual({
      better: 0,
      worse: 8,
      p: expect.closeTo(2 / 256, 12),
      isWorse: true,
    });
    expect(table.rows[2]!.versusFull).toEqual({ better: 0, worse: 1, p: 1, isWorse: false });
    expect(table.rows[0]!.tokensProcessed).toBe(5.5);
    expect(table.rows[0]!.details).toEqual({ x: 5.5 });
    expect(table.rows[0]!.ms).toBe(2);
  });

  test("where lower is better, more is worse", async () => {
    const lower: Task<Method> = {
      ...task(),
      quality: { name: "nats", better: "lower", isShare: false },
    };
    const table = await measure(lower, [full, arm("more", (i) => 2 + i)], { samples: 6 });
    expect(table.rows[1]!.versusFull).toMatchObject({ worse: 6, isWorse: true });
    expect(table.rows[1]!.interval95[0]).toBeLessThan(4.5);
  });

  test("lists a refusal with its reason and measures the others", async () => {
    const refusing = arm("picky", (index) => {
      if (index === 1) throw new CapabilityError("picky", ["a thing"]);
      return 1;
    });
    const table = await measure(task(), [full, refusing], { samples: 3 });
    expect(table.rows.map(({ method }) => method)).toEqual(["full"]);
    expect(table.refusals).toEqual([
      { method: "picky", budget: 0.5, reason: "picky: not available: a thing" },
    ]);
  });

  test("does not swallow other errors, and closes the item", async () => {
    const log: string[] = [];
    const broken = arm("broken", () => {
      throw new TypeError("oh");
    });
    await expect(measure(task(log), [full, broken], { samples: 1 })).rejects.toThrow("oh");
    expect(log).toEqual(["open 0", "close 0"]);
  });

  test("an abort rejects with the reason", async () => {
    const controller = new AbortController();
    const stops = arm("stops", () => {
      controller.abort(new Error("enough"));
      return 1;
    });
    const options = { samples: 5, signal: controller.signal };
    await expect(measure(task(), [full, stops], options)).rejects.toThrow("enough");
  });

  test.each([0, -1, 1.5, Number.NaN])("refuses %s samples", async (samples) => {
    await expect(measure(task(), [full], { samples })).rejects.toBeInstanceOf(ArgumentError);
  });

  test("refuses to begin with a method", async () => {
    const options = { samples: 1 };
    await expect(measure(task(), [arm("a", () => 1)], options)).rejects.toThrow(/without a method/);
    await expect(measure(task(), [], options)).rejects.toBeInstanceOf(ArgumentError);
  });
});

describe("sweep", () => {
  const random = { name: "random", make: () => () => 0 };
  const contenders = [
    { name: "identity", make: () => () => 1 },
    { name: "random", make: () => () => 0 },
    { name: "good", make: () => () => 1 },
  ];

  test("full and random are always there, once", async () => {
    const rows = armsOf({ random, contenders, keepRatios: [0.5, 0.25] });
    expect(rows.map(({ name, keepRatio }) => `${name} ${keepRatio}`)).toEqual([
      "full 1",
      "random 0.5",
      "random 0.25",
      "good 0.5",
      "good 0.25",
    ]);
    const table = await sweep(task(), { random, contenders, keepRatios: [0.5], samples: 7 });
    expect(table.rows.map(({ quality }) => quality)).toEqual([1, 0, 1]);
  });

  test.each([0, 1, -0.5, 2, Number.NaN])("refuses the share %s", (ratio) => {
    expect(() => armsOf({ random, contenders, keepRatios: [ratio] })).toThrow(/keepRatios/);
  });
});
