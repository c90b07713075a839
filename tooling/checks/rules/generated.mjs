/** Makes every generated file, and finds those in the tree that differ from what is made. */
import { exportLists } from "./export-lists.mjs";
import { groupIndexes } from "./group-indexes.mjs";
import { methodsPage } from "./methods-page.mjs";

/** Generated files, path to text. Indexes come first: the lists of exports read them. */
export function generatedFiles(tree) {
  const indexes = groupIndexes(tree);
  const withIndexes = overlaid(tree, indexes);
  return new Map([...indexes, ...exportLists(withIndexes), ...methodsPage(withIndexes)]);
}

export const generated = {
  name: "generated files",
  run(tree) {
    return [...generatedFiles(tree)].flatMap(([path, text]) => {
      if (!tree.has(path)) return [{ path, problem: "is missing; run pnpm checks --write" }];
      return tree.text(path) === text
        ? []
        : [{ path, problem: "is stale; run pnpm checks --write" }];
    });
  },
};

function overlaid(tree, files) {
  return {
    ...tree,
    has: (path) => files.has(path) || tree.has(path),
    text: (path) => files.get(path) ?? tree.text(path),
  };
}
