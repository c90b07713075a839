/** A conversation feeds only what is new, and says the same as one that feeds everything. */
import { expect, test } from "vitest";
import { answer, load, write } from "./reference.js";

test("turns reuse the cache token by token", async () => {
  const model = await load("scenes");
  const chat = model.chat({ maxTokens: 12 });
  const picture = { width: 64, height: 64, data: new Uint8Array(64 * 64 * 3).fill(90) };
  const first = await write(chat.send("how many objects are there?", { pictures: [picture] }));
  expect(chat.reusedTokens).toBe(0);
  const second = await write(chat.send("is there a red star?"));
  expect(chat.reusedTokens).toBeGreaterThan(256);
  const messages = [
    {
      role: "user",
      content: [{ type: "image" }, { type: "text", text: "how many objects are there?" }],
    },
    { role: "assistant", content: first.text },
    { role: "user", content: "is there a red star?" },
  ];
  const whole = await answer(model, { messages, images: [picture] }, { maxTokens: 12 });
  expect(second.ids).toEqual(whole.ids);
  chat.dispose();
  model.dispose();
}, 60_000);
