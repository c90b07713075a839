/** Subpath `./checks`: what a back end checks at its door. */
export { type AttentionExtents, checkAttention, slotCount } from "./attention.js";
export { Door } from "./door.js";
