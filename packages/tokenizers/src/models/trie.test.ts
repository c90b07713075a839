import { describe, expect, it } from "vitest";
import { Trie, type TrieText } from "./trie.js";

function find(trie: Trie, root: number, text: string): number {
  let node = root;
  for (let i = 0; i < text.length && node >= 0; i++) node = trie.child(node, text.charCodeAt(i));
  return node;
}

describe("Trie", () => {
  it("holds what a Map of prefixes holds", () => {
    let state = 5;
    const draw = (below: number): number => {
      state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
      return Math.floor((state / 2 ** 32) * below);
    };
    const letters = ["a", "b", "c", "é", "漢", "\uffff", "😀", "\u0000"];
    const texts: TrieText[] = Array.from({ length: 2000 }, (_, value) => ({
      text: Array.from({ length: draw(7) }, () => letters[draw(letters.length)]).join(""),
      root: draw(3),
      value,
    }));
    const trie = new Trie(texts, 3);
    const values = new Map<string, number>();
    const prefixes = new Set<string>();
    for (const { text, root, value } of texts) {
      if (text !== "") values.set(`${root}${text}`, value);
      for (let i = 1; i <= text.length; i++) prefixes.add(`${root}${text.slice(0, i)}`);
    }
    expect(trie.size).toBe(prefixes.size + 3);
    for (const prefix of prefixes) {
      const node = find(trie, Number(prefix[0]), prefix.slice(1));
      expect(trie.value[node]).toBe(values.get(prefix) ?? -1);
      for (const unit of ["a", "z", "漢", "\ud83d", "\u0000"])
        expect(trie.child(node, unit.charCodeAt(0)) >= 0).toBe(prefixes.has(prefix + unit));
    }
    for (let parent = 0; parent < trie.size; parent++)
      for (let node = trie.firstChild(parent); node < trie.firstChild(parent + 1); node++) {
        expect(node).toBeGreaterThan(parent);
        expect(trie.child(parent, trie.unitOf(node))).toBe(node);
      }
  });

  it("is its roots where there is no text, and takes a long one", () => {
    const empty = new Trie([{ text: "", root: 0, value: 1 }], 2);
    expect([empty.size, empty.child(0, 97), empty.child(1, 97), empty.value[0]]).toEqual([
      2, -1, -1, -1,
    ]);
    const text = "ab".repeat(50_000);
    const long = new Trie(
      [
        { text, root: 0, value: 3 },
        { text, root: 0, value: 4 },
      ],
      1,
    );
    expect(long.size).toBe(text.length + 1);
    expect(long.value[find(long, 0, text)]).toBe(4);
  });
});
