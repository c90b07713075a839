import { describe, expect, it } from "vitest";
import { byteLevelFile, characterFile } from "../test/small.js";
import { loadTokenizer } from "./index.js";

const PLAIN = { addSpecialTokens: false } as const;
const text = JSON.stringify(byteLevelFile());

describe("loadTokenizer", () => {
  it("reads text, bytes and objects alike", async () => {
    const sources = [text, new TextEncoder().encode(text), byteLevelFile()];
    for (const source of sources) {
      const tokenizer = await loadTokenizer(source);
      expect([...tokenizer.encode("hello é")]).toEqual([262, 259, 32, 261, 263]);
      expect(tokenizer.vocabularySize).toBe(264);
      expect(tokenizer.specialIds).toEqual({ all: [262, 263] });
    }
  });

  it("names the tokens with a role from the configuration", async () => {
    const config = { bos_token: "<s>", eos_token: { content: "</s>" }, pad_token: null };
    const { specialIds } = await loadTokenizer(text, { config });
    expect(specialIds).toEqual({ bos: 262, eos: 263, all: [262, 263] });
  });

  it("stops when it is told to", async () => {
    const signal = AbortSignal.abort(new Error("stopped"));
    await expect(loadTokenizer(text, { signal })).rejects.toThrow("stopped");
  });

  it("gives added tokens the next free id, whatever the file says", async () => {
    const file = { ...byteLevelFile(), post_processor: null };
    const entry = { id: 900, content: "<x>", special: false };
    const tokenizer = await loadTokenizer({ ...file, added_tokens: [entry] });
    expect([...tokenizer.encode("a<x>", PLAIN)]).toEqual([97, 262]);
  });
});

describe("encode", () => {
  it("gives offsets in UTF-16 units, whole characters for parts of one", async () => {
    const tokenizer = await loadTokenizer(byteLevelFile());
    const { ids, offsets } = tokenizer.encodeWithOffsets("é 😀", PLAIN);
    expect([...ids].map((id) => tokenizer.idToToken(id))).toEqual(["Ã©", "Ġ", "ð", "Ł", "ĺ", "Ģ"]);
    expect([...offsets]).toEqual([0, 1, 1, 2, 2, 4, 2, 4, 2, 4, 2, 4]);
    expect([...tokenizer.encodeWithOffsets("a").offsets]).toEqual([0, 0, 0, 1, 0, 0]);
  });

  it("trims offsets where the post-processor says so", async () => {
    const post_processor = { type: "ByteLevel", add_prefix_space: false, trim_offsets: true };
    const tokenizer = await loadTokenizer({ ...byteLevelFile(), post_processor });
    expect([...tokenizer.encodeWithOffsets("a w").offsets]).toEqual([0, 1, 2, 3]);
  });

  it("falls back to bytes, strips around an added token, puts ▁ before each part", async () => {
    const tokenizer = await loadTokenizer(characterFile());
    const { ids, offsets } = tokenizer.encodeWithOffsets("ab ü  <m> b");
    const tokens = [...ids].map((id) => tokenizer.idToToken(id));
    expect(tokens).toEqual(["▁ab", "▁", "<0xC3>", "<0xBC>", "<m>", "▁", "b"]);
    expect([...offsets]).toEqual([0, 2, 2, 3, 3, 4, 3, 4, 4, 10, 10, 11, 10, 11]);
    expect(tokenizer.decode(ids)).toBe("ab ü<m> b");
  });

  it("takes a whole piece that is a token where merges are ignored", async () => {
    const file = byteLevelFile();
    const model = { ...file.model, merges: ["h e"], ignore_merges: true };
    const tokenizer = await loadTokenizer({ ...file, model });
    expect([...tokenizer.encode("hello he", PLAIN)]).toEqual([259, 32, 256]);
  });

  it("reads special tokens as text when asked", async () => {
    const tokenizer = await loadTokenizer(byteLevelFile());
    expect([...tokenizer.encode("<s>", PLAIN)]).toEqual([262]);
    const asText = tokenizer.encode("<s>", { ...PLAIN, specialTokensAsText: true });
    expect(asText).toHaveLength(3);
    expect(tokenizer.decode(asText)).toBe("<s>");
  });

  it("refuses what is no string", async () => {
    const tokenizer = await loadTokenizer(byteLevelFile());
    expect(() => tokenizer.encode(5 as never)).toThrow(/must be a string/);
  });
});

describe("renderChat", () => {
  const messages = [
    { role: "user", content: "hi" },
    { role: "assistant", content: [{ type: "text", text: "yo" }] },
  ];
  const rendered = async (chat_template: unknown, options = {}): Promise<string> => {
    const config = { bos_token: "<s>", chat_template };
    const tokenizer = await loadTokenizer(text, { config: JSON.stringify(config) });
    return tokenizer.renderChat(messages, options);
  };

  it("gives a template messages, roles, the prompt flag and variables", async () => {
    const template =
      "{{ bos_token }}{% for m in messages %}{{ m.role }}:{% if m.content is string %}{{ m.content }}" +
      "{% else %}{{ m.content[0].text }}{% endif %} {% endfor %}" +
      "{% if add_generation_prompt %}>{% endif %}{{ name }}";
    expect(await rendered(template, { variables: { name: "!" } })).toBe(
      "<s>user:hi assistant:yo !",
    );
    expect(await rendered(template, { addGenerationPrompt: true })).toBe(
      "<s>user:hi assistant:yo >",
    );
  });

  it("chooses among several templates by name", async () => {
    const several = [
      { name: "default", template: "d" },
      { name: "rag", template: "r" },
    ];
    expect(await rendered(several)).toBe("d");
    expect(await rendered(several, { template: "rag" })).toBe("r");
    await expect(rendered(several, { template: "none" })).rejects.toThrow(/default, rag/);
  });

  it("reports a template that does not parse, and one that refuses the messages", async () => {
    await expect(rendered("{% if %}")).rejects.toThrow(/chat_template does not parse/);
    await expect(rendered("{{ raise_exception('no') }}")).rejects.toThrow(/no/);
    await expect(rendered("{% for i in range(1000000000) %}{% endfor %}")).rejects.toThrow(/range/);
  });

  it("needs a template, and messages", async () => {
    const bare = await loadTokenizer(text);
    expect(() => bare.renderChat(messages)).toThrow(/tokenizer_config\.json/);
    const config = { chat_template: "x" };
    const tokenizer = await loadTokenizer(text, { config });
    expect(() => tokenizer.renderChat([{ role: "user" } as never])).toThrow(/content/);
  });
});

describe("ids with gaps", () => {
  it("far apart are kept", async () => {
    const file = byteLevelFile();
    const vocab = { ...(file.model.vocab as object), zz: 4_000_000 };
    const tokenizer = await loadTokenizer({ ...file, model: { ...file.model, vocab } });
    expect(tokenizer.idToToken(4_000_000)).toBe("zz");
    expect(tokenizer.decode([4_000_000, 97, 3_000_000])).toBe("zza");
  });

  it("that an added token would fall on are refused", async () => {
    const file = byteLevelFile();
    const vocab = { ...(file.model.vocab as object), zz: 263 };
    const added_tokens = [{ id: 262, content: "<s>" }];
    const gapped = { ...file, added_tokens, post_processor: null, model: { ...file.model, vocab } };
    await expect(loadTokenizer(gapped)).rejects.toThrow(/added_tokens\[0\].*263/);
  });
});
