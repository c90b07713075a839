/**
 * Writes the smallest ONNX model there is: y = Identity(x), one dimension of any length.
 *
 * Shapes   x [n] -> y [n]
 * Units    bytes of a ModelProto, operator set 17
 */
export function identityModel(type: "float32" | "float16"): Uint8Array {
  const element = type === "float32" ? 1 : 10;
  const dimension = message(1, text(2, "n"));
  const valueInfo = (name: string) => [
    ...text(1, name),
    ...message(2, message(1, [...integer(1, element), ...message(2, dimension)])),
  ];
  const node = [...text(1, "x"), ...text(2, "y"), ...text(4, "Identity")];
  const graph = [
    ...message(1, node),
    ...text(2, "identity"),
    ...message(11, valueInfo("x")),
    ...message(12, valueInfo("y")),
  ];
  const operatorSet = integer(2, 17);
  return Uint8Array.from([...integer(1, 8), ...message(7, graph), ...message(8, operatorSet)]);
}

const varint = (n: number): number[] => (n < 128 ? [n] : [(n & 127) | 128, ...varint(n >> 7)]);

const integer = (field: number, value: number): number[] => [
  ...varint(field << 3),
  ...varint(value),
];

const message = (field: number, bytes: readonly number[]): number[] => [
  ...varint((field << 3) | 2),
  ...varint(bytes.length),
  ...bytes,
];

const text = (field: number, value: string): number[] =>
  message(field, Array.from(new TextEncoder().encode(value)));
