/**
 * Writes an ONNX model of one MatMul with a stored weight: x [rows, K] times w [K, N].
 *
 * Format   https://github.com/onnx/onnx/blob/main/onnx/onnx.proto, the few fields that one node needs
 */
const text = new TextEncoder();

function varint(value: number): number[] {
  const bytes: number[] = [];
  let rest = value;
  for (; rest > 127; rest = Math.floor(rest / 128)) bytes.push((rest % 128) | 128);
  return [...bytes, rest];
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const out = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}

const bytesField = (field: number, bytes: Uint8Array): Uint8Array =>
  joined([Uint8Array.from([(field << 3) | 2, ...varint(bytes.length)]), bytes]);
const textField = (field: number, value: string): Uint8Array =>
  bytesField(field, text.encode(value));
const intField = (field: number, value: number): Uint8Array =>
  Uint8Array.from([field << 3, ...varint(value)]);
const message = (field: number, ...parts: Uint8Array[]): Uint8Array =>
  bytesField(field, joined(parts));

const FLOAT = 1;

function valueInfo(field: number, name: string, dims: readonly number[]): Uint8Array {
  const shape = dims.map((dim) => message(1, intField(1, dim)));
  const type = message(2, message(1, intField(1, FLOAT), message(2, ...shape)));
  return message(field, textField(1, name), type);
}

export function productModel(
  rows: number,
  inner: number,
  outer: number,
  weight: Float32Array,
): Uint8Array {
  const node = message(
    1,
    textField(1, "x"),
    textField(1, "w"),
    textField(2, "y"),
    textField(4, "MatMul"),
  );
  const raw = new Uint8Array(weight.buffer, weight.byteOffset, weight.byteLength);
  const stored = message(
    5,
    intField(1, inner),
    intField(1, outer),
    intField(2, FLOAT),
    textField(8, "w"),
    bytesField(9, raw),
  );
  const graph = message(
    7,
    node,
    textField(2, "product"),
    stored,
    valueInfo(11, "x", [rows, inner]),
    valueInfo(12, "y", [rows, outer]),
  );
  return joined([intField(1, 8), graph, message(8, intField(2, 17))]);
}
