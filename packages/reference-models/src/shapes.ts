/**
 * Tells whether a point lies inside one of the eight shapes of a scene.
 *
 * Units    x and y in radii, from the center of the shape; y grows downwards
 * Errors   none
 */
export const SHAPES = [
  "circle",
  "square",
  "triangle",
  "diamond",
  "star",
  "cross",
  "ring",
  "heart",
] as const;

export type Shape = (typeof SHAPES)[number];

type Inside = (x: number, y: number) => boolean;

const INSIDE: Readonly<Record<Shape, Inside>> = {
  circle: (x, y) => Math.hypot(x, y) <= 1,
  square: (x, y) => Math.abs(x) <= 0.86 && Math.abs(y) <= 0.86,
  triangle: (x, y) => y <= 0.85 && y >= -1 + 2.1 * Math.abs(x) * 0.95,
  diamond: (x, y) => Math.abs(x) + Math.abs(y) <= 1.08,
  star(x, y) {
    const turn = ((Math.atan2(x, -y) / (2 * Math.PI)) * 5 + 5) % 1;
    return Math.hypot(x, y) <= 0.45 + 0.62 * Math.abs(2 * turn - 1);
  },
  cross: (x, y) =>
    (Math.abs(x) <= 0.33 && Math.abs(y) <= 1) || (Math.abs(y) <= 0.33 && Math.abs(x) <= 1),
  ring(x, y) {
    const distance = Math.hypot(x, y);
    return distance <= 1 && distance >= 0.55;
  },
  heart(x, y) {
    const across = x * 1.2;
    const up = -y * 1.15 + 0.15;
    const bulge = across * across + up * up - 0.75;
    return bulge * bulge * bulge - across * across * up * up * up <= 0;
  },
};

export function insideOf(shape: Shape): Inside {
  return INSIDE[shape];
}
