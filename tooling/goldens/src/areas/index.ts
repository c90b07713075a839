/** Adapters by area and method. A method that is absent counts as missing. */
import type { CaseRunner } from "../types.js";
import { kvCases } from "./kv.js";
import { pictureCases } from "./pictures.js";
import { speculativeCases } from "./speculative.js";
import { visionCases } from "./vision.js";

export const ADAPTERS: Readonly<Record<string, Readonly<Record<string, CaseRunner>>>> = {
  core: { ...pictureCases },
  kv: { ...kvCases },
  speculative: { ...speculativeCases },
  vision: { ...visionCases },
};
