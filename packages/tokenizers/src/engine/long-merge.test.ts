import { describe, expect, it } from "vitest";
import { drawing } from "../../test/engine-texts.js";
import { PairTable } from "../models/pair-table.js";
import { TokenSink } from "../models/sink.js";
import { Symbols } from "../models/symbols.js";
import type { ByteVocabulary } from "./byte-vocabulary.js";
import { LongMerge } from "./long-merge.js";
import { MergeTree } from "./merge-tree.js";

interface Merging {
  readonly vocabulary: ByteVocabulary;
  readonly pairs: PairTable;
}

/** The letters, then what each merge makes; a merge may make a token that is there. */
function merging(letters: string, merges: readonly (readonly [string, string])[]): Merging {
  const tokens = [...letters];
  for (const [left, right] of merges) if (!tokens.includes(left + right)) tokens.push(left + right);
  const pairs = new PairTable(merges.length);
  merges.forEach(([left, right], rank) => {
    pairs.set(
      ...([left, right].map((t) => tokens.indexOf(t)) as [number, number]),
      rank,
      tokens.indexOf(left + right),
    );
  });
  const byteIds = new Int32Array(256);
  [...letters].forEach((letter, id) => {
    byteIds[letter.charCodeAt(0)] = id;
  });
  const offsets = new Uint32Array(tokens.length + 1);
  tokens.forEach((token, id) => {
    offsets[id + 1] = offsets[id]! + token.length;
  });
  const bytes = new TextEncoder().encode(tokens.join(""));
  return { vocabulary: { size: tokens.length, bytes, offsets, byteIds, longest: 4 }, pairs };
}

/** `a b c ab cb ac bb cbb acbb`, ids in the order of ranks. */
const CARD = merging("abc", [
  ["a", "b"],
  ["c", "b"],
  ["a", "c"],
  ["b", "b"],
  ["cb", "b"],
  ["a", "cbb"],
]);
const treeOf = ({ vocabulary, pairs }: Merging): MergeTree =>
  new MergeTree(pairs, vocabulary.byteIds, vocabulary.size);

function whole({ vocabulary, pairs }: Merging, text: string): number[] {
  const symbols = new Symbols();
  for (const letter of text) symbols.add(vocabulary.byteIds[letter.charCodeAt(0)]!, 0, 0);
  symbols.merge(pairs);
  const ids: number[] = [];
  for (let i = 0; i !== -1; i = symbols.next[i]!) ids.push(symbols.id[i]!);
  return ids;
}

function windowed(from: Merging, window: number): (text: string) => number[] {
  const tree = treeOf(from);
  const long = new LongMerge(from.pairs, from.vocabulary, () => tree, window);
  const sink = new TokenSink();
  return (text) => {
    sink.clear(false);
    sink.add(9, 0, 0);
    long.merge(new TextEncoder().encode(text), 0, text.length, sink);
    return [...sink.ids.slice(1, sink.length)];
  };
}

const stringsOf = (letters: string, length: number): string[] =>
  length === 0
    ? [""]
    : stringsOf(letters, length - 1).flatMap((s) => [...letters].map((c) => s + c));

/** Drawn merges of tokens made before; now and then a pair that makes a token again, or one put before what it needs. */
function drawnMerges(draw: (below: number) => number): [string, string][] {
  const tokens = [..."abc"];
  const merges: [string, string][] = [];
  while (merges.length < 12) {
    const pair: [string, string] = [tokens[draw(tokens.length)]!, tokens[draw(tokens.length)]!];
    if (merges.some((other) => other.join(" ") === pair.join(" "))) continue;
    merges.push(pair);
    tokens.push(pair.join(""));
  }
  if (draw(2) === 0) merges.splice(draw(6), 0, ...merges.splice(6 + draw(6), 1));
  return merges;
}

describe("which tokens stay apart", () => {
  const names = ["a", "b", "c", "ab", "cb", "ac", "bb", "cbb", "acbb"];
  it.each([
    ["ab", "ac", true],
    ["a", "cb", true],
    ["ab", "a", true],
    ["ab", "acbb", true],
    ["a", "b", false],
    ["ac", "b", false],
    ["cb", "b", false],
    ["c", "bb", false],
    ["ac", "bb", false],
  ])("%s %s: %s", (left, right, apart) => {
    expect(treeOf(CARD).areApart(names.indexOf(left), names.indexOf(right))).toBe(apart);
  });

  it("is what merging says, for drawn merges", () => {
    const draw = drawing(41);
    let ordered = 0;
    for (let i = 0; i < 150; i++) {
      const from = merging("abc", drawnMerges(draw));
      const tree = treeOf(from);
      if (!tree.isOrdered) continue;
      ordered++;
      const { offsets, bytes, size } = from.vocabulary;
      const text = (id: number): string =>
        new TextDecoder().decode(bytes.subarray(offsets[id], offsets[id + 1]));
      const made = Array.from(
        { length: size },
        (_, id) => whole(from, text(id)).join() === `${id}`,
      );
      for (let left = 0; left < size; left++) {
        expect(tree.isMade(left)).toBe(made[left]);
        for (let right = 0; right < size; right++)
          if (made[left] && made[right])
            expect(tree.areApart(left, right)).toBe(
              whole(from, text(left) + text(right)).join() === [left, right].join(),
            );
      }
    }
    expect(ordered).toBeGreaterThan(50);
    expect(ordered).toBeLessThan(145);
  });
});

describe("merging by windows gives what merging the whole gives", () => {
  it("for every short string", () => {
    for (const window of [1, 4]) {
      const merged = windowed(CARD, window);
      for (let length = 1; length <= 7; length++)
        for (const text of stringsOf("abc", length))
          expect([text, ...merged(text)]).toEqual([text, ...whole(CARD, text)]);
    }
  });

  it("for drawn merges and strings", () => {
    const draw = drawing(42);
    for (let i = 0; i < 400; i++) {
      const from = merging("abc", drawnMerges(draw));
      const merged = windowed(from, 1 + draw(12));
      for (let j = 0; j < 10; j++) {
        const letters = draw(3) === 0 ? "a" : "abc";
        const text = Array.from(
          { length: 1 + draw(120) },
          () => letters[draw(letters.length)],
        ).join("");
        expect([text, ...merged(text)]).toEqual([text, ...whole(from, text)]);
      }
    }
  });

  it("where the last letter decides how all before it pair up", () => {
    // Each pair of neighbors merges, the later ones in the alphabet first: pairs are counted from the right.
    const letters = Array.from({ length: 60 }, (_, i) => String.fromCharCode(64 + i)).join("");
    const merges = Array.from({ length: 59 }, (_, i): [string, string] => [
      letters[58 - i]!,
      letters[59 - i]!,
    ]);
    const from = merging(letters, merges);
    for (let length = 40; length <= 60; length++) {
      const text = letters.slice(0, length).repeat(2);
      expect(windowed(from, 4)(text)).toEqual(whole(from, text));
    }
  });
});
