import type { Table } from "@frugal/evaluate";
import type { TokenMethod } from "@frugal/vision-token-pruning";
import { type identityMap, keepTokens, mergeTokens, openState } from "@frugal/vision-token-pruning";
import { describe, expect, test } from "vitest";
import { fakeIo } from "../test/fake-io.js";
import { conclusion } from "./commands/demo.js";
import { allowRelaxedSimd, hasRelaxedSimd, machine } from "./host.js";
import { hasColor } from "./io.js";
import { keepPositions } from "./positions.js";
import { openCommand } from "./report-files.js";
import { printTable, progressOn } from "./terminal.js";

const TABLE: Table = {
  task: "vqa",
  title: "Pictures",
  model: "scenes",
  quality: { name: "right", better: "higher", isShare: true },
  cost: "tokens",
  items: { name: "pictures", count: 9 },
  rows: [
    {
      method: "full",
      budget: 1,
      quality: 1,
      interval95: [0.9, 1],
      samples: 9,
      tokensProcessed: 265,
      ms: 3,
      details: {},
    },
    {
      method: "random",
      budget: 0.125,
      quality: 0.5,
      interval95: [0.4, 0.6],
      samples: 9,
      tokensProcessed: 41,
      ms: 1,
      details: {},
      versusFull: { better: 0, worse: 9, p: 0.004, isWorse: true },
    },
  ],
  refusals: [{ method: "picky", budget: 0.5, reason: "no" }],
};

describe("terminal", () => {
  test("a table names quality, interval, cost and verdict; no colors off a terminal", () => {
    const io = fakeIo();
    printTable(TABLE, io);
    expect(io.written.out).toMatch(
      /random +│ +12\.5 % │ +50\.0 % │ +40\.0 % \.\. 60\.0 % │ +41 │ +1\.0 │ below \(p = 0\.004\)/,
    );
    expect(io.written.out).toContain("picky at 50 % refused: no");
    expect(io.written.out).not.toContain("\u001b");
  });

  test.each([
    [true, {}, true],
    [true, { NO_COLOR: "1" }, false],
    [true, { TERM: "dumb" }, false],
    [false, {}, false],
  ])("colors at a terminal (%s) with %o: %s", (isTerminal, env, expected) => {
    const io = fakeIo({ isTerminal, env });
    expect(hasColor(io, io.out)).toBe(expected);
    printTable(TABLE, io);
    expect(io.written.out.includes("\u001b[31m")).toBe(expected);
  });

  test("progress is one line at a terminal and a few lines elsewhere", () => {
    const terminal = fakeIo({ isTerminal: true });
    const file = fakeIo();
    for (const io of [terminal, file]) {
      const progress = progressOn(io);
      for (let done = 1; done <= 100; done++) progress.tell("vqa", done, 100);
      progress.end();
    }
    expect(terminal.written.err).not.toContain("\n");
    expect(file.written.err.split("\n").length).toBeLessThan(13);
  });
});

test("the command that opens a page is the system's", () => {
  expect(openCommand("/a/report/index.html", "/a", "darwin")).toBe("open report/index.html");
  expect(openCommand("/a/report/index.html", "/a", "linux")).toBe("xdg-open report/index.html");
  expect(openCommand("/a/my report/index.html", "/a", "win32")).toBe(
    'start "" "my report/index.html"',
  );
});

test("the conclusion follows the tables", () => {
  expect(conclusion([TABLE])).toContain("significantly worse than all of them in vqa");
  expect(conclusion([{ ...TABLE, rows: TABLE.rows.slice(0, 1) }])).toContain("too few");
});

describe("keepPositions", () => {
  const acting = (map: ReturnType<typeof identityMap> | null): TokenMethod => ({
    name: "m",
    open: () => ({ steps: [{ stage: { at: "prompt" }, needs: {}, act: () => map }] }),
  });
  const state = openState(6);
  const act = async (map: ReturnType<typeof identityMap> | null) => {
    const method = keepPositions(acting(map));
    expect(method.name).toBe("m");
    return method.open({} as never).steps[0]!.act({}, state);
  };

  test("a kept token keeps its own, a merged one that of its first", async () => {
    expect((await act(keepTokens(Uint32Array.of(1, 4), state)))!.positions).toEqual(
      Int32Array.of(1, 4),
    );
    const merged = mergeTokens(Int32Array.of(0, 1, 2, 1, 0, 2), 3, state);
    expect((await act(merged))!.positions).toEqual(Int32Array.of(0, 1, 2));
    expect((await act(keepTokens(new Uint32Array(0), state)))!.positions).toEqual(
      new Int32Array(0),
    );
  });

  test("a step that only looks stays one", async () => {
    expect(await act(null)).toBeNull();
  });
});

test("relaxed SIMD is asked for only where the flag exists", () => {
  const before = hasRelaxedSimd();
  if (!before) {
    expect(allowRelaxedSimd("9.4.146")).toBe(false);
    expect(allowRelaxedSimd("12.4.254")).toBe(false);
    expect(hasRelaxedSimd()).toBe(false);
  }
  expect(allowRelaxedSimd()).toBe(hasRelaxedSimd());
  expect(machine()).toMatchObject({ node: process.version });
});
