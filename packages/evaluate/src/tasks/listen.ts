/** What the tasks read off a subject besides its answers. */
import { ArgumentError } from "@frugal/tensor/errors";
import type { Subject, SubjectCache, SubjectPiece } from "../types.js";

/** The whole text and the closing report. */
export async function listen(pieces: AsyncIterable<SubjectPiece>): Promise<{
  readonly said: string;
  readonly tokenIds: readonly number[];
  readonly report: NonNullable<SubjectPiece["report"]>;
}> {
  let said = "";
  let report: SubjectPiece["report"];
  const tokenIds: number[] = [];
  for await (const piece of pieces) {
    said += piece.text;
    tokenIds.push(...piece.tokenIds);
    report = piece.report ?? report;
  }
  if (!report) throw new ArgumentError("evaluate", "the last piece", "one with a report", report);
  return { said, tokenIds, report };
}

/** Layers times kv heads. */
export function headCount({ shape }: Subject): number {
  return (shape.decoder?.layerCount ?? 1) * (shape.decoder?.kvHeadCount ?? 1);
}

/** Slots a head, mean over all heads of all layers. */
export function meanLength(subject: Subject, cache: SubjectCache): number {
  const { layerCount = 1, kvHeadCount = 1 } = subject.shape.decoder ?? {};
  let slots = 0;
  for (let layer = 0; layer < layerCount; layer++) {
    for (let head = 0; head < kvHeadCount; head++) slots += cache.length(layer, head);
  }
  return slots / headCount(subject);
}
