/** `\w` of Rust's expressions, one character: the engine of the reference outside the patterns of a file. */
import { classOf, except, SINCE_17 } from "./unicode-age.js";

/** Of Unicode 16.0, flag `u`. */
export const RUST_WORD = /* @__PURE__ */ except(
  /* @__PURE__ */ classOf(SINCE_17),
  "\\p{Alphabetic}\\p{M}\\p{Nd}\\p{Pc}\\p{Join_Control}",
);
