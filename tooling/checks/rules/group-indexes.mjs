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
  const lines = [...names].sort(naturalOrder).map((name) => `export * from "./${name}.js";\n`);
  return `// ${GENERATED}\n${lines.join("")}`;
}

/** By code point, runs of digits by value: the order in which the formatter leaves exports. */
export function naturalOrder(a, b) {
  const [left, right] = [a, b].map((name) => name.match(/\d+|\D/g) ?? []);
  for (let i = 0; i < Math.min(left.length, right.length); i++) {
    if (left[i] === right[i]) continue;
    const difference = Number(left[i]) - Number(right[i]);
    if (difference) return difference; // NaN where one is no number
    return left[i] < right[i] ? -1 : 1;
  }
  return left.length - right.length;
}
