/**
 * What the page must answer: the scenes asked about, and the answers of the same packages in Node.
 *
 * Errors   an Error where Node itself misses the generator's answer: the seed was chosen so that it doesn't
 */
import { strictEqual } from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { wasm } from "@frugal/kernels-wasm";
import { IMAGE_SIZE, modelDirectory, questions, scene } from "@frugal/reference-models";
import { loadModel } from "@frugal/runtime";
import { divPrune, identity } from "@frugal/vision-token-pruning/methods";
import { encodePng } from "./png.mjs";

export const SCENES = fileURLToPath(modelDirectory("scenes"));

/** In the order of the page's select. */
const METHODS = {
  full: identity,
  divprune: () => divPrune({ budget: { keepRatio: 0.25 } }),
};

/** A picture as a PNG file, and a question whose answer the generator knows. */
export function task(seed, kind = "describe") {
  const drawn = scene(seed);
  const [{ question, answer }] = questions(drawn, seed, 1, kind);
  return { seed, png: encodePng(drawn.pixels, IMAGE_SIZE, IMAGE_SIZE), question, answer };
}

/** `answer(task, method)` gives text and token ids; `dispose` frees the model. */
export async function nodeModel() {
  const backend = await wasm();
  const model = await loadModel(SCENES, { backend });
  return {
    path: backend.report().path,
    async answer({ seed, png, question, answer }, method) {
      const prompt = { messages: [{ role: "user", content: question }], images: [png] };
      const tokenIds = [];
      let text = "";
      for await (const piece of model.generate(prompt, { images: METHODS[method]() })) {
        text += piece.text;
        tokenIds.push(...piece.tokenIds);
      }
      strictEqual(text.trim(), answer, `Node answers the picture of seed ${seed} (${method})`);
      return { text, tokenIds };
    },
    dispose() {
      model.dispose();
      backend.dispose();
    },
  };
}
