/** Subpath `./rows`: sparse rows. */
export { checkRows, composeRows, identityRows, isIdentityRows, keepRows } from "./sparse-rows.js";
