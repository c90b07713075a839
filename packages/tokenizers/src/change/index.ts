/** Changes a tokenizer, or gives a model the rows for a new one. */
export { type Chunked, type ChunkOptions, dechunkEma, dynamicChunk } from "./dynamic-chunk.js";
export {
  decodeInfoWindow,
  equalInfoWindows,
  type InfoWindow,
  type WindowLaw,
} from "./equal-info.js";
export type { Matrix } from "./matrix.js";
export {
  type MergedUnits,
  mergeByUnit,
  segmentMask,
  unmerge,
  wordSegments,
} from "./merge-units.js";
export { procrustes } from "./procrustes.js";
export { surfaceForms } from "./surface-forms.js";
export {
  type AdaptedRows,
  type EmbedTexts,
  type TokenAdaptOptions,
  transplantEmbeddings,
} from "./token-adapt.js";
export { initTokenFromText, selectSegmentationByContext } from "./token-rows.js";
export {
  type SubwordVectors,
  type WechselOptions,
  type WechselRows,
  type WordVectors,
  wechselInit,
} from "./wechsel.js";
export {
  type PredictedRows,
  predictEmbeddings,
  type StateTensor,
  type ZettConfig,
  type ZettOptions,
} from "./zett.js";
