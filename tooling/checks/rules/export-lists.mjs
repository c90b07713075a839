/** Makes `docs/exports.md`: what every entry point of every package exports, so that a change shows in a diff. */
import { exportsOf } from "../syntax.mjs";
import { GENERATED, manifests } from "../tree.mjs";

const MOST_VALUES = 25;

/** Entry points that have a source, as `{ folder, entry, path }`. */
export function entryPoints(tree) {
  return [...manifests(tree)]
    .filter(([folder, { exports }]) => folder.startsWith("packages/") && exports)
    .flatMap(([folder, { exports, name }]) =>
      Object.entries(exports).flatMap(([subpath, target]) => {
        const source = target?.["@frugal/source"];
        if (!source) return [];
        return [
          { folder, entry: name + subpath.slice(1), subpath, path: folder + source.slice(1) },
        ];
      }),
    );
}

export function exportLists(tree) {
  const sections = entryPoints(tree)
    .filter(({ path }) => tree.has(path))
    .map(({ entry, path }) => sectionOf(entry, exportsOf(tree, path)));
  const text = `<!-- ${GENERATED} -->\n\n# Exports\n\n${sections.join("\n")}`;
  return new Map([["docs/exports.md", text]]);
}

function sectionOf(entry, { values, types }) {
  const lines = [
    ...values.map((name) => `- \`${name}\``),
    ...types.filter((name) => !values.includes(name)).map((name) => `- type \`${name}\``),
  ];
  return `## ${entry}\n\n${lines.length ? lines.join("\n") : "Nothing yet."}\n`;
}

export const rootExports = {
  name: "root exports",
  run(tree) {
    return entryPoints(tree)
      .filter(({ subpath, path }) => subpath === "." && tree.has(path))
      .flatMap(({ path }) => {
        const { length } = exportsOf(tree, path).values;
        if (length <= MOST_VALUES) return [];
        return [
          {
            path,
            problem: `exports ${length} values; at most ${MOST_VALUES}, move some to a subpath`,
          },
        ];
      });
  },
};
