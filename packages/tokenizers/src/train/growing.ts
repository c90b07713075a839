/** Typed arrays that grow by doubling. */
export function grown<A extends Int32Array | Uint32Array | Float64Array>(
  from: A,
  length: number,
): A {
  if (length <= from.length) return from;
  const into = new (from.constructor as new (size: number) => A)(Math.max(length, from.length * 2));
  into.set(from);
  return into;
}
