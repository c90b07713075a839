/**
 * Reads a template: which tokens stand around one text and around two.
 *
 * Errors   FormatError, CapabilityError with the field's path
 */
import * as read from "../formats/fields.js";
import { ID_LIMIT, TEMPLATE_LENGTH_LIMIT } from "../limits.js";
import type { PostPiece, PostStep } from "./build.js";

/** Groups of pieces: what a processor sees as one encoding each. */
export type Groups = readonly (readonly PostPiece[])[];

export function readTemplate(from: read.Fields): PostStep {
  read.only(from, "type", "single", "pair", "special_tokens");
  const specials = specialTokens(from);
  const single = readPieces(from, "single", specials);
  const pair = readPieces(from, "pair", specials);
  const texts = single.filter((piece) => piece.text === 0).length;
  if (texts !== 1) throw read.invalid(`${from.path}.single`, `holds the text ${texts} times`);
  if (single.some((piece) => piece.text === 1))
    throw read.invalid(`${from.path}.single`, "names a second text in the template for one");
  return (groups, addSpecialTokens) => {
    if (groups.length > 2)
      throw read.unsupported(`${from.path} behind a processor that makes more than two parts`);
    return (groups.length === 1 ? single : pair)
      .filter((piece) => piece.text >= 0 || addSpecialTokens)
      .map((piece) =>
        piece.text < 0
          ? [piece]
          : groups[piece.text]!.map((inner) => ({ ...inner, typeId: piece.typeId })),
      );
  };
}

function readPieces(
  from: read.Fields,
  key: string,
  specials: ReadonlyMap<string, readonly number[]>,
): PostPiece[] {
  let length = 0;
  return read.list(from, key, TEMPLATE_LENGTH_LIMIT).map((entry, i): PostPiece => {
    const piece = read.fields(entry, `${from.path}.${key}[${i}]`);
    read.only(piece, "Sequence", "SpecialToken");
    const sequence = read.optionalFields(piece, "Sequence");
    if (sequence !== undefined) {
      const text = read.oneOf(sequence, "id", ["A", "B"]) === "A" ? 0 : 1;
      return { text, ids: [], typeId: read.whole(sequence, "type_id", 2 ** 32, 0) };
    }
    const special = read.fields(read.raw(piece, "SpecialToken"), `${piece.path}.SpecialToken`);
    const name = read.string(special, "id");
    const ids = specials.get(name);
    if (ids === undefined)
      throw read.invalid(special.path, `names ${JSON.stringify(name)}, which special_tokens lacks`);
    length += ids.length;
    if (length > TEMPLATE_LENGTH_LIMIT)
      throw read.invalid(`${from.path}.${key}`, "adds too many tokens");
    return { text: -1, ids, typeId: read.whole(special, "type_id", 2 ** 32, 0) };
  });
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
