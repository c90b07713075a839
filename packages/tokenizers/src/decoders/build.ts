/**
 * Makes a decoder from its JSON: every type of Hugging Face tokenizers. None: tokens joined by spaces.
 *
 * Errors   FormatError, CapabilityError with the field's path
 */
import * as read from "../formats/fields.js";
import { COMPONENT_LIMIT, NESTING_LIMIT, REPLACEMENT_LENGTH_LIMIT } from "../limits.js";
import { type Matcher, matcherOf } from "../regex/matcher.js";
import { byteFallbackStage, byteLevelStage } from "./bytes.js";
import { type CtcOptions, ctcStage } from "./ctc.js";
import { metaspaceStage } from "./metaspace.js";
import { replaceJoined, replaceToken } from "./replace.js";
import { onWhole, perToken, type Stage, type StageKind } from "./stage.js";
import { stripJoined, stripToken } from "./strip.js";
import { suffixStage } from "./suffix.js";
import { wordPieceStage } from "./word-piece.js";

/** The stages in order. */
export function buildDecoder(from: read.Fields | undefined): readonly StageKind[] {
  if (from === undefined) return [spacedStage];
  const stages: StageKind[] = [];
  addStages(from, stages, 0);
  return stages;
}

const spacedStage: StageKind = {
  joins: true,
  make: () => {
    let first = true;
    return {
      push(token, emit) {
        emit(first ? token : ` ${token}`);
        first = false;
      },
      end: () => {
        first = true;
      },
    };
  },
};

const fuseStage: StageKind = {
  joins: true,
  make: () => ({ push: (token, emit) => emit(token), end: () => undefined }),
};

function addStages(from: read.Fields, stages: StageKind[], depth: number): void {
  const joined = stages.some((stage) => stage.joins);
  const type = read.string(from, "type");
  switch (type) {
    case "ByteLevel":
      read.only(from, "type", "add_prefix_space", "trim_offsets", "use_regex");
      stages.push(byteLevelStage);
      return;
    case "ByteFallback":
      read.only(from, "type");
      // One joined token is a byte only if it is the whole text.
      stages.push(joined ? onWhole(decodedAlone) : byteFallbackStage);
      return;
    case "Fuse":
      read.only(from, "type");
      stages.push(fuseStage);
      return;
    case "Replace":
      stages.push(replacement(from, joined));
      return;
    case "Strip":
      stages.push(strip(from, joined));
      return;
    case "WordPiece":
      stages.push(wordPiece(from, joined));
      return;
    case "Metaspace":
      stages.push(metaspace(from, joined));
      return;
    case "BPEDecoder":
      read.only(from, "type", "suffix");
      stages.push(suffixStage(text(from, "suffix", "</w>"), joined));
      return;
    case "CTC":
      stages.push(ctc(from, joined));
      return;
    case "Sequence":
      sequence(from, stages, depth);
      return;
    default:
      throw read.unsupported(`${from.path} of type ${JSON.stringify(type)}`);
  }
}

function sequence(from: read.Fields, stages: StageKind[], depth: number): void {
  read.only(from, "type", "decoders");
  if (depth >= NESTING_LIMIT) throw read.invalid(from.path, "is nested too deep");
  read.list(from, "decoders", COMPONENT_LIMIT).forEach((step, i) => {
    addStages(read.fields(step, `${from.path}.decoders[${i}]`), stages, depth + 1);
  });
}

function replacement(from: read.Fields, joined: boolean): StageKind {
  read.only(from, "type", "pattern", "content");
  const pattern = read.pattern(from, "pattern");
  const matcher: Matcher = matcherOf(pattern, read.at(from, "pattern"));
  const content = read.bounded(
    read.string(from, "content"),
    read.at(from, "content"),
    REPLACEMENT_LENGTH_LIMIT,
  );
  const change = (token: string): string => replaceToken(token, matcher, content);
  if (!joined) return perToken(change);
  return pattern.literal ? replaceJoined(pattern.source, content) : onWhole(change);
}

function strip(from: read.Fields, joined: boolean): StageKind {
  read.only(from, "type", "content", "start", "stop");
  const content = read.string(from, "content");
  if ([...content].length !== 1)
    throw read.wrong(read.at(from, "content"), "one character", content);
  const start = read.whole(from, "start", 1 << 16);
  const stop = read.whole(from, "stop", 1 << 16);
  return joined
    ? stripJoined(content, start, stop)
    : perToken((token) => stripToken(token, content, start, stop));
}

function text(from: read.Fields, key: string, fallback: string): string {
  return read.bounded(
    read.string(from, key, fallback),
    read.at(from, key),
    REPLACEMENT_LENGTH_LIMIT,
  );
}

function wordPiece(from: read.Fields, joined: boolean): StageKind {
  read.only(from, "type", "prefix", "cleanup");
  return wordPieceStage(text(from, "prefix", "##"), read.boolean(from, "cleanup", true), joined);
}

function metaspace(from: read.Fields, joined: boolean): StageKind {
  read.only(from, ..."type replacement prepend_scheme split add_prefix_space str_rep".split(" "));
  const mark = text(from, "replacement", "▁");
  if ([...mark].length !== 1) throw read.wrong(read.at(from, "replacement"), "one character", mark);
  const keepsFirst =
    read.raw(from, "prepend_scheme") === "never" || !read.boolean(from, "add_prefix_space", true);
  return metaspaceStage(mark, keepsFirst, joined);
}

function ctc(from: read.Fields, joined: boolean): StageKind {
  read.only(from, "type", "pad_token", "word_delimiter_token", "cleanup");
  const options: CtcOptions = {
    padToken: text(from, "pad_token", "<pad>"),
    wordDelimiter: text(from, "word_delimiter_token", "|"),
    cleanup: read.boolean(from, "cleanup", true),
  };
  return joined ? onWhole((whole) => alone(ctcStage(options), whole)) : ctcStage(options);
}

const decodedAlone = (whole: string): string => alone(byteFallbackStage, whole);

/** What a stage makes of a text that is one token. */
function alone(kind: StageKind, whole: string): string {
  const parts: string[] = [];
  const stage: Stage = kind.make(false);
  const emit = (token: string): void => void parts.push(token);
  stage.push(whole, emit);
  stage.end(emit);
  return parts.join("");
}
