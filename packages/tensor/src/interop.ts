/** Subpath `./interop`: tensors to and from ONNX Runtime, workers and back ends. */

export { fromOrt, type OrtFeed, type OrtModule, type OrtTensorLike, toOrt } from "./ort.js";
export { arrayStorage, type CpuStorage } from "./storage.js";
export { createTensor, referencesOf, storageOf } from "./tensor.js";
export { fromTransfer, type TensorMessage, type TensorParcel, toTransfer } from "./transfer.js";
