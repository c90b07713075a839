export { wasmOps } from "./ops.js";
export { type WasmOptions, wasm } from "./wasm.js";
