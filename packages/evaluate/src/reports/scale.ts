/** Straight scales with round ticks. */
export interface Scale {
  readonly low: number;
  readonly high: number;
  place(value: number): number;
}

/** Holds all values, with a little room where they are all one. */
export function linearScale(
  values: readonly number[],
  [from, to]: readonly [number, number],
): Scale {
  const least = Math.min(...values);
  const most = Math.max(...values);
  const room = most > least ? (most - least) * 0.04 : Math.max(Math.abs(most) * 0.1, 0.5);
  const low = least === 0 && most > 0 ? 0 : least - room;
  const high = most + room;
  return { low, high, place: (value) => from + ((value - low) / (high - low)) * (to - from) };
}

/** About `count` round numbers inside the scale. */
export function ticksOf({ low, high }: Scale, count = 5): number[] {
  const rough = (high - low) / count;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = power * ([1, 2, 5, 10].find((factor) => factor * power >= rough) ?? 10);
  const first = Math.ceil(low / step - 1e-9);
  const last = Math.floor(high / step + 1e-9);
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, i) =>
    Number(((first + i) * step).toPrecision(12)),
  );
}
