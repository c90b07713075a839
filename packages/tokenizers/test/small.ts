/** Small tokenizer files for tests, made anew for each call so that a test may change them. */
import { byteCharacters } from "../src/text/byte-characters.js";

/** What a test may replace in a file. */
export type File = Record<string, unknown> & { model: Record<string, unknown> };

const added = (id: number, content: string, flags: object = {}) => ({
  id,
  content,
  single_word: false,
  lstrip: false,
  rstrip: false,
  normalized: false,
  special: true,
  ...flags,
});

/** All 256 bytes, six merges, the split and the byte alphabet of GPT-2, `<s>` and `</s>` around a text. */
export function byteLevelFile(): File {
  const vocab: Record<string, number> = {};
  for (const code of byteCharacters()) vocab[String.fromCharCode(code)] = Object.keys(vocab).length;
  const merges = ["h e", "l l", "he ll", "hell o", "Ġ w", "Ã ©"];
  for (const merge of merges) vocab[merge.replace(" ", "")] = Object.keys(vocab).length;
  const [bos, eos] = [262, 263];
  const special = (id: string) => ({ SpecialToken: { id, type_id: 0 } });
  return {
    version: "1.0",
    truncation: null,
    padding: null,
    added_tokens: [added(bos, "<s>"), added(eos, "</s>")],
    normalizer: null,
    pre_tokenizer: {
      type: "ByteLevel",
      add_prefix_space: false,
      trim_offsets: true,
      use_regex: true,
    },
    post_processor: {
      type: "TemplateProcessing",
      single: [special("<s>"), { Sequence: { id: "A", type_id: 0 } }, special("</s>")],
      pair: [],
      special_tokens: {
        "<s>": { id: "<s>", ids: [bos], tokens: ["<s>"] },
        "</s>": { id: "</s>", ids: [eos], tokens: ["</s>"] },
      },
    },
    decoder: { type: "ByteLevel" },
    model: { type: "BPE", vocab, merges },
  };
}

/** Characters, `▁` for spaces, all byte tokens: the form of Llama 2. */
export function characterFile(): File {
  const vocab: Record<string, number> = { "<unk>": 0 };
  for (let byte = 0; byte < 256; byte++)
    vocab[`<0x${byte.toString(16).toUpperCase().padStart(2, "0")}>`] = byte + 1;
  for (const token of ["▁", "a", "b", "é", "▁a", "ab", "▁ab"])
    vocab[token] = Object.keys(vocab).length;
  return {
    version: "1.0",
    added_tokens: [added(0, "<unk>"), added(264, "<m>", { lstrip: true, rstrip: true })],
    normalizer: {
      type: "Sequence",
      normalizers: [
        { type: "Prepend", prepend: "▁" },
        { type: "Replace", pattern: { String: " " }, content: "▁" },
      ],
    },
    pre_tokenizer: null,
    post_processor: null,
    decoder: {
      type: "Sequence",
      decoders: [
        { type: "Replace", pattern: { String: "▁" }, content: " " },
        { type: "ByteFallback" },
        { type: "Fuse" },
        { type: "Strip", content: " ", start: 1, stop: 0 },
      ],
    },
    model: {
      type: "BPE",
      unk_token: "<unk>",
      fuse_unk: true,
      byte_fallback: true,
      vocab,
      merges: [
        ["▁", "a"],
        ["a", "b"],
        ["▁a", "b"],
      ],
    },
  };
}
