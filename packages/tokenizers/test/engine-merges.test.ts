/** Merge lists drawn at random, in order and out of order: the engines against the pipeline. */
import { expect, it } from "vitest";
import { loadTokenizer } from "../src/index.js";
import { byteCharacters } from "../src/text/byte-characters.js";
import { byteText } from "./engine-files.js";
import { drawing } from "./engine-texts.js";

const LISTS = 24;
const MOST_LETTERS = 6;
const LONG = 3000;
const PLAIN = { addSpecialTokens: false } as const;
const ALPHABETS = [
  ["a", "b", "c"],
  ["中", "丮", "a"],
  ["é", "ê", "a"],
];

/** `shuffled`: merges may stand before those that make their halves. */
function file(letters: readonly string[], seed: number, shuffled: boolean): object {
  const draw = drawing(seed);
  const vocab: Record<string, number> = {};
  for (const code of byteCharacters()) vocab[String.fromCharCode(code)] = Object.keys(vocab).length;
  const symbols = [...new Set(byteText(letters.join("")))];
  const merges: [string, string][] = [];
  const listed = new Set<string>();
  for (let tries = 0; tries < 60 && merges.length < 24; tries++) {
    const left = symbols[draw(symbols.length)]!;
    const right = symbols[draw(symbols.length)]!;
    if (left.length + right.length > 9 || listed.has(`${left} ${right}`)) continue;
    listed.add(`${left} ${right}`);
    merges.splice(shuffled ? draw(merges.length + 1) : merges.length, 0, [left, right]);
    if (!(left + right in vocab)) {
      vocab[left + right] = Object.keys(vocab).length;
      symbols.push(left + right);
    }
  }
  return {
    version: "1.0",
    pre_tokenizer: { type: "ByteLevel", add_prefix_space: false, use_regex: true },
    decoder: { type: "ByteLevel" },
    model: { type: "BPE", vocab, merges },
  };
}

function* strings(letters: readonly string[], most: number): Generator<string> {
  let last = [""];
  for (let length = 1; length <= most; length++) {
    last = last.flatMap((text) => letters.map((letter) => text + letter));
    yield* last;
  }
}

it.each([
  ["in order", false],
  ["out of order", true],
])("merges that come %s", async (_, shuffled) => {
  for (let list = 0; list < LISTS; list++) {
    const letters = ALPHABETS[list % ALPHABETS.length]!;
    const wasm = await loadTokenizer(file(letters, list, shuffled));
    expect(wasm.path.name).toBe("wasm");
    const draw = drawing(list);
    const long = Array.from({ length: LONG }, () => letters[draw(letters.length)]!).join("");
    const rows = letters.map((letter) => letter.repeat(LONG));
    for (const text of [...strings(letters, MOST_LETTERS), long, ...rows]) {
      const expected = wasm.encodeWithOffsets(text, PLAIN).ids.join();
      const found = wasm.encode(text, PLAIN).join();
      if (found !== expected) expect([list, text, found]).toEqual([list, text, expected]);
    }
  }
});
