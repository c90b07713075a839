import { describe, expect, test } from "vitest";
import { type Matrix, zeros } from "./matrix.js";
import { procrustes } from "./procrustes.js";

function product(a: Matrix, b: Matrix): Matrix {
  const out = zeros(a.rows, b.columns);
  for (let i = 0; i < a.rows; i++)
    for (let j = 0; j < b.columns; j++)
      for (let k = 0; k < a.columns; k++)
        out.data[i * b.columns + j]! += a.data[i * a.columns + k]! * b.data[k * b.columns + j]!;
  return out;
}
const drawn = (rows: number, columns: number): Matrix => {
  let state = 7;
  const out = zeros(rows, columns);
  for (let i = 0; i < out.data.length; i++) {
    state = (state * 16807) % 2147483647;
    out.data[i] = state / 2147483647 - 0.5;
  }
  return out;
};
const expectOrthogonal = (w: Matrix): void => {
  for (let i = 0; i < w.columns; i++)
    for (let j = 0; j < w.columns; j++) {
      let sum = 0;
      for (let k = 0; k < w.rows; k++)
        sum += w.data[k * w.columns + i]! * w.data[k * w.columns + j]!;
      expect(sum).toBeCloseTo(i === j ? 1 : 0, 5);
    }
};

describe("procrustes", () => {
  test("finds the turn that was made", () => {
    const a = drawn(40, 4);
    const turn = procrustes(drawn(9, 4), { ...drawn(9, 4), data: drawn(18, 4).data.slice(36) });
    expectOrthogonal(turn);
    const found = procrustes(a, product(a, turn));
    found.data.forEach((value, i) => {
      expect(value).toBeCloseTo(turn.data[i]!, 5);
    });
  });

  test("no other turn brings them nearer", () => {
    const [a, b] = [drawn(20, 3), { ...drawn(20, 3), data: drawn(40, 3).data.slice(60) }];
    const distance = (w: Matrix): number =>
      product(a, w).data.reduce((sum, value, i) => sum + (value - b.data[i]!) ** 2, 0);
    const w = procrustes(a, b);
    const least = distance(w);
    for (const angle of [-0.2, -0.01, 0.01, 0.2]) {
      const [c, s] = [Math.cos(angle), Math.sin(angle)];
      const nudge = { rows: 3, columns: 3, data: Float32Array.of(c, -s, 0, s, c, 0, 0, 0, 1) };
      expect(distance(product(w, nudge))).toBeGreaterThan(least);
    }
  });

  test("vectors that do not fill the space, and none at all, still give a turn", () => {
    const flat = zeros(5, 3);
    for (let i = 0; i < 5; i++) flat.data[i * 3] = i + 1;
    expectOrthogonal(procrustes(flat, flat));
    expectOrthogonal(procrustes(zeros(2, 3), zeros(2, 3)));
    expect(() => procrustes(flat, zeros(5, 2))).toThrow(/shape/);
  });
});
