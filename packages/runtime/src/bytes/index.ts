/** Laws over bytes from models over tokens. */
export { averageOf } from "./average.js";
export { ByteState, type ByteStateOptions } from "./byte-state.js";
export { type ByteLaw, END } from "./types.js";
export { type WriteOptions, writeBytes, writeOn } from "./write.js";
