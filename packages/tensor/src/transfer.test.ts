import { once } from "node:events";
import { MessageChannel } from "node:worker_threads";
import { expect, test } from "vitest";
import { createTensor, tensorFrom } from "./tensor.js";
import { fromTransfer, type TensorMessage, toTransfer } from "./transfer.js";

const sample = () => tensorFrom(Float32Array.of(0, 1, 2, 3, 4, 5), [2, 3]);

async function posted({ message, transfer }: ReturnType<typeof toTransfer>) {
  const { port1, port2 } = new MessageChannel();
  const arrival = once(port2, "message");
  port1.postMessage(message, transfer);
  const [received] = (await arrival) as [TensorMessage];
  port1.close();
  return received;
}

test("a copy arrives, the sender keeps its own", async () => {
  const t = sample();
  const arrived = fromTransfer(await posted(toTransfer(t.permute([1, 0]))));
  expect(arrived.dims).toEqual([3, 2]);
  expect([...arrived.data]).toEqual([0, 3, 1, 4, 2, 5]);
  expect([...t.data]).toEqual([0, 1, 2, 3, 4, 5]);
});

test("a move gives the buffer away, strides and offset travel", async () => {
  const t = sample();
  const view = t.slice(1, 1, 3);
  t.dispose();
  const parcel = toTransfer(view, { move: true });
  expect(parcel.message).toMatchObject({ dims: [2, 2], strides: [3, 1], offset: 1 });
  expect(view.isDisposed).toBe(true);
  const arrived = fromTransfer(await posted(parcel));
  expect(parcel.message.buffer.byteLength).toBe(0);
  expect([...arrived.contiguous().data]).toEqual([1, 2, 4, 5]);
});

test("only host memory that nobody else holds can be moved", () => {
  const t = sample();
  t.retain();
  const options = { move: true };
  expect(() => toTransfer(t, options)).toThrow("2 references");
  const shared = new SharedArrayBuffer(8);
  const storage = {
    kind: "wasm" as const,
    buffer: shared,
    byteOffset: 0,
    byteLength: 8,
    release: () => undefined,
  };
  const inWasm = createTensor(storage, "float32", [2]);
  expect(() => toTransfer(inWasm, options)).toThrow("only host memory");
  expect(toTransfer(inWasm).message.buffer).toBeInstanceOf(ArrayBuffer);
});

test.each<[string, object]>([
  ["type", { type: "float64" }],
  ["buffer", { buffer: "text" }],
  ["dims", { dims: "2" }],
  ["dims beyond the buffer", { dims: [7] }],
  ["strides", { strides: [-1] }],
  ["offset", { offset: 0.5 }],
])("a hostile message is refused: %s", (_, change) => {
  const good = { type: "float32", dims: [6], strides: [1], offset: 0, buffer: new ArrayBuffer(24) };
  expect(fromTransfer(good as TensorMessage).size).toBe(6);
  expect(() => fromTransfer({ ...good, ...change } as TensorMessage)).toThrow(
    expect.objectContaining({ code: expect.stringMatching(/^(Argument|Dtype)Error$/) }),
  );
});
