/** What the whole-system tests share: the models on the wasm back end, prompts, a drafter that guesses at random. */
import { wasm } from "@frugal/kernels-wasm";
import { heldOutBooks, modelDirectory, type ReferenceModelName } from "@frugal/reference-models";
import type { Drafter } from "@frugal/speculative";
import type { Backend } from "@frugal/tensor";
import { type GenerateOptions, type LanguageModel, loadModel, type Prompt } from "../src/index.js";

let backend: Promise<Backend> | undefined;

export const sharedBackend = (): Promise<Backend> => (backend ??= wasm());

export async function load(name: ReferenceModelName): Promise<LanguageModel> {
  return loadModel(modelDirectory(name), { backend: await sharedBackend() });
}

/** `count` beginnings of held-out paragraphs, each with another length. */
export async function storyPrompts(count: number): Promise<string[]> {
  const books = await heldOutBooks();
  return Array.from({ length: count }, (_, i) => {
    const { paragraphs } = books[i % books.length] as { paragraphs: readonly string[] };
    const long = paragraphs.filter((text) => text.length > 120);
    return (long[(i * 7) % long.length] as string).slice(0, 60 + ((i * 37) % 200));
  });
}

export interface Written {
  readonly ids: number[];
  readonly text: string;
  readonly drafted: number;
  readonly accepted: number;
}

export async function write(
  pieces: AsyncIterable<import("../src/index.js").Piece>,
): Promise<Written> {
  const ids: number[] = [];
  let text = "";
  let drafted = 0;
  let accepted = 0;
  for await (const piece of pieces) {
    ids.push(...piece.tokenIds);
    text += piece.text;
    drafted += piece.report?.drafted ?? 0;
    accepted += piece.report?.accepted ?? 0;
  }
  return { ids, text, drafted, accepted };
}

export const answer = (
  model: LanguageModel,
  prompt: Prompt,
  options: GenerateOptions,
): Promise<Written> => write(model.generate(prompt, options));

/** Random trees whose tokens come from the text so far: mostly wrong, now and then right. */
export function adversarialDrafter(rows = 7): Drafter {
  return {
    name: "adversarial",
    needs: {},
    propose({ tokens, room, random }) {
      const count = 1 + Math.min(room, Math.floor(random.next() * (rows + 1)));
      const recent = tokens.slice(-24);
      const any = (): number => recent[Math.floor(random.next() * recent.length)] as number;
      return {
        drawn: "deterministic",
        tokens: Uint32Array.from({ length: count }, (_, i) =>
          i === 0 ? (tokens.at(-1) as number) : any(),
        ),
        parents: Int32Array.from({ length: count }, (_, i) =>
          i === 0 ? -1 : Math.floor(random.next() * i),
        ),
      };
    },
    observe() {},
    reset() {},
    dispose() {},
  };
}
