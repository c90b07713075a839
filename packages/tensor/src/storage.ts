/**
 * The memory behind CPU tensors, and how many tensors still hold it.
 *
 * State    `release` runs once, when the last tensor over the storage is disposed
 * Errors   none
 */
export interface CpuStorage {
  readonly kind: "array" | "wasm";
  /** A getter where memory can grow: views are derived anew when it answers with another object. */
  readonly buffer: ArrayBufferLike;
  /** Where the storage begins in the buffer. */
  readonly byteOffset: number;
  readonly byteLength: number;
  release(): void;
}

/** A storage with its count of references: one object for all views of it. */
export interface CountedStorage {
  readonly storage: CpuStorage;
  references: number;
}

/** Memory of the host, freed by the garbage collector; `onRelease` keeps a caller's books. */
export function arrayStorage(
  view: ArrayBufferView,
  onRelease: () => void = () => undefined,
): CpuStorage {
  return {
    kind: "array",
    buffer: view.buffer,
    byteOffset: view.byteOffset,
    byteLength: view.byteLength,
    release: onRelease,
  };
}
