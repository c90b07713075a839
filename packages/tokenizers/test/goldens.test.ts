import { describe, expect, it } from "vitest";
import type { ChatMessage } from "../src/index.js";
import { coreCases, loadModel } from "./models.js";

describe("golden cases of the reference models", () => {
  it.each(coreCases("encode").map((entry) => [entry.id, entry] as const))(
    "%s",
    async (_, entry) => {
      const tokenizer = await loadModel(entry.inputs.model as string);
      const text = entry.inputs.text as string;
      const { ids, offsets } = tokenizer.encodeWithOffsets(text, entry.params);
      expect([...ids]).toEqual(entry.expect.ids);
      expect([...offsets]).toEqual(entry.expect.offsets);
      expect(tokenizer.decode(ids)).toBe(entry.expect.decoded);
      expect(tokenizer.encode(text, entry.params)).toEqual(ids);
      expect(tokenizer.count(text, entry.params)).toBe(ids.length);
    },
  );

  it.each(coreCases("chat-template").map((entry) => [entry.id, entry] as const))(
    "%s",
    async (_, entry) => {
      const tokenizer = await loadModel(entry.inputs.model as string);
      const messages = entry.inputs.messages as ChatMessage[];
      const text = tokenizer.renderChat(messages, entry.params);
      expect(text).toBe(entry.expect.text);
      // The model reads each <image> as 256 image tokens.
      const image = tokenizer.tokenToId("<image>");
      const ids = [...tokenizer.encode(text, { addSpecialTokens: false })].flatMap((id) =>
        id === image ? Array<number>(256).fill(id) : [id],
      );
      expect(ids).toEqual(entry.expect.ids);
    },
  );
});
