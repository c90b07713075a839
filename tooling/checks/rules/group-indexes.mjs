/** Makes `packages/X/src/GROUP/index.ts`: every method file of the folder, re-exported in order. */
import { GENERATED, methodFiles } from "../tree.mjs";

export function groupIndexes(tree) {
  const names = new Map();
  for (const { packageName, group, name } of methodFiles(tree)) {
    const path = `packages/${packageName}/src/${group}/index.ts`;
    names.set(path, [...(names.get(path) ?? []), name]);
  }
  return new Map([...names].map(([path, list]) => [path, indexOf(list)]));
}

function indexOf(names) {
  const specifiers = names.map((name) => `./${name}.js`).sort(naturalOrder);
  return `// ${GENERATED}\n${specifiers.map((specifier) => `export * from "${specifier}";\n`).join("")}`;
}

/** By code point, runs of digits by value: the order in which the formatter leaves exports. */
export function naturalOrder(a, b) {
  const [left, right] = [a.split(/(\d+)/), b.split(/(\d+)/)];
  for (let i = 0; i < Math.min(left.length, right.length); i++) {
    if (left[i] === right[i]) continue;
    if (i % 2 === 1 && Number(left[i]) !== Number(right[i]))
      return Number(left[i]) - Number(right[i]);
    return left[i] < right[i] ? -1 : 1;
  }
  return left.length - right.length;
}
