/** One table of an evaluation: which methods compete in it, on which model, and what is asked. */
import { readFile } from "node:fs/promises";
import {
  type Arm,
  armsOf,
  type CacheMethod,
  type Contender,
  type DraftMethod,
  type ImageMethod,
  measure,
  type PresenceHead,
  perplexity,
  presence,
  randomDraft,
  recall,
  speculation,
  sweep,
  type Table,
  vqa,
} from "@frugal/evaluate";
import { compress } from "@frugal/kv-cache";
import { heldOutBooks, modelDirectory } from "@frugal/reference-models";
import { type LanguageModel, readSafetensors } from "@frugal/runtime";
import type { Drafter } from "@frugal/speculative";
import { sampleAndMatch } from "@frugal/speculative/verifiers";
import {
  type Backend,
  type Budget,
  type Floats,
  FormatError,
  floats,
  type TensorLike,
} from "@frugal/tensor";
import type { TokenMethod } from "@frugal/vision-token-pruning";
import { entries, find } from "./catalogue.js";
import { policyOf } from "./choose.js";
import { usage } from "./failure.js";
import { isPlugin, loadPlugin, type Plugin } from "./plugin.js";
import { keepPositions } from "./positions.js";

export const TASKS = ["vqa", "recall", "speculation", "perplexity", "presence"] as const;
export type TaskName = (typeof TASKS)[number];

/** The reference model that a task is made for. */
export const MODEL_OF: Readonly<Record<TaskName, "fables" | "scenes">> = {
  vqa: "scenes",
  presence: "scenes",
  recall: "fables",
  speculation: "fables",
  perplexity: "fables",
};

export interface TableOptions {
  readonly keepRatios: readonly number[];
  /** Items: pictures, prompts or windows. */
  readonly samples: number;
  /** Names, and files that export a method; those of another kind are passed over. Default: every method. */
  readonly methods?: readonly string[] | undefined;
  readonly cwd: string;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((done: number, total: number) => void) | undefined;
}

export async function tableOf(
  task: TaskName,
  subject: LanguageModel,
  options: TableOptions,
): Promise<Table> {
  const common = { ...options, model: shortName(subject.name) };
  if (task === "vqa" || task === "presence") {
    // Every method alike, chance too: tokens stay where they were.
    const what =
      task === "vqa" ? vqa(subject) : presence(subject, await presenceHead(subject.backend));
    const random = find("images", "random");
    return sweep<ImageMethod>(what, {
      ...common,
      random: { name: "random", make: (budget) => keepPositions(random.make({ budget })) },
      contenders: await contenders("images", options, (name) => {
        const { make } = find("images", name);
        return (budget) => keepPositions(make({ budget }));
      }),
    });
  }
  const books = await heldOutBooks();
  if (task === "speculation") {
    return measure(speculation(subject, { books }), await draftArms(options), common);
  }
  const policy = (name: string) => (budget: Budget) =>
    compress({ scorer: find("cache", name).make(), budget, ...GUARDED });
  return sweep<CacheMethod>(
    task === "recall" ? recall(subject, { books }) : perplexity(subject, { books }),
    {
      ...common,
      random: { name: "random", make: policy("random") },
      contenders: await contenders("cache", options, policy),
    },
  );
}

/** A folder's last part. */
const shortName = (name: string): string => name.split(/[\\/]/).filter(Boolean).at(-1) ?? name;

/** The same for every scorer, chance among them: the first tokens and the question stay. */
const GUARDED = { sinks: 4, recent: 32 };

type Make<Method> = (budget: Budget) => Method;

async function contenders<Method>(
  kind: "images" | "cache",
  options: TableOptions,
  byName: (name: string) => Make<Method>,
): Promise<Contender<Method>[]> {
  const list: Contender<Method>[] = [];
  for (const found of await candidates(kind, options)) {
    if (typeof found === "string") {
      list.push({ name: found, make: byName(found) });
      continue;
    }
    const { name, make } = found;
    const policy = (budget: Budget): object =>
      kind === "images"
        ? keepPositions(make(budget) as TokenMethod)
        : policyOf(name, make(budget) as Parameters<typeof policyOf>[1], budget, GUARDED);
    list.push({ name, make: policy as Make<Method> });
  }
  return list;
}

async function draftArms(options: TableOptions): Promise<Arm<DraftMethod>[]> {
  const verifier = sampleAndMatch();
  const arms: Arm<DraftMethod>[] = [
    ...armsOf<DraftMethod>({ random: NOBODY, contenders: [], keepRatios: [] }),
    { name: "random", keepRatio: null, method: { drafter: randomDraft(), verifier } },
  ];
  for (const found of await candidates("draft", options)) {
    const drafter =
      typeof found === "string"
        ? find("draft", found).make()
        : (found.make({ keepRatio: 1 }) as Drafter);
    arms.push({ name: drafter.name, keepRatio: null, method: { drafter, verifier } });
  }
  return arms;
}

const NOBODY: Contender<DraftMethod> = {
  name: "random",
  make: () => ({ drafter: randomDraft(), verifier: sampleAndMatch() }),
};

/** Names of this kind, and plug-ins of this kind. */
async function candidates(
  kind: Plugin["kind"],
  { methods, cwd }: TableOptions,
): Promise<(string | Plugin)[]> {
  const known = entries(kind).map(({ name }) => name);
  if (!methods) return known.filter((name) => name !== "random" && name !== "identity");
  const found: (string | Plugin)[] = [];
  for (const name of methods) {
    if (known.includes(name)) found.push(name);
    else if (isPlugin(name)) {
      const plugin = await loadPlugin(name, cwd);
      if (plugin.kind === kind) found.push(plugin);
    }
  }
  return found;
}

/** Refuses names that no kind has. */
export function checkMethods(methods: readonly string[] | undefined): void {
  const known = (["images", "cache", "draft"] as const).flatMap((kind) =>
    entries(kind).map(({ name }) => name),
  );
  const unknown = methods?.find((name) => !known.includes(name) && !isPlugin(name));
  if (unknown === undefined) return;
  const names = [...new Set(known)].sort();
  throw usage(`no method is called '${unknown}'; there are: ${names.join(", ")}`);
}

/** Of the reference model `scenes`; read through the back end, which widens its float16. */
export async function presenceHead(backend: Backend): Promise<PresenceHead> {
  const url = new URL("presence.safetensors", modelDirectory("scenes"));
  const { tensors } = readSafetensors(new Uint8Array(await readFile(url)));
  const part = async (name: string): Promise<Floats> => {
    const stored = tensors.get(name);
    if (!stored) throw new FormatError("presence.safetensors", `tensor ${name} is absent`);
    const uploaded = backend.upload(stored as TensorLike);
    const data = (await backend.read(uploaded)) as Float32Array;
    uploaded.dispose();
    return floats(stored.dims, data);
  };
  return { weight: await part("weight"), bias: await part("bias") };
}
