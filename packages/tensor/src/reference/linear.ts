/**
 * Multiplies rows by a weight: out[r] = W input[r] + bias.
 *
 * Shapes   input [R, K], weight [N, K] and bias [N]  ->  out [R, N]
 * Order    one f64 sum an output, k ascending, the bias last, then rounded to f32; a row does not see the others
 * Differs  int8: the truth is decoded weights times *coded* activations (blocks of 32 along K, coded row by row as
 *          `quantize.ts` says): per block the exact integer sum of code products times the two scales
 * Cost     O(R N K); int8: scratch of one coded row
 * Errors   none in here: the door has checked
 */
import { QUANT_BLOCK, quantizeBlocks } from "../quantize.js";
import type { ReferenceWeight } from "./weight.js";

export function linear(
  input: Float32Array,
  weight: ReferenceWeight,
  out: Float32Array,
  rows: number,
): void {
  if (weight.format === "int8") linearInt8(input, weight, out, rows);
  else linearFloat(input, weight, out, rows);
}

function linearFloat(
  input: Float32Array,
  weight: ReferenceWeight,
  out: Float32Array,
  rows: number,
): void {
  const [outputs, inputs] = weight.dims;
  const { values, bias, hasBias } = weight;
  for (let r = 0; r < rows; r++) {
    const from = r * inputs;
    for (let n = 0; n < outputs; n++) {
      const at = n * inputs;
      let sum = 0;
      for (let k = 0; k < inputs; k++) sum += values[at + k]! * input[from + k]!;
      out[r * outputs + n] = hasBias ? sum + bias[n]! : sum;
    }
  }
}

function linearInt8(
  input: Float32Array,
  weight: ReferenceWeight,
  out: Float32Array,
  rows: number,
): void {
  const [outputs, inputs] = weight.dims;
  const { codes, scales, bias, hasBias } = weight;
  const blocks = Math.ceil(inputs / QUANT_BLOCK);
  const rowCodes = new Int8Array(inputs);
  const rowScales = new Float32Array(blocks);
  for (let r = 0; r < rows; r++) {
    quantizeBlocks(input, r * inputs, inputs, rowCodes, 0, rowScales, 0);
    for (let n = 0; n < outputs; n++) {
      let sum = 0;
      for (let block = 0; block < blocks; block++) {
        const end = Math.min(inputs, (block + 1) * QUANT_BLOCK);
        let products = 0;
        for (let k = block * QUANT_BLOCK; k < end; k++) {
          products += codes[n * inputs + k]! * rowCodes[k]!;
        }
        sum += scales[n * blocks + block]! * rowScales[block]! * products;
      }
      out[r * outputs + n] = hasBias ? sum + bias[n]! : sum;
    }
  }
}
