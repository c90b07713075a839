/** Row-wise and pointwise operations of both builds against the reference, odd and even widths. */
import type { ActivationKind, Backend } from "@frugal/tensor";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { BUILDS, both, errorOf, numbers, open } from "./support.js";

const WIDTHS = [1, 2, 3, 4, 5, 7, 8, 12, 31, 32, 66];
const KINDS: readonly ActivationKind[] = ["silu", "gelu", "geluTanh", "quickGelu", "relu"];

describe.each(BUILDS)("%s", (build) => {
  let backend: Backend;
  beforeAll(async () => {
    backend = await open(build);
  });
  afterAll(() => {
    expect(backend.report().allocatedBytes).toBe(0);
    backend.dispose();
  });

  test.each(WIDTHS)("norms, softmax and pointwise operations at width %i", async (width) => {
    const rows = 3;
    const x = numbers(5 * width, `x${width}`, 4);
    const gain = numbers(width, "gain", 2);
    const bias = numbers(width, "bias", 2);
    const cases: Record<string, Parameters<typeof both>[1]> = {
      rmsNorm: (b, up) => {
        const out = b.empty([5, width]);
        b.rmsNorm(up([5, width], x), up([width], gain), 1e-5, out, rows);
        return out;
      },
      layerNorm: (b, up) => {
        const out = b.empty([5, width]);
        b.layerNorm(up([5, width], x), up([width], gain), up([width], bias), 1e-5, out, rows);
        return out;
      },
      softmax: (b, up) => {
        const out = b.empty([5, width]);
        b.softmax(up([5, width], x), out, rows);
        return out;
      },
      softCap: (b, up) => {
        const out = b.empty([5, width]);
        b.softCap(up([5, width], x), 3, out, rows);
        return out;
      },
      scale: (b, up) => {
        const out = b.empty([5, width]);
        b.scale(up([5, width], x), -1.7, out, rows);
        return out;
      },
      add: (b, up) => {
        const out = b.empty([5, width]);
        b.add(up([5, width], x), up([5, width], numbers(5 * width, "y")), out, rows);
        return out;
      },
      multiply: (b, up) => {
        const out = up([5, width], x);
        b.multiply(out, up([5, width], numbers(5 * width, "y")), out, rows);
        return out.retain();
      },
    };
    for (const kind of KINDS) {
      cases[kind] = (b, up) => {
        const out = b.empty([5, width]);
        b.activation(kind, up([5, width], x), out, rows);
        return out;
      };
    }
    for (const [name, run] of Object.entries(cases)) {
      const { got, want } = await both(backend, run);
      expect(errorOf(got, want), name).toBeLessThan(name === "layerNorm" ? 2e-6 : 6e-7);
    }
  });

  test("activations keep their tails, their signs and NaN", async () => {
    const x = Float32Array.of(-30, -12, -6, -3, -1e-3, -0, 0, 1e-3, 3, 6, 12, 30, 90, -90, NaN);
    for (const kind of KINDS) {
      const { got, want } = await both(backend, (b, up) => {
        const out = b.empty([1, x.length]);
        b.activation(kind, up([1, x.length], x), out, 1);
        return out;
      });
      expect(got[14], kind).toBeNaN();
      for (let i = 0; i < 14; i++) {
        const bound = 4e-7 * Math.max(1e-3, Math.abs(want[i]!));
        expect(Math.abs(got[i]! - want[i]!), `${kind}(${x[i]})`).toBeLessThanOrEqual(bound);
      }
    }
  });

  test.each([2, 6, 8, 10, 32, 34])("turns heads of width %i in place", async (width) => {
    const angles = numbers(3 * width, "angles");
    const { got, want } = await both(backend, (b, up) => {
      const heads = up([3, 4 * width], numbers(12 * width, "heads"));
      b.rope(heads, up([3, width], angles), 4, 2);
      return heads.retain();
    });
    expect(errorOf(got, want)).toBeLessThan(3e-7);
  });

  test("a softmax row of -Infinity alone gives zeros, NaN is not lost", async () => {
    const row = [-Infinity, -Infinity, -Infinity, -Infinity, -Infinity];
    const x = Float32Array.from([...row, ...row, 1, 2, NaN, 3, 4]);
    x[7] = NaN;
    const { got, want } = await both(backend, (b, up) => {
      const out = b.empty([3, 5]);
      b.softmax(up([3, 5], x), out, 3);
      return out;
    });
    expect([...got]).toEqual([...want]);
  });
});
