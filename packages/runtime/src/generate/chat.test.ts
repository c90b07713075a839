/** Turns that fail, break off or come at the wrong time. */
import { compress } from "@frugal/kv-cache";
import { snapKv } from "@frugal/kv-cache/scorers";
import { afterAll, beforeAll, expect, test } from "vitest";
import { answer, load, sharedBackend, write } from "../../test/reference.js";
import type { LanguageModel } from "../model/language-model.js";

let model: LanguageModel;
let scenes: LanguageModel;
beforeAll(async () => {
  model = await load("fables-draft");
  scenes = await load("scenes");
});
afterAll(() => {
  model.dispose();
  scenes.dispose();
});

const short = { maxTokens: 6, ignoreEndToken: true };

test("a turn that fails before its answer began is taken back", async () => {
  const chat = scenes.chat(short);
  const broken = Uint8Array.from([137, 80, 78, 71, 13, 10, 26, 10, 1]);
  await expect(write(chat.send("what is it?", { pictures: [broken] }))).rejects.toMatchObject({
    code: "FormatError",
  });
  expect(chat.messages).toEqual([]);
  await expect(write(chat.send("hm?", { maxTokens: -1 }))).rejects.toMatchObject({
    code: "ArgumentError",
  });
  expect(chat.messages).toEqual([]);
  const { ids } = await write(chat.send("how many objects are there?"));
  const messages = [{ role: "user", content: "how many objects are there?" }];
  expect(ids).toEqual((await answer(scenes, { messages }, short)).ids);
  expect(chat.messages.map(({ role }) => role)).toEqual(["user", "assistant"]);
  chat.dispose();
});

test("an answer that breaks off is kept as far as it came, and the next turn goes on", async () => {
  const chat = model.chat({ ...short, maxTokens: 20 });
  let begun = "";
  for await (const piece of chat.send("the fox and the crow")) {
    begun += piece.text;
    if (begun.length > 5) break;
  }
  expect(chat.messages.at(-1)).toEqual({ role: "assistant", content: begun });
  const { ids } = await write(chat.send("and then?"));
  expect(chat.reusedTokens).toBeGreaterThan(0);
  const messages = chat.messages.slice(0, 3);
  expect(ids).toEqual((await answer(model, { messages }, { ...short, maxTokens: 20 })).ids);
  chat.dispose();
});

test("one answer at a time, and none after the end", async () => {
  const chat = model.chat(short);
  const first = chat.send("the fox");
  await first.next();
  await expect(chat.send("the crow").next()).rejects.toMatchObject({ code: "StateError" });
  await first.return();
  chat.dispose();
  await expect(chat.send("the crow").next()).rejects.toThrow(/disposed/);
  expect(chat.messages.filter(({ role }) => role === "user")).toHaveLength(1);
});

test("a chat under a policy over past queries says the same as one that feeds everything", async () => {
  const policy = () => compress({ scorer: snapKv({ window: 8 }), budget: { keepRatio: 1 } });
  const [plain, kept] = [model.chat(short), model.chat({ ...short, cache: policy() })];
  for (const text of ["the fox and the crow", "who won?", "why?"]) {
    expect((await write(kept.send(text))).ids).toEqual((await write(plain.send(text))).ids);
    expect(kept.reusedTokens).toBe(plain.reusedTokens);
  }
  plain.dispose();
  kept.dispose();
});

test("a chat gives back what it took", async () => {
  const { kv } = await sharedBackend();
  const before = kv.byteLength();
  const chat = model.chat(short);
  await write(chat.send("the fox"));
  expect(kv.byteLength()).toBeGreaterThan(before);
  chat[Symbol.dispose]();
  expect(kv.byteLength()).toBe(before);
});
