/**
 * Says where the three trained models lie, seen from this module: a file URL in Node, the server's in a page.
 *
 * Errors   ArgumentError for a name that is none
 */
import { ArgumentError } from "@frugal/tensor/errors";

export const MODEL_NAMES = ["fables", "fables-draft", "scenes"] as const;

export type ReferenceModelName = (typeof MODEL_NAMES)[number];

/** Ends in a slash, so that `new URL("config.json", modelDirectory("scenes"))` names a file in it. */
export function modelDirectory(name: ReferenceModelName): URL {
  // Each URL is a literal: bundlers and packers find what a module refers to by this form alone.
  switch (name) {
    case "fables":
      return new URL("../models/fables/", import.meta.url);
    case "fables-draft":
      return new URL("../models/fables-draft/", import.meta.url);
    case "scenes":
      return new URL("../models/scenes/", import.meta.url);
    default:
      throw new ArgumentError("modelDirectory", "name", `one of ${MODEL_NAMES.join(", ")}`, name);
  }
}
