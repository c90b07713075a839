import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { fakeIo } from "../test/fake-io.js";
import { chosenMethods } from "./choose.js";

const fixtures = fileURLToPath(new URL("../test/fixtures/", import.meta.url));

describe("chosenMethods", () => {
  test("nothing asked, nothing chosen", async () => {
    expect(await chosenMethods({}, fakeIo())).toEqual({});
  });

  test("puts a policy together from a scorer and what else is named", async () => {
    const { cache } = await chosenMethods(
      { cache: "snapkv:tokens=9,positions=compact,sinks=2,interval=8,allocator=uniform,window=5" },
      fakeIo(),
    );
    expect(cache).toMatchObject({
      budget: { tokens: 9 },
      positions: "compact",
      sinks: 2,
      interval: 8,
    });
    expect(cache!.scorer).toMatchObject({ name: "snapkv", protects: { recent: 5 } });
  });

  test("chooses drafter and verifier", async () => {
    const { draft } = await chosenMethods({ draft: "prompt-lookup" }, fakeIo());
    expect([draft!.drafter.name, draft!.verifier.name]).toEqual([
      "prompt-lookup",
      "sample-and-match",
    ]);
  });

  test("warns of an option that the method does not read", async () => {
    const io = fakeIo();
    await chosenMethods({ cache: "snapkv:winow=3", images: "divprune:kep=1" }, io);
    expect(io.written.err).toBe(
      "warning: divprune never looked at 'kep'\nwarning: snapkv never looked at 'winow'\n",
    );
  });

  test("loads anyone's method, an object or a function of the budget", async () => {
    const io = fakeIo({ cwd: fixtures });
    expect((await chosenMethods({ method: ["./pruner.mjs"] }, io)).images!.name).toBe("keeps-all");
    const made = await chosenMethods({ method: ["factory.mjs:tokens=3"] }, io);
    expect(made.images!.name).toBe('f {"tokens":3}');
    const { cache } = await chosenMethods({ method: ["scorer.mjs:keep=0.5,recent=4"] }, io);
    expect(cache).toMatchObject({
      budget: { keepRatio: 0.5 },
      recent: 4,
      scorer: { name: "newest" },
    });
  });

  test.each([
    [{ method: ["gone.mjs"] }, /there is no file/],
    [{ method: ["nothing.mjs"] }, /the default export must be a TokenMethod/],
    [{ method: ["pruner.mjs", "factory.mjs"] }, /--images is set already/],
    [{ images: "divprune", method: ["pruner.mjs"] }, /--images is set already/],
    [{ method: ["scorer.mjs:foo=1"] }, /no option is called 'foo'/],
    [{ images: "nope" }, /no method for image tokens is called 'nope'/],
    [{ images: "divprune:positions=odd" }, /positions is official/],
    [{ cache: "snapkv:allocator=nope" }, /no allocator is called 'nope'/],
    [{ cache: "snapkv:positions=odd" }, /positions must be/],
    [{ draft: "prompt-lookup:verifier=nope" }, /no verifier is called 'nope'/],
  ])("refuses %o", async (flags, message) => {
    await expect(chosenMethods(flags, fakeIo({ cwd: fixtures }))).rejects.toThrow(message);
  });
});
