import { expect, test } from "vitest";
import { averageOf } from "./average.js";
import { type ByteLaw, LAW_SIZE } from "./types.js";
import { completed, writeBytes } from "./write.js";

/** All weight on the given bytes, one after the other, then on the end. */
function fixed(bytes: readonly number[], at = 0): ByteLaw & { isDisposed: boolean } {
  let place = at;
  return {
    isDisposed: false,
    push: (pushed) => {
      place += pushed.length;
    },
    next: async () => {
      const law = new Float64Array(LAW_SIZE);
      law[bytes[place] ?? 256] = 1;
      return law;
    },
    fork: () => fixed(bytes, place),
    dispose() {
      this.isDisposed = true;
    },
  };
}

test("the mean by weight; a fork goes on by itself", async () => {
  const mean = averageOf([fixed([65, 66]), fixed([65, 67])], [3, 1]);
  expect((await mean.next())[65]).toBe(1);
  const fork = mean.fork();
  mean.push(Uint8Array.of(65));
  const law = await mean.next();
  expect([law[66], law[67]]).toEqual([0.75, 0.25]);
  expect((await fork.next())[65]).toBe(1);
});

test("no laws, and weights that are none, are refused; all laws are disposed", () => {
  expect(() => averageOf([])).toThrow(/at least one law/);
  expect(() => averageOf([fixed([])], [0])).toThrow(/above 0/);
  expect(() => averageOf([fixed([])], [1, 2])).toThrow(/each law/);
  const laws = [fixed([1]), fixed([2])];
  averageOf(laws).dispose();
  expect(laws.every((law) => law.isDisposed)).toBe(true);
});

test("writeBytes never gives half a character and stops at the end", async () => {
  const pieces: string[] = [];
  for await (const text of writeBytes(fixed([0xc3, 0xa9, 0x41]))) pieces.push(text);
  expect(pieces).toEqual(["é", "A"]);
  pieces.length = 0;
  for await (const text of writeBytes(fixed([0xc3, 0xa9]), { maxBytes: 1 })) pieces.push(text);
  expect(pieces).toEqual(["\ufffd"]);
  await expect(writeBytes(fixed([]), { temperature: -1 }).next()).rejects.toThrow(/temperature/);
  const signal = AbortSignal.abort(new RangeError("stopped"));
  await expect(writeBytes(fixed([1]), { signal }).next()).rejects.toThrow("stopped");
});

test("what reaches half a character is completed from the law; the rest is left as it is", async () => {
  const law = fixed([0x61, 0xe2, 0x96, 0x81], 1);
  const half = Uint8Array.of(0x61, 0xe2);
  expect([...(await completed(law, 1, half, null))]).toEqual([0x61, 0xe2, 0x96, 0x81]);
  expect((await law.next())[256]).toBe(1);
  const untouched = fixed([0x61, 0x62], 1);
  expect([...(await completed(untouched, 1, Uint8Array.of(0x61, 0x62), null))]).toEqual([97, 98]);
  expect((await untouched.next())[0x62]).toBe(1);
});
