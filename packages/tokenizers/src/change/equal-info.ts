/**
 * Windows of a text that all carry the same number of bits: arithmetic coding that starts anew for each.
 *
 * Paper    Lester et al., Training LLMs over Neurally Compressed Text, arXiv:2404.03626
 * Shapes   symbols [n], a law [S] for each place of a window  ->  windows of `bits` bits
 * Cost     one law a symbol, two at the end of a window
 * Differs  greedy, as described; each window says how many symbols it holds, without which its end is not told from more
 * Errors   ArgumentError for bits out of range, a symbol that its law gives nothing, a window that not one symbol fits
 */
import { ArgumentError } from "@frugal/tensor/errors";

/** Probabilities [S] behind the symbols of the window so far. */
export type WindowLaw = (window: readonly number[]) => ArrayLike<number>;

export interface InfoWindow {
  /** An integer of `bits` bits. */
  readonly code: number;
  /** Symbols that it stands for. */
  readonly count: number;
}

const MOST_BITS = 32;

/** `bits`: of a window, 1 to 32; the paper's best is 16. */
export function equalInfoWindows(
  symbols: ArrayLike<number>,
  law: WindowLaw,
  bits: number,
): InfoWindow[] {
  checkBits(bits);
  const windows: InfoWindow[] = [];
  let window: number[] = [];
  let low = 0;
  let width = 2 ** bits;
  let code = 0;
  for (let i = 0; i < symbols.length; ) {
    const symbol = symbols[i]!;
    const probabilities = law(window);
    const share = probabilities[symbol] ?? 0;
    if (!(share > 0 && share <= 1))
      throw new ArgumentError("equalInfoWindows", `P(symbols[${i}])`, "above 0, at most 1", share);
    const from = low + width * below(probabilities, symbol);
    const to = from + width * share;
    const first = Math.ceil(from);
    if (first + 1 <= to) {
      window.push(symbol);
      low = from;
      width = to - from;
      code = first;
      i++;
      continue;
    }
    if (window.length === 0)
      throw new ArgumentError(
        "equalInfoWindows",
        "bits",
        `enough for a symbol of probability ${share}`,
        bits,
      );
    windows.push({ code, count: window.length });
    window = [];
    low = 0;
    width = 2 ** bits;
  }
  if (window.length > 0) windows.push({ code, count: window.length });
  return windows;
}

/** The symbols of one window, whatever the others hold. */
export function decodeInfoWindow(
  { code, count }: InfoWindow,
  law: WindowLaw,
  bits: number,
): number[] {
  checkBits(bits);
  if (!(Number.isInteger(code) && code >= 0 && code < 2 ** bits))
    throw new ArgumentError("decodeInfoWindow", "code", `an integer of ${bits} bits`, code);
  const window: number[] = [];
  let low = 0;
  let width = 2 ** bits;
  for (let i = 0; i < count; i++) {
    const probabilities = law(window);
    let from = low;
    let symbol = -1;
    for (let s = 0; s < probabilities.length; s++) {
      from = low + width * below(probabilities, s);
      const to = from + width * probabilities[s]!;
      if (code >= from && code + 1 <= to) {
        symbol = s;
        break;
      }
    }
    if (symbol < 0)
      throw new ArgumentError("decodeInfoWindow", "count", `at most the ${i} symbols`, count);
    width *= probabilities[symbol]!;
    low = from;
    window.push(symbol);
  }
  return window;
}

function below(law: ArrayLike<number>, symbol: number): number {
  let sum = 0;
  for (let s = 0; s < symbol; s++) sum += law[s]!;
  return sum;
}

function checkBits(bits: number): void {
  if (!(Number.isInteger(bits) && bits >= 1 && bits <= MOST_BITS))
    throw new ArgumentError("equalInfoWindows", "bits", `an integer from 1 to ${MOST_BITS}`, bits);
}
