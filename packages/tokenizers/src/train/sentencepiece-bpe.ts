/**
 * Learns the pieces of a SentencePiece model of type BPE.
 *
 * Paper    Kudo and Richardson, arXiv:1808.06226; Sennrich et al., arXiv:1508.07909
 * Shapes   entries with their counts  ->  pieces, first one first
 * Cost     O(symbols log pairs), where symbols counts those of different entries; about 70 bytes a symbol
 * Differs  the most frequent pair of all is taken, where the original looks at the 5 % that were most frequent a while ago.
 *          Kept from it: of equally frequent pairs the shorter one, then the smaller text; a piece that arises in a second
 *          way does not merge there; pairs go on to be taken when none occurs any more
 * Errors   the signal's reason
 */
import { CandidatePairs } from "./candidate-pairs.js";
import type { Pace } from "./pace.js";
import { TokenChain } from "./token-chain.js";
import { Vocabulary } from "./vocabulary.js";

const PHASE = "merging pairs";
const STEPS_A_PLACE = 16;

export async function sentencePieceMerges(
  entries: ReadonlyMap<string, number>,
  pieceCount: number,
  isPiece: (codes: ArrayLike<number>, start: number, end: number) => boolean,
  pace: Pace,
): Promise<string[]> {
  const tokens = new Vocabulary();
  const chain = chained(entries, tokens);
  const pairs = new CandidatePairs(chain, tokens, isPiece);
  await pairs.countAll(pace);
  const pieces: string[] = [];
  const taken = new Set<string>();
  while (pieces.length < pieceCount) {
    const pair = pairs.pop();
    if (pair === -1) break;
    const piece = pairs.textOf(pair);
    if (taken.has(piece)) continue;
    taken.add(piece);
    pieces.push(piece);
    const visited = pairs.mergeAll(pair, tokens.add(piece));
    if (pace.spend((visited + 1) * STEPS_A_PLACE))
      await pace.rest(PHASE, pieces.length, pieceCount);
  }
  pace.report(PHASE, pieces.length, pieceCount);
  return pieces;
}

function chained(entries: ReadonlyMap<string, number>, tokens: Vocabulary): TokenChain {
  let length = 0;
  for (const text of entries.keys()) length += text.length;
  const chain = new TokenChain(length, entries.size);
  for (const [text, count] of entries) {
    chain.addWord(count);
    for (const character of text) chain.addToken(tokens.add(character));
  }
  return chain;
}
