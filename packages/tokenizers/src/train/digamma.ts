/**
 * The digamma function, the derivative of the logarithm of the gamma function.
 *
 * Paper    Bernardo 1976, doi:10.2307/2347257 (recurrence up to 7, then the asymptotic series around x - 1/2)
 * Cost     at most seven divisions and one logarithm; about 1e-10 exact for x > 0
 */
export function digamma(x: number): number {
  let result = 0;
  let at = x;
  for (; at < 7; at++) result -= 1 / at;
  const center = at - 0.5;
  const square = 1 / (center * center);
  const series = 1 / 24 - square * (7 / 960 - square * (31 / 8064 - square * (127 / 30720)));
  return result + Math.log(center) + square * series;
}
