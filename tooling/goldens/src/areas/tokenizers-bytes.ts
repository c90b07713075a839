/** The law of the next byte of a reference model. */
import { ByteState } from "@frugal/runtime/bytes";
import { modelOf } from "../models.js";
import { type CaseRunner, numbersOf, textOf } from "../types.js";

const nextByteDistribution: CaseRunner = async (golden, { backend }) => {
  const model = await modelOf(golden, backend);
  const begin = model.tokenizer.tokenToId(textOf(golden.params.bos));
  const state = ByteState.of(model, { prefix: [begin ?? -1] });
  try {
    const bytes = Uint8Array.from(numbersOf(golden.inputs.bytes));
    const probabilities: number[] = [];
    if (golden.params.afterEachByte === true) {
      for (const byte of bytes) {
        state.push(Uint8Array.of(byte));
        probabilities.push(...(await state.next()));
      }
    } else {
      state.push(bytes);
      probabilities.push(...(await state.next()));
    }
    return { probabilities };
  } finally {
    state.dispose();
  }
};

export const tokenizerByteCases: Record<string, CaseRunner> = {
  "next-byte-distribution": nextByteDistribution,
};
