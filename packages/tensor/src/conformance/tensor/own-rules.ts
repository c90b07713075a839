/** What a tensor is to everyone: feeds by shape, views, references, memory that grows, messages. */
import { FrugalError } from "../../errors/index.js";
import { fromOrt, toOrt } from "../../ort.js";
import type { CpuStorage } from "../../storage.js";
import { createTensor, isTensor, referencesOf, tensorFrom } from "../../tensor.js";
import { fromTransfer, toTransfer } from "../../transfer.js";
import type { Require } from "./ort-rules.js";

type Claim = (require: Require) => void;

const six = () => tensorFrom(Float32Array.of(0, 1, 2, 3, 4, 5), [2, 3]);
const list = (data: ArrayLike<number | bigint>) => Array.from(data, Number).join();

export const OWN_RULES: Readonly<Record<string, Claim>> = {
  "a tensor has what both runtimes read": (require) => {
    const t = six();
    require(t.type === "float32" && t.dims.join() === "2,3" && t.location === "cpu", "shape of it");
    require(t.data instanceof Float32Array && t.data.length === 6, "data is not the whole array");
    require(isTensor(t) && Symbol.for("frugal.tensor/v1") in t, "the brand is missing");
  },

  "views share memory and count as references; the last one releases it": (require) => {
    let released = 0;
    const t = createTensor(
      wasmStorage(24, () => released++),
      "float32",
      [2, 3],
    );
    const row = t.slice(0, 1, 2);
    (row.data as Float32Array)[0] = 9;
    require(list(t.data) === "0,0,0,9,0,0", "a view wrote elsewhere");
    const others = [t.permute([1, 0]), t.reshape([6]), t.retain(), t.contiguous()];
    require(referencesOf(t) === 6, `${referencesOf(t)} references, not 6`);
    t.dispose();
    for (const view of others) view.dispose();
    require(released === 0 && list(row.data) === "9,0,0", "released too early");
    row.dispose();
    row.dispose();
    require(released === 1, `released ${released} times`);
  },

  "a strided view has no data until it is made contiguous": (require) => {
    const turned = six().permute([1, 0]);
    require(code(() => turned.data) === "StateError", "a strided view gave data");
    require(list(turned.contiguous().data) === "0,3,1,4,2,5", "contiguous has another order");
    const fed = toOrt(turned);
    require(fed.copied && list(fed.tensor.data) === "0,3,1,4,2,5", "toOrt fed another order");
  },

  "data follows memory that has grown": (require) => {
    const memory = new WebAssembly.Memory({ initial: 1 });
    const t = createTensor(
      wasmStorage(8, () => undefined, memory),
      "float32",
      [2],
    );
    (t.data as Float32Array)[1] = 5;
    const before = t.data;
    require(t.data === before, "data is not cached");
    memory.grow(1);
    require(t.data !== before && list(t.data) === "0,5", "data did not follow");
    require(toOrt(t).copied, "wasm memory was lent to a session");
  },

  "tensors elsewhere are a missing capability": (require) => {
    for (const location of ["gpu-buffer", "texture", "ml-tensor"]) {
      const foreign = { type: "float32", dims: [1], location, data: undefined };
      require(code(() => fromOrt(foreign)) === "CapabilityError", `${location} was taken`);
    }
  },

  "fromOrt borrows by default and disposes what it owns": (require) => {
    let disposed = 0;
    const foreign = {
      type: "float32",
      dims: [1],
      data: Float32Array.of(1),
      dispose: () => void disposed++,
    };
    fromOrt(foreign).dispose();
    require(disposed === 0, "a borrowed tensor was disposed");
    fromOrt(foreign, { own: true }).dispose();
    require(disposed === 1, "an owned tensor was not disposed");
  },

  "a message brings elements to a worker, wasm memory as a copy": (require) => {
    const t = six().permute([1, 0]);
    const { message } = toTransfer(t);
    const there = fromTransfer(structuredClone(message));
    require(list(there.data) === "0,3,1,4,2,5", "other elements arrived");
    const inWasm = createTensor(
      wasmStorage(8, () => undefined),
      "float32",
      [2],
    );
    require(code(() => toTransfer(inWasm, { move: true })) === "StateError", "wasm memory moved");
    const parcel = toTransfer(six(), { move: true });
    const moved = structuredClone(parcel.message, { transfer: parcel.transfer });
    require(list(fromTransfer(moved).data) === "0,1,2,3,4,5", "other elements moved");
  },
};

function wasmStorage(
  byteLength: number,
  release: () => void,
  memory = new WebAssembly.Memory({ initial: 1 }),
): CpuStorage {
  return {
    kind: "wasm",
    get buffer() {
      return memory.buffer;
    },
    byteOffset: 64,
    byteLength,
    release,
  };
}

function code(act: () => unknown): string {
  try {
    act();
  } catch (error) {
    if (FrugalError.is(error)) return error.code;
    throw error;
  }
  return "nothing";
}
