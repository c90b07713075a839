import { expect, it } from "vitest";
import { eachCluster } from "./clusters.js";

const segmenter = new Intl.Segmenter("en", { granularity: "grapheme" });

function clusters(text: string): string[] {
  const found: string[] = [];
  eachCluster(segmenter, text, (cluster) => void found.push(cluster));
  return found;
}

it.each([
  ["nothing", ""],
  ["families over the edges of windows", "a👩\u200d👧e\u0301".repeat(60)],
  ["flags", `x${"🇩🇪".repeat(100)}`],
  ["a cluster longer than a window", `e${"\u0301".repeat(1000)}x日本`],
  ["syllables", "\u1112\u1161\u11abक्षि".repeat(80)],
])("gives the clusters of the whole: %s", (_, text) => {
  expect(clusters(text)).toEqual(Array.from(segmenter.segment(text), ({ segment }) => segment));
});

it("is linear in the number of clusters", () => {
  expect(clusters("日本".repeat(1 << 18))).toHaveLength(1 << 19);
});
