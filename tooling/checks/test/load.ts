/** Loads the checks, which are plain JavaScript so that they run before anything is built. */

export interface Finding {
  readonly path: string;
  readonly line?: number;
  readonly problem: string;
  readonly isWarning?: boolean;
}

export interface Tree {
  readonly paths: readonly string[];
}

const load = (file: string) => import(new URL(`../${file}`, import.meta.url).href);

const { treeFrom } = (await load("tree.mjs")) as {
  treeFrom(files: Readonly<Record<string, string>>): Tree;
};

/** What a rule finds in a tree of these files. */
export async function findings(
  file: string,
  rule: string,
  files: Readonly<Record<string, string>>,
): Promise<readonly Finding[]> {
  const { [rule]: check } = await load(`rules/${file}.mjs`);
  return check.run(treeFrom(files));
}

/** The problems alone, as `PATH PROBLEM`. */
export async function problems(
  file: string,
  rule: string,
  files: Readonly<Record<string, string>>,
): Promise<readonly string[]> {
  return (await findings(file, rule, files)).map(({ path, problem }) => `${path} ${problem}`);
}

export async function generatedFiles(
  files: Readonly<Record<string, string>>,
): Promise<ReadonlyMap<string, string>> {
  const { generatedFiles: make } = await load("rules/generated.mjs");
  return make(treeFrom(files));
}

export const naturalOrder = (await load("rules/group-indexes.mjs")).naturalOrder as (
  a: string,
  b: string,
) => number;

/** A manifest of a published package without faults. */
export function manifest(name: string, more: object = {}): string {
  return JSON.stringify({
    name: `@frugal/${name}`,
    description: "A package.",
    license: "Apache-2.0",
    type: "module",
    sideEffects: false,
    exports: { ".": { "@frugal/source": "./src/index.ts", default: "./dist/index.js" } },
    ...more,
  });
}
