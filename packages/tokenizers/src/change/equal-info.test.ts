import { expect, test } from "vitest";
import { decodeInfoWindow, equalInfoWindows, type WindowLaw } from "./equal-info.js";

const uniform: WindowLaw = () => [0.25, 0.25, 0.25, 0.25];
/** Leans to the symbol before. */
const sticky: WindowLaw = (window) => {
  const last = window[window.length - 1];
  return [0, 1, 2].map((s) => (last === undefined ? 1 / 3 : s === last ? 0.8 : 0.1));
};
const drawn = (count: number, symbols: number): number[] => {
  let state = 12345;
  return Array.from({ length: count }, () => {
    state = (state * 1103515245 + 12345) % 2147483648;
    return Math.floor((state / 2147483648) * symbols);
  });
};

test("four symbols of equal weight: two bits each, whatever they are", () => {
  const windows = equalInfoWindows(drawn(22, 4), uniform, 8);
  expect(windows.map(({ count }) => count)).toEqual([4, 4, 4, 4, 4, 2]);
  expect(equalInfoWindows([3, 3, 3, 3], uniform, 8)).toEqual([{ code: 255, count: 4 }]);
});

test.each([4, 8, 16, 31])("%i bits: every window decodes by itself", (bits) => {
  const symbols = drawn(300, 3);
  const windows = equalInfoWindows(symbols, sticky, bits);
  expect(windows.every(({ code }) => code >= 0 && code < 2 ** bits)).toBe(true);
  const back = [...windows].reverse().map((window) => decodeInfoWindow(window, sticky, bits));
  expect(back.reverse().flat()).toEqual(symbols);
});

test("what is likely takes fewer windows", () => {
  const run = new Array<number>(100).fill(1);
  expect(equalInfoWindows(run, sticky, 16).length).toBeLessThan(
    equalInfoWindows(drawn(100, 3), sticky, 16).length,
  );
});

test("what cannot be coded is refused", () => {
  expect(() => equalInfoWindows([0], () => [0, 1], 8)).toThrow(/above 0/);
  expect(() => equalInfoWindows([5], uniform, 8)).toThrow(/P\(symbols\[0\]\)/);
  expect(() => equalInfoWindows([0], () => [0.01, 0.99], 2)).toThrow(/enough for a symbol/);
  expect(() => equalInfoWindows([0], uniform, 0)).toThrow(/bits/);
  expect(() => decodeInfoWindow({ code: 256, count: 1 }, uniform, 8)).toThrow(/8 bits/);
  expect(() => decodeInfoWindow({ code: 0, count: 5 }, uniform, 8)).toThrow(/4 symbols/);
  expect(equalInfoWindows([], uniform, 8)).toEqual([]);
});
