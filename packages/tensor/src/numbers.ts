/** Subpath `./numbers`: plain functions over numbers and arrays. */
export { draw } from "./draw.js";
export {
  bfloatsToFloats,
  bfloatToFloat,
  floatsToBfloats,
  floatsToHalves,
  floatToBfloat,
  floatToHalf,
  halfToFloat,
  halvesToFloats,
} from "./half.js";
export { QUANT_BLOCK, quantizeBlocks, quantizeVector } from "./quantize.js";
export { createRandom, normal } from "./random.js";
export { argmax, resolveBudget, roundHalfEven, topkIndices, topkOrder } from "./selection.js";
