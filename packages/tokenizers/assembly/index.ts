/** What the JavaScript side calls: first the tables, in the order of this file, then `makeRoom` and `encode`. */
export { makeMasks } from "./bytes";
export { setClasses } from "./characters";
export { makeShort } from "./merge-short";
export { makePairs, addPairs, setBytes } from "./pairs";
export { makeNear } from "./near";
export { makeVocabulary } from "./vocabulary";
export { beginSure, endSure, makeSure, noteMade, noteRivals } from "./sure";
export { insertTokens } from "./prepare";
export { makeSeen } from "./seen";
export { allocate, mark, release } from "./memory";
export { consumed, encode, makeRoom, out, read, setGrammar, starved, text } from "./encode";
export { queued } from "./merge-long";
export { makeTree } from "./merge-windows";
