/** From what was typed to the objects that `generate` takes. */
import { type CachePolicy, compress, type Scorer } from "@frugal/kv-cache";
import type { GenerateOptions } from "@frugal/runtime";
import type { Drafter } from "@frugal/speculative";
import { sampleAndMatch } from "@frugal/speculative/verifiers";
import type { Budget } from "@frugal/tensor";
import type { TokenMethod } from "@frugal/vision-token-pruning";
import { find, type Options } from "./catalogue.js";
import { usage } from "./failure.js";
import type { Io } from "./io.js";
import { loadPlugin } from "./plugin.js";
import { keepPositions } from "./positions.js";
import { type MethodSpec, parseSpec, takeBudget } from "./spec.js";

export interface MethodFlags {
  readonly images?: string;
  readonly cache?: string;
  readonly draft?: string;
  readonly method?: readonly string[];
}

type Chosen = Pick<GenerateOptions, "images" | "cache" | "draft">;

const QUARTER: Budget = { keepRatio: 0.25 };

export async function chosenMethods(
  flags: MethodFlags,
  { cwd, err }: Pick<Io, "cwd" | "err">,
): Promise<Chosen> {
  const chosen: { -readonly [K in keyof Chosen]: Chosen[K] } = {};
  const unread: Unread = (name, key) => err.write(`warning: ${name} never looked at '${key}'\n`);
  if (flags.images !== undefined) chosen.images = imageMethod(parseSpec(flags.images), unread);
  if (flags.cache !== undefined) chosen.cache = cacheMethod(parseSpec(flags.cache), unread);
  if (flags.draft !== undefined) chosen.draft = draftMethod(parseSpec(flags.draft), unread);
  for (const text of flags.method ?? []) {
    const spec = parseSpec(text);
    const { budget, rest } = takeBudget(spec, QUARTER);
    const { kind, make } = await loadPlugin(spec.name, cwd);
    if (chosen[kind]) throw usage(`--method ${spec.name}: --${kind} is set already`);
    const method = make(budget);
    if (kind === "images") chosen.images = method as TokenMethod;
    else if (kind === "cache") chosen.cache = policyOf(spec.name, method as Scorer, budget, rest);
    else chosen.draft = { drafter: method as Drafter, verifier: sampleAndMatch() };
  }
  return chosen;
}

export function imageMethod(spec: MethodSpec, unread: Unread): TokenMethod {
  const { budget, rest } = takeBudget(spec, QUARTER);
  const { positions = "official", ...own } = rest;
  const method = making(spec.name, { ...own, budget }, unread, find("images", spec.name).make);
  if (positions === "official") return method;
  if (positions === "keep") return keepPositions(method);
  throw usage(`${spec.name}: positions is official (the method's own) or keep`);
}

export function cacheMethod(spec: MethodSpec, unread: Unread): CachePolicy {
  const { budget, rest } = takeBudget(spec, QUARTER);
  const { policy, own } = splitPolicy(rest);
  const scorer = making(spec.name, own, unread, find("cache", spec.name).make);
  return policyOf(spec.name, scorer, budget, policy);
}

function draftMethod(
  { name, options }: MethodSpec,
  unread: Unread,
): NonNullable<GenerateOptions["draft"]> {
  const { verifier, ...own } = options;
  const drafter = making(name, own, unread, find("draft", name).make);
  return {
    drafter,
    verifier: verifier === undefined ? sampleAndMatch() : find("verifier", String(verifier)).make(),
  };
}

type Unread = (name: string, key: string) => void;

/** Makes a method and tells of the options that it did not read: they are most likely misspelled. */
function making<T>(
  name: string,
  options: Options,
  unread: Unread,
  make: (options: Options) => T,
): T {
  const rest = new Set(Object.keys(options));
  const made = make(
    new Proxy(options, {
      get(target, key) {
        rest.delete(String(key));
        return Reflect.get(target, key);
      },
    }),
  );
  for (const key of rest) unread(name, key);
  return made;
}

const POLICY_KEYS = ["allocator", "reducer", "positions", "interval", "sinks", "recent"];

function splitPolicy(options: MethodSpec["options"]) {
  const isPolicy = ([key]: [string, unknown]): boolean => POLICY_KEYS.includes(key);
  const all = Object.entries(options);
  return {
    policy: Object.fromEntries(all.filter(isPolicy)),
    own: Object.fromEntries(all.filter((entry) => !isPolicy(entry))),
  };
}

export function policyOf(
  where: string,
  scorer: Scorer,
  budget: Budget,
  options: MethodSpec["options"],
): CachePolicy {
  const { policy, own } = splitPolicy(options);
  const unknown = Object.keys(own);
  if (unknown.length > 0) throw usage(`${where}: no option is called '${unknown[0]}'`);
  const { allocator, reducer, positions, ...numbers } = policy;
  return compress({
    scorer,
    budget,
    ...(allocator === undefined ? {} : { allocator: find("allocator", String(allocator)).make() }),
    ...(reducer === undefined ? {} : { reducer: find("reducer", String(reducer)).make() }),
    ...(positions === undefined ? {} : { positions: positions as CachePolicy["positions"] }),
    ...(numbers as Partial<Pick<CachePolicy, "interval" | "sinks" | "recent">>),
  });
}
