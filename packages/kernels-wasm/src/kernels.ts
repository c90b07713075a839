/**
 * The functions of the binary, as `assembly/index.ts` exports them; their headers say what they do.
 *
 * Units    pointers are byte offsets into the imported memory; all arguments are 32-bit integers but where noted
 */
export interface Kernels {
  build(): number;

  linearF32(
    weights: number,
    bias: number,
    input: number,
    out: number,
    rows: number,
    width: number,
    outputs: number,
  ): void;
  packColumnsF32(matrix: number, packed: number, width: number, outputs: number): void;
  packF32(rows: number, packed: number, rowCount: number, width: number): void;
  /** `scratch` holds 68 bytes for each row and block of 32. */
  linearInt8(
    weights: number,
    bias: number,
    input: number,
    out: number,
    rows: number,
    width: number,
    outputs: number,
    scratch: number,
  ): void;
  packInt8(rows: number, packed: number, rowCount: number, width: number): void;
  gatherInt8(packed: number, indices: number, out: number, rows: number, width: number): void;
  gatherF32(packed: number, indices: number, out: number, rows: number, width: number): void;
  widenHalves(halves: number, out: number, count: number): void;

  /** `epsilon` is f64. */
  rmsNorm(
    input: number,
    gain: number,
    out: number,
    rows: number,
    width: number,
    epsilon: number,
  ): void;
  layerNorm(
    input: number,
    gain: number,
    bias: number,
    out: number,
    rows: number,
    width: number,
    epsilon: number,
  ): void;
  rope(heads: number, angles: number, rows: number, headCount: number, headWidth: number): void;
  softmax(input: number, out: number, rows: number, width: number): void;

  unitRows(input: number, out: number, rows: number, width: number): void;
  patchRows(
    pixels: number,
    rows: number,
    channels: number,
    height: number,
    width: number,
    patch: number,
  ): void;
  sparseRows(
    starts: number,
    sources: number,
    weights: number,
    input: number,
    out: number,
    rows: number,
    width: number,
  ): void;

  silu(input: number, out: number, count: number): void;
  gelu(input: number, out: number, count: number): void;
  geluTanh(input: number, out: number, count: number): void;
  quickGelu(input: number, out: number, count: number): void;
  relu(input: number, out: number, count: number): void;
  add(a: number, b: number, out: number, count: number): void;
  multiply(a: number, b: number, out: number, count: number): void;
  /** `factor` and `cap` are f32. */
  scale(input: number, out: number, count: number, factor: number): void;
  softCap(input: number, out: number, count: number, cap: number): void;

  argmax(input: number, out: number, rows: number, width: number): void;
  topk(
    input: number,
    k: number,
    indices: number,
    values: number,
    rows: number,
    width: number,
    heap: number,
  ): void;

  /** `scale` and `cap` are f32; `heads`, `spans` and `scratch` as `assembly/attention/rows.ts` says. */
  attention(
    query: number,
    out: number,
    logSumExp: number,
    rows: number,
    headCount: number,
    kvHeadCount: number,
    width: number,
    scale: number,
    cap: number,
    heads: number,
    spans: number,
    columns: number,
    tileRows: number,
    scratch: number,
  ): void;

  attentionTap(
    query: number,
    out: number,
    want: number,
    rows: number,
    headCount: number,
    kvHeadCount: number,
    width: number,
    scale: number,
    cap: number,
    heads: number,
    spans: number,
    columns: number,
    slots: number,
    tileRows: number,
    scratch: number,
  ): void;

  writeRowsF32: WriteRows;
  writeRowsInt8: WriteRows;
  copySlotsF32: CopySlots;
  copySlotsInt8: CopySlots;
  decodeF32: Decode;
  decodeInt8: Decode;
  rotateF32(page: number, slot: number, count: number, angles: number, width: number): void;
  rotateInt8(
    page: number,
    slot: number,
    count: number,
    angles: number,
    width: number,
    scratch: number,
  ): void;
}

export type WriteRows = (
  page: number,
  slot: number,
  count: number,
  keys: number,
  values: number,
  strideBytes: number,
  width: number,
) => void;

export type CopySlots = (
  from: number,
  fromSlot: number,
  to: number,
  toSlot: number,
  count: number,
  width: number,
) => void;

/** `kind` 0: keys, 1: values. */
export type Decode = (
  page: number,
  slot: number,
  count: number,
  kind: number,
  out: number,
  width: number,
) => void;
