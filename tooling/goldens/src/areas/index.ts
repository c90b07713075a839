/** Adapters by area and method. A method that is absent counts as missing. */
import { type CaseRunner, MissingError } from "../types.js";
import { coreCases } from "./core.js";
import { kvCases } from "./kv.js";
import { kvModelCases } from "./kv-models.js";
import { pictureCases } from "./pictures.js";
import { speculativeCases } from "./speculative.js";
import { speculativeModelCases } from "./speculative-models.js";
import { tokenizerCases } from "./tokenizers.js";
import { tokenizerByteCases } from "./tokenizers-bytes.js";
import { tokenizerChangeCases } from "./tokenizers-change.js";
import { tokenizerFormatCases } from "./tokenizers-formats.js";
import { tokenizerMeasureCases } from "./tokenizers-measure.js";
import { tokenizerSegmentCases } from "./tokenizers-segment.js";
import { tokenizerTrainCases } from "./tokenizers-train.js";
import { tokenizerUnigramCases } from "./tokenizers-unigram.js";
import { visionCases } from "./vision.js";
import { visionModelCases } from "./vision-models.js";

export const ADAPTERS: Readonly<Record<string, Readonly<Record<string, CaseRunner>>>> = {
  core: { ...pictureCases, ...coreCases },
  kv: byInput(kvModelCases, kvCases),
  speculative: { ...speculativeCases, ...speculativeModelCases },
  tokenizers: {
    ...tokenizerCases,
    ...tokenizerFormatCases,
    ...tokenizerSegmentCases,
    ...tokenizerTrainCases,
    ...tokenizerUnigramCases,
    ...tokenizerChangeCases,
    ...tokenizerMeasureCases,
    ...tokenizerByteCases,
  },
  vision: { ...visionCases, ...visionModelCases },
};

/** A method may have cases that run a model and cases on recorded tensors: the input `model` tells them apart. */
function byInput(
  withModel: Readonly<Record<string, CaseRunner>>,
  without: Readonly<Record<string, CaseRunner>>,
): Readonly<Record<string, CaseRunner>> {
  const methods = new Set([...Object.keys(withModel), ...Object.keys(without)]);
  return Object.fromEntries(
    [...methods].map((method): [string, CaseRunner] => [
      method,
      async (golden, context) => {
        const runner = ("model" in golden.inputs ? withModel : without)[method];
        if (!runner) throw new MissingError("no adapter for this kind of case");
        return runner(golden, context);
      },
    ]),
  );
}
