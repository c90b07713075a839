/** A subject that says what a table says: characters are tokens, a picture is 16 of them, so that every cost is known. */
import { floats } from "@frugal/tensor";
import type {
  CacheMethod,
  ImageMethod,
  Subject,
  SubjectCache,
  SubjectGenerateOptions,
  SubjectPiece,
  SubjectPrefix,
  SubjectPrefixOptions,
  SubjectPrompt,
  SubjectReport,
} from "../src/types.js";

export const END = 0;
export const IMAGE = 1;
const USER = 2;
const ASSISTANT = 3;
export const PICTURE_TOKENS = 16;
const VOCABULARY = 128;

/** Keeps so many tokens; the answers of the fake hang on it. */
export interface FakeImages extends ImageMethod {
  readonly keeps: number;
}
export interface FakeCache extends CacheMethod {
  readonly keeps: number;
}
export const fakeCache = (name: string, keeps: number): FakeCache => ({
  keeps,
  scorer: { name, needs: () => ({}) },
});

class FakeCacheState implements SubjectCache {
  readonly tokens: number[];
  readonly counter: { open: number };
  kept: number | undefined;
  isDisposed = false;

  constructor(counter: { open: number }, tokens: readonly number[] = []) {
    this.tokens = [...tokens];
    this.counter = counter;
    counter.open++;
  }

  nextPosition(): number {
    return this.tokens.length;
  }

  length(): number {
    return this.kept ?? this.tokens.length;
  }

  byteLength(): number {
    return this.length() * 4;
  }

  fork(): FakeCacheState {
    const copy = new FakeCacheState(this.counter, this.tokens);
    copy.kept = this.kept;
    return copy;
  }

  dispose(): void {
    if (!this.isDisposed) this.counter.open--;
    this.isDisposed = true;
  }
}

/** What a text goes on with: a whole text from its beginning. `imageTokens` and `kept` are what was left. */
export type Script = (text: string, left: { imageTokens: number; kept: number }) => string;

export interface FakeSubject extends Subject {
  /** Caches that were not disposed. */
  readonly open: () => number;
}

const show = (id: number): string =>
  id === USER ? "<user>" : id === ASSISTANT ? "<assistant>" : id < 4 ? "" : String.fromCharCode(id);

export function fakeSubject(script: Script): FakeSubject {
  const counter = { open: 0 };
  const textOf = (tokens: readonly number[]): string => tokens.map(show).join("");

  const nextOf = (cache: FakeCacheState): number => {
    const imageTokens = cache.tokens.filter((id) => id === IMAGE).length;
    const text = textOf(cache.tokens);
    const whole = script(text, { imageTokens, kept: cache.length() });
    if (!whole.startsWith(text) || whole.length === text.length) return END;
    return whole.charCodeAt(text.length);
  };

  const logitsOf = (cache: FakeCacheState): Float32Array => {
    const logits = new Float32Array(VOCABULARY);
    logits[nextOf(cache)] = 10;
    return logits;
  };

  const fill = (prompt: SubjectPrompt, method: ImageMethod | undefined): FakeCacheState => {
    const ids =
      typeof prompt === "string" ? [...subject.tokenizer.encode(prompt)] : [...prompt.ids];
    const kept = (method as FakeImages | undefined)?.keeps ?? PICTURE_TOKENS;
    return new FakeCacheState(
      counter,
      ids.flatMap((id) => (id === IMAGE ? Array<number>(kept).fill(IMAGE) : [id])),
    );
  };

  async function* write(
    cache: FakeCacheState,
    { maxTokens = 128, stop = [], ignoreEndToken, cache: policy, draft }: SubjectGenerateOptions,
  ): AsyncGenerator<SubjectPiece, void, void> {
    const promptTokens = cache.tokens.length;
    const slotsBefore = cache.length() * 2;
    if (policy) cache.kept = (policy as FakeCache).keeps;
    const compressions = policy ? [{ slotsBefore, slotsAfter: cache.length() * 2 }] : [];
    const tokenIds: number[] = [];
    let said = "";
    while (tokenIds.length < maxTokens) {
      const next = nextOf(cache);
      if (next === END && !ignoreEndToken) break;
      tokenIds.push(next);
      cache.tokens.push(next);
      said += show(next);
      if (stop.some((text) => said.includes(text))) {
        said = said.slice(0, said.indexOf(stop[0]!));
        break;
      }
    }
    cache.dispose();
    const newTokens = tokenIds.length;
    const steps = draft ? Math.ceil((newTokens - 1) / 2) : Math.max(0, newTokens - 1);
    const report: SubjectReport = {
      promptTokens,
      newTokens,
      steps,
      drafted: draft ? 2 * steps : 0,
      accepted: draft ? newTokens - 1 - steps : 0,
      cacheBytes: 4,
      prefillMs: 1,
      decodeMs: 1,
      compressions,
    };
    yield { text: said, tokenIds, report };
  }

  const prefixOf = (cache: FakeCacheState, promptTokens: number): SubjectPrefix => ({
    cache,
    logits: logitsOf(cache),
    facts: { promptTokens, fullPromptTokens: promptTokens },
    generate: (options = {}) => write(cache.fork(), options),
    async compress(method) {
      cache.kept = (method as FakeCache).keeps;
    },
    dispose: () => cache.dispose(),
  });

  const subject: FakeSubject = {
    name: "fake",
    shape: {
      decoder: {
        layerCount: 1,
        queryHeadCount: 2,
        kvHeadCount: 2,
        headWidth: 2,
        width: 4,
        vocabularySize: VOCABULARY,
      },
    },
    maxPositions: 4096,
    endTokenIds: [END],
    imageTokenId: IMAGE,
    open: () => counter.open,
    tokenizer: {
      specialIds: {},
      encode: (text) =>
        Uint32Array.from(text.match(/<user>|<assistant>|<image>|[\s\S]/g) ?? [], (part) => {
          if (part === "<user>") return USER;
          if (part === "<assistant>") return ASSISTANT;
          return part === "<image>" ? IMAGE : part.charCodeAt(0) % VOCABULARY;
        }),
      decode: (ids) => Array.from(ids, show).join(""),
      renderChat: (messages) =>
        messages
          .map(({ role, content }) =>
            typeof content === "string"
              ? `<${role}>${content}`
              : `<image><${role}>${content.map(({ text = "" }) => text).join("")}`,
          )
          .join("")
          .concat("<assistant>"),
    },
    newCache: () => new FakeCacheState(counter),
    async step({ rows, logits }) {
      const outputs = rows.map(({ cache, tokens = new Uint32Array(0) }) => {
        const state = cache as FakeCacheState;
        const out: Float32Array[] = [];
        for (const token of tokens) {
          state.tokens.push(token);
          out.push(logitsOf(state));
        }
        const wanted = logits === "all" ? out : out.slice(-1);
        const data = new Float32Array(wanted.length * VOCABULARY);
        for (const [i, row] of wanted.entries()) data.set(row, i * VOCABULARY);
        return floats([wanted.length, VOCABULARY], data);
      });
      return { logits: outputs };
    },
    async prefill(prompt: SubjectPrompt, options: SubjectPrefixOptions = {}) {
      const cache = fill(prompt, options.images);
      return prefixOf(cache, cache.tokens.length);
    },
    generate: (prompt, options = {}) => write(fill(prompt, undefined), options),
  };
  return subject;
}
