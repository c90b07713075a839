/** Tensors are zeros or copies, parts can be written and read, bytes are counted. */
import { floats, tensorFrom } from "../../tensor.js";
import { bitDifference } from "../compare.js";
import type { Claims } from "./claims.js";
import type { Trial } from "./trial.js";

export const MEMORY_RULES: Claims = {
  "empty is zeros, upload and read are copies": async (t) => {
    const b = t.subject;
    const data = t.numbers(15);
    const copy = t.own(b.upload(floats([3, 5], data)));
    const wanted = data.slice();
    data.fill(0);
    equal(t, "upload", await b.read(copy), wanted);
    const once = await b.read(copy, 4, 3);
    equal(t, "read from 4", once, wanted.subarray(4, 7));
    b.write(copy, Float32Array.of(8, 9), 5);
    equal(t, "a copy that was read before a write", once, wanted.subarray(4, 7));
    wanted.set([8, 9], 5);
    equal(t, "write at 5", await b.read(copy), wanted);
    equal(t, "empty", await b.read(t.own(b.empty([2, 3]))), new Float32Array(6));
    const integers = t.own(b.empty([3], "int32"));
    b.write(integers, Int32Array.of(-1, 2 ** 31 - 1), 1);
    equal(t, "integers", await b.read(integers), Int32Array.of(0, -1, 2 ** 31 - 1));
    equal(t, "nothing", await b.read(t.own(b.empty([0, 4]))), []);
  },

  "a read gives what was there when it was asked for": async (t) => {
    const b = t.subject;
    const wanted = t.numbers(12);
    const tensor = t.own(b.upload(floats([4, 3], wanted)));
    const first = b.read(tensor);
    const second = b.read(tensor, 3, 3);
    b.write(tensor, new Float32Array(12), 0);
    b.scale(tensor, 2, tensor, 4);
    const third = b.read(tensor, 0, 1);
    tensor.dispose();
    equal(t, "before a write", await first, wanted);
    equal(t, "a part before a write", await second, wanted.subarray(3, 6));
    equal(t, "before the tensor is disposed", await third, [0]);
  },

  "float16 becomes float32 exactly": async (t) => {
    const bits = Uint16Array.of(0x3c00, 0x8000, 0x0001, 0x7bff, 0xfc00, 0x3555);
    const half = t.own(t.subject.upload(tensorFrom(bits, [6])));
    t.require(half.type === "float32", `type ${half.type}`);
    const wanted = [1, -0, 2 ** -24, 65504, -Infinity, 0.333251953125];
    equal(t, "upload", await t.subject.read(half), wanted);
    const weight = t.own(t.subject.weight(tensorFrom(bits, [3, 2])));
    const rows = t.own(t.subject.empty([3, 2]));
    t.subject.gather(weight, Uint32Array.of(0, 1, 2), rows);
    equal(t, "weight", await t.subject.read(rows), wanted);
  },

  "views share their tensor's memory and keep it alive": async (t) => {
    const b = t.subject;
    const whole = b.upload(floats([4, 3], t.numbers(12)));
    const bytes = b.report().allocatedBytes;
    const rows = whole.slice(0, 1, 3);
    b.write(rows, Float32Array.of(5), 0);
    equal(t, "the whole", await b.read(whole, 3, 1), [5]);
    whole.dispose();
    t.require(b.report().allocatedBytes === bytes, "the first handle took the memory along");
    b.scale(rows, 2, rows, 2);
    equal(t, "the view", await b.read(rows, 0, 1), [10]);
    rows.dispose();
    t.require(b.report().allocatedBytes < bytes, "the last handle left the memory behind");
  },

  "every byte is counted and comes back": async (t) => {
    const b = t.subject;
    t.require(b.report().allocatedBytes === 0, "a fresh back end holds bytes");
    const tensor = b.empty([10, 10]);
    t.require(b.report().allocatedBytes >= 400, "a tensor of 400 bytes was not counted");
    const before = b.report().allocatedBytes;
    for (const format of b.weightFormats) {
      const weight = b.weight(floats([8, 40], t.numbers(320)), { format });
      const grown = b.report().allocatedBytes - before;
      t.require(grown >= weight.byteLength && grown > 0, `${format}: ${grown} bytes`);
      weight.dispose();
      weight.dispose();
      t.require(b.report().allocatedBytes === before, `${format}: a disposed weight holds bytes`);
    }
    tensor.dispose();
    tensor.dispose();
    t.require(b.report().allocatedBytes === 0, "a disposed tensor holds bytes");
  },

  "says what it is": async (t) => {
    const { name, weightFormats, kv } = t.subject;
    const { path, threads, fallbacks } = t.subject.report();
    t.require(name !== "" && path !== "" && threads >= 1, "name, path or threads are missing");
    t.require(weightFormats.includes("f32") && kv.formats.includes("f32"), "f32 is missing");
    t.require(typeof fallbacks === "object", "fallbacks are missing");
  },
};

function equal(t: Trial, what: string, got: ArrayLike<number>, wanted: ArrayLike<number>): void {
  t.at(what);
  const wrong = bitDifference(got, wanted);
  if (wrong !== null) t.fail(wrong);
}
