import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { endBefore, startAt, unaligned } from "../text/aligned.js";
import { type Form, normalized } from "./canonical-order.js";
import { toForm } from "./unicode-form.js";

const FORMS: readonly Form[] = ["NFC", "NFD", "NFKC", "NFKD"];

/** Letters, marks of several classes (and of class 0), Hangul, compatibility characters, pairs of surrogates. */
const pieces = fc.constantFrom(
  ..."aeé한각\u1112\u1161\u11abㅎﾊﾞﾟﾡﬁ½ﷺ\u0301\u0323\u0345\u0334\u0338\u05b0\u3099\u0344\u0f77ำ\u20dd 𝒜\u{1d15e}",
  "\u{1d165}\u{1d16d}",
  "\u{110ba}",
);
const texts = fc.array(pieces, { maxLength: 40 }).map((parts) => parts.join(""));

describe("toForm", () => {
  it("gives the text of the host in every form", () => {
    fc.assert(
      fc.property(texts, fc.constantFrom(...FORMS), (text, form) => {
        expect(toForm(unaligned(text, 0), form).text).toBe(text.normalize(form));
      }),
      { seed: 1, numRuns: 1000 },
    );
  });

  it("gives every unit an ascending place within the text", () => {
    fc.assert(
      fc.property(texts, fc.constantFrom(...FORMS), (text, form) => {
        const aligned = toForm(unaligned(text, 5), form);
        let last = 5;
        for (let i = 0; i < aligned.text.length; i++) {
          const start = startAt(aligned, i);
          expect(start).toBeGreaterThanOrEqual(last);
          expect(endBefore(aligned, i + 1)).toBeLessThanOrEqual(5 + text.length);
          last = start;
        }
      }),
      { seed: 2, numRuns: 300 },
    );
  });

  it("places a composed character where its base stood", () => {
    const aligned = toForm(unaligned("xe\u0301y", 0), "NFC");
    expect(aligned.text).toBe("xéy");
    expect([...(aligned.starts ?? [])]).toEqual([0, 1, 3]);
    expect([...(aligned.ends ?? [])]).toEqual([1, 2, 4]);
  });

  it("passes text through that is in the form", () => {
    const text = unaligned("naïve", 0);
    expect(toForm(text, "NFC")).toBe(text);
  });
});

describe("normalized", () => {
  it("agrees with the host on long rows of marks", () => {
    const marks = fc.constantFrom(..."\u0301\u0302\u0323\u0345\u0334\u0344\u20dd\u05b0\u3099");
    const rows = fc
      .array(marks, { minLength: 64, maxLength: 200 })
      .map((row) => `e${row.join("")}x`);
    fc.assert(
      fc.property(rows, fc.constantFrom(...FORMS), (text, form) => {
        expect(normalized(text, form)).toBe(text.normalize(form));
      }),
      { seed: 3, numRuns: 200 },
    );
  });
});
