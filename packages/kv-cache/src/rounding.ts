/** Nearest integer, halves to even: 0.5 -> 0, 1.5 -> 2, -2.5 -> -2. What every reference quantiser does. */
export function roundHalfEven(x: number): number {
  const below = Math.floor(x);
  if (x - below !== 0.5) return Math.round(x);
  return below % 2 === 0 ? below : below + 1;
}
