/** A conversation feeds only what is new, and says the same as one that feeds everything. */
import { compress } from "@frugal/kv-cache";
import { uniform } from "@frugal/kv-cache/allocators";
import { evict } from "@frugal/kv-cache/reducers";
import { streamingLlm } from "@frugal/kv-cache/scorers";
import { expect, test } from "vitest";
import type { GenerateReport, Piece } from "../src/index.js";
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

test("a turn that asks for another policy does not go on with the old cache", async () => {
  const model = await load("fables-draft");
  const chat = model.chat({ maxTokens: 6 });
  await write(chat.send("the fox and the crow"));
  const policy = compress({
    scorer: streamingLlm(),
    allocator: uniform(),
    reducer: evict(),
    budget: { tokens: 8 },
    positions: "compact",
  });
  const { reports } = await reported(chat.send("and then?", { cache: policy }));
  expect(chat.reusedTokens).toBe(0);
  expect(reports[0]?.compressions.length).toBeGreaterThan(0);
  await write(chat.send("and then?", { cache: policy }));
  expect(chat.reusedTokens).toBeGreaterThan(0);
  chat.dispose();
  model.dispose();
});

async function reported(pieces: AsyncIterable<Piece>): Promise<{ reports: GenerateReport[] }> {
  const reports: GenerateReport[] = [];
  for await (const { report } of pieces) if (report) reports.push(report);
  return { reports };
}
