/**
 * Makes a post-processor from its JSON: every type of Hugging Face tokenizers.
 *
 * Shapes   a plan: the pieces of an encoded input in order, texts and added tokens, for one text or two
 * Differs  a template over more parts than two (behind another processor) is refused; the original ends the program
 * Errors   FormatError, CapabilityError with the field's path
 */
import * as read from "../formats/fields.js";
import { COMPONENT_LIMIT, ID_LIMIT, NESTING_LIMIT } from "../limits.js";
import { type Groups, readTemplate } from "./template.js";

/** One of the texts, or tokens that are added. */
export interface PostPiece {
  /** 0: the first text, 1: the second; -1: `ids`. */
  readonly text: -1 | 0 | 1;
  readonly ids: readonly number[];
  readonly typeId: number;
}

export interface PostProcessor {
  /** By number of texts, with the tokens that it adds and without. */
  readonly single: { readonly full: readonly PostPiece[]; readonly bare: readonly PostPiece[] };
  readonly pair: { readonly full: readonly PostPiece[]; readonly bare: readonly PostPiece[] };
  /** For each trimming of spans: whether one leading space is left at the front. */
  readonly trims: readonly boolean[];
}

/** What one processor does to the groups of pieces. */
export type PostStep = (groups: Groups, addSpecialTokens: boolean) => Groups;

export function buildPostProcessor(from: read.Fields | undefined): PostProcessor {
  const steps: PostStep[] = [];
  const trims: boolean[] = [];
  if (from !== undefined) addSteps(from, steps, trims, 0);
  const plan = (texts: 1 | 2, addSpecialTokens: boolean): readonly PostPiece[] => {
    const start: Groups = Array.from({ length: texts }, (_, i) => [
      { text: i as 0 | 1, ids: [], typeId: i },
    ]);
    return steps.reduce((groups, step) => step(groups, addSpecialTokens), start).flat();
  };
  const plans = (texts: 1 | 2) => ({ full: plan(texts, true), bare: plan(texts, false) });
  return { single: plans(1), pair: plans(2), trims };
}

function addSteps(from: read.Fields, steps: PostStep[], trims: boolean[], depth: number): void {
  const type = read.string(from, "type");
  switch (type) {
    case "ByteLevel":
      read.only(from, "type", "add_prefix_space", "trim_offsets", "use_regex");
      read.boolean(from, "use_regex", true); // acts in the pre-tokenizer only
      addTrim(from, trims);
      return;
    case "TemplateProcessing":
      steps.push(readTemplate(from));
      return;
    case "BertProcessing":
      read.only(from, "type", "sep", "cls");
      steps.push(bert(tokenId(from, "cls"), tokenId(from, "sep")));
      return;
    case "RobertaProcessing":
      read.only(from, "type", "sep", "cls", "trim_offsets", "add_prefix_space");
      addTrim(from, trims);
      steps.push(roberta(tokenId(from, "cls"), tokenId(from, "sep")));
      return;
    case "Sequence":
      read.only(from, "type", "processors");
      if (depth >= NESTING_LIMIT) throw read.invalid(from.path, "is nested too deep");
      read.list(from, "processors", COMPONENT_LIMIT).forEach((step, i) => {
        const fields = read.fields(step, `${from.path}.processors[${i}]`);
        addSteps(fields, steps, trims, depth + 1);
      });
      return;
    default:
      throw read.unsupported(`${from.path} of type ${JSON.stringify(type)}`);
  }
}

function addTrim(from: read.Fields, trims: boolean[]): void {
  const prefixSpace = read.boolean(from, "add_prefix_space", true);
  if (read.boolean(from, "trim_offsets", true)) trims.push(prefixSpace);
}

/** `["[SEP]", 102]`. */
function tokenId(from: read.Fields, key: string): number {
  const value = read.raw(from, key);
  if (!Array.isArray(value) || value.length !== 2 || typeof value[0] !== "string")
    throw read.wrong(read.at(from, key), "a token and its id", value);
  return read.wholeNumber(value[1], `${read.at(from, key)}[1]`, ID_LIMIT);
}

const added = (id: number, typeId: number): PostPiece => ({ text: -1, ids: [id], typeId });

const bert =
  (cls: number, sep: number): PostStep =>
  (groups, addSpecialTokens) =>
    addSpecialTokens
      ? groups.map((group, i) =>
          i === 0 ? [added(cls, 0), ...group, added(sep, 0)] : [...group, added(sep, 1)],
        )
      : groups;

/** Every type id is 0. */
const roberta =
  (cls: number, sep: number): PostStep =>
  (groups, addSpecialTokens) =>
    groups.map((group, i) => {
      const zeroed = group.map((piece) => ({ ...piece, typeId: 0 }));
      if (!addSpecialTokens) return zeroed;
      return [added(i === 0 ? cls : sep, 0), ...zeroed, added(sep, 0)];
    });
