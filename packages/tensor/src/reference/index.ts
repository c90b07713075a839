/** Subpath `./reference`: the back end that is the truth. */
export { referenceBackend } from "./backend.js";
