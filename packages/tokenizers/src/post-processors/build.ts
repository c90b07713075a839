/**
 * Makes a post-processor from its JSON: ByteLevel, TemplateProcessing, Sequence.
 *
 * Shapes   the ids before and behind a single text; the last of several templates holds the inner ones
 * Differs  the pair template is checked but not used: `encode` takes one text
 * Errors   FormatError, CapabilityError with the field's path
 */
import * as read from "../formats/fields.js";
import { COMPONENT_LIMIT, ID_LIMIT, NESTING_LIMIT, TEMPLATE_LENGTH_LIMIT } from "../limits.js";

/** What is done to an encoded text, in order. */
export type PostStep =
  | {
      readonly kind: "template";
      readonly before: readonly number[];
      readonly after: readonly number[];
    }
  /** Takes the whitespace at the ends of a token out of its span. */
  | { readonly kind: "trim"; readonly prefixSpace: boolean };

export function buildPostProcessor(from: read.Fields, depth = 0): PostStep[] {
  const type = read.string(from, "type");
  switch (type) {
    case "ByteLevel":
      return byteLevel(from);
    case "TemplateProcessing":
      return [template(from)];
    case "Sequence":
      return sequence(from, depth);
    default:
      throw read.unsupported(`${from.path} of type ${JSON.stringify(type)}`);
  }
}

function sequence(from: read.Fields, depth: number): PostStep[] {
  read.only(from, "type", "processors");
  if (depth >= NESTING_LIMIT) throw read.invalid(from.path, "is nested too deep");
  return read
    .list(from, "processors", COMPONENT_LIMIT)
    .flatMap((step, i) =>
      buildPostProcessor(read.fields(step, `${from.path}.processors[${i}]`), depth + 1),
    );
}

function byteLevel(from: read.Fields): PostStep[] {
  read.only(from, "type", "add_prefix_space", "trim_offsets", "use_regex");
  read.boolean(from, "use_regex", true); // acts in the pre-tokenizer only
  const prefixSpace = read.boolean(from, "add_prefix_space", true);
  return read.boolean(from, "trim_offsets", true) ? [{ kind: "trim", prefixSpace }] : [];
}

function template(from: read.Fields): PostStep {
  read.only(from, "type", "single", "pair", "special_tokens");
  const specials = specialTokens(from);
  const before: number[] = [];
  const after: number[] = [];
  let texts = 0;
  read.list(from, "single", TEMPLATE_LENGTH_LIMIT).forEach((piece, i) => {
    const fields = read.fields(piece, `${from.path}.single[${i}]`);
    read.only(fields, "Sequence", "SpecialToken");
    const sequencePart = read.optionalFields(fields, "Sequence");
    if (sequencePart !== undefined) {
      if (read.oneOf(sequencePart, "id", ["A", "B"]) === "B")
        throw read.invalid(fields.path, "names a second text in the template for one");
      texts++;
      return;
    }
    const special = read.fields(read.raw(fields, "SpecialToken"), `${fields.path}.SpecialToken`);
    const name = read.string(special, "id");
    const ids = specials.get(name) ?? unknownSpecial(special.path, name);
    (texts === 0 ? before : after).push(...ids);
  });
  if (texts !== 1) throw read.invalid(`${from.path}.single`, `holds the text ${texts} times`);
  if (before.length + after.length > TEMPLATE_LENGTH_LIMIT)
    throw read.invalid(`${from.path}.single`, "adds too many tokens");
  read.list(from, "pair", TEMPLATE_LENGTH_LIMIT);
  return { kind: "template", before, after };
}

function unknownSpecial(path: string, name: string): never {
  throw read.invalid(path, `names ${JSON.stringify(name)}, which special_tokens lacks`);
}

function specialTokens(from: read.Fields): Map<string, readonly number[]> {
  const specials = new Map<string, readonly number[]>();
  const { value, path } = read.fields(
    read.raw(from, "special_tokens"),
    `${from.path}.special_tokens`,
  );
  for (const name of Object.keys(value)) {
    const entry = read.fields(value[name], `${path}[${JSON.stringify(name)}]`);
    read.only(entry, "id", "ids", "tokens");
    const ids = read
      .list(entry, "ids", TEMPLATE_LENGTH_LIMIT)
      .map((id, i) => read.wholeNumber(id, `${entry.path}.ids[${i}]`, ID_LIMIT));
    specials.set(name, ids);
  }
  return specials;
}
