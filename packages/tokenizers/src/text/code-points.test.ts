import { expect, test } from "vitest";
import { byCodePoint } from "./code-points.js";

test("orders by code points, not by UTF-16 units", () => {
  const sorted = ["", "a", "ab", "b", "é", "\ue000", "\uffff", "\u{10000}", "\u{10ffff}"];
  expect([...sorted].reverse().sort(byCodePoint)).toEqual(sorted);
  expect([...sorted].sort()).not.toEqual(sorted);
});

test("agrees with the order of the UTF-8 bytes", () => {
  const texts = ["\ud83d\ude00x", "\ud83d\ude00", "\uff5e", "z\u{1f600}", "z\ufffd", "~"];
  const bytes = (text: string): Buffer => Buffer.from(text, "utf8");
  const wanted = [...texts].sort((a, b) => Buffer.compare(bytes(a), bytes(b)));
  expect([...texts].sort(byCodePoint)).toEqual(wanted);
});
