/** The demo's sign of life: a few lines of a tale, as they are written. */
import type { Io } from "../io.js";
import { openBackend, openModel } from "../models.js";

const OPENING = "Once upon a time there was a poor miller who had";
const TOKENS = 60;

export async function tellStory(io: Io): Promise<void> {
  const backend = await openBackend("wasm");
  const model = await openModel("fables", backend, io);
  try {
    io.out.write(OPENING);
    const options = { maxTokens: TOKENS, temperature: 0.7, topP: 0.9, seed: 7, signal: io.signal };
    for await (const { text, report } of model.generate(OPENING, options)) {
      io.out.write(text);
      if (!report) continue;
      const rate = (1000 * report.newTokens) / report.decodeMs;
      io.out.write(
        ` ...\n\n(a model of 3 million weights, ${rate.toFixed(0)} tokens a second, ${report.path})\n\n`,
      );
    }
  } finally {
    model.dispose();
    backend.dispose();
  }
}
