/**
 * What the tensor interface was built on: facts of ONNX Runtime, asked anew of the installed one.
 *
 * Needs    a runtime's module: `Tensor` and `InferenceSession`
 */
import { ArgumentError } from "../../errors/index.js";
import { fromOrt, type OrtModule, type OrtTensorLike, toOrt } from "../../ort.js";
import { type Tensor, tensorFrom } from "../../tensor.js";
import { identityModel } from "./identity-model.js";

export interface OrtSession {
  run(feeds: never, fetches?: never): Promise<Readonly<Record<string, OrtTensorLike>>>;
  release?(): Promise<void>;
}

/** The part of onnxruntime-node or -web that the rules use. */
export interface OrtRuntime extends OrtModule<OrtTensorLike> {
  readonly InferenceSession: { create(model: Uint8Array): Promise<OrtSession> };
}

export type Require = (holds: boolean, detail: string) => void;
export type OrtClaim = (ort: OrtRuntime, require: Require) => Promise<void>;

const NUMBERS = [1, -2, 3.5, -0] as const;

export const ORT_RULES: Readonly<Record<string, OrtClaim>> = {
  "takes our tensors, plain feeds and its own class alike": async (ort, require) => {
    const session = await ort.InferenceSession.create(identityModel("float32"));
    const own = numbers();
    const feeds = [own, toOrt(own).tensor, toOrt(own, ort).tensor, own.slice(0, 0, 4)];
    for (const feed of feeds) require(holds(await run(session, feed)), "a feed came back changed");
    await session.release?.();
  },

  "gives tensors that fromOrt borrows and owns": async (ort, require) => {
    const session = await ort.InferenceSession.create(identityModel("float32"));
    const y = await run(session, numbers());
    const borrowed = fromOrt(y);
    borrowed.dispose();
    require(holds(y), "disposing a borrowed tensor took its data along");
    const owned = fromOrt(y, { own: true });
    require([...(owned.data as Float32Array)].every((x, i) => x === NUMBERS[i]), "data differ");
    owned.dispose();
    await session.release?.();
  },

  "takes the bits of float16 in a plain object": async (ort, require) => {
    const session = await ort.InferenceSession.create(identityModel("float16"));
    const bits = Uint16Array.of(0x3c00, 0x8000, 0x0001, 0x7c00);
    const y = fromOrt(await run(session, toOrt(tensorFrom(bits, [4]), ort).tensor));
    require(y.type === "float16", `type ${y.type}`);
    require([...(y.data as Uint16Array)].every((x, i) => x === bits[i]), "bits differ");
    await session.release?.();
  },

  "has tensors without strides, offsets or views": async (ort, require) => {
    const tensor = new ort.Tensor("float32" as never, Float32Array.of(1) as never, [1]);
    for (const name of ["strides", "offset", "slice", "permute", "retain"]) {
      require(!(name in tensor), `its tensors have ${name} now`);
    }
  },

  "keeps its outputs apart from a feed that changes after the run": async (ort, require) => {
    const session = await ort.InferenceSession.create(identityModel("float32"));
    const feed = numbers();
    const y = await run(session, feed);
    (feed.data as Float32Array).fill(9);
    require(holds(y), "an output changed with its feed");
    await session.release?.();
  },

  "does not fill a plain object given as output": async (ort, require) => {
    const session = await ort.InferenceSession.create(identityModel("float32"));
    const target = toOrt(tensorFrom(new Float32Array(4).fill(7), [4])).tensor;
    let isRefused = false;
    try {
      await session.run({ x: numbers() } as never, { y: target } as never);
    } catch {
      isRefused = true;
    }
    const isFilled = holds(target);
    require(isRefused || !isFilled, "plain outputs are filled now: the interface may use it");
    await session.release?.();
  },
};

const numbers = (): Tensor => tensorFrom(Float32Array.from(NUMBERS), [NUMBERS.length]);

async function run(session: OrtSession, x: unknown): Promise<OrtTensorLike> {
  const { y } = await session.run({ x } as never);
  if (y === undefined) throw new ArgumentError("session.run", "outputs", "y", y);
  return y;
}

function holds({ data }: { readonly data: unknown }): boolean {
  return NUMBERS.every((x, i) => Object.is((data as Float32Array)[i], x));
}
