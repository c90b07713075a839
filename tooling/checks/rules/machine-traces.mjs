/** Finds traces of the machine a file was written on: its absolute paths, and hosts of package registries. */
const TRACES = [
  [/(?:^|[^\w.$}/:-])\/(?:work|home|root|Users|tmp|mnt)\/[\w.-]+/, "a path of a machine"],
  [/registry\.(?:npmjs|yarnpkg)\.|\bpypi\.org|deb\.debian\.org|crates\.io\/api/, "a registry host"],
];
const DATA =
  /^(goldens\/|packages\/reference-models\/models\/.+\.(jsonl|txt|safetensors)$|LICENSE$)/;

export const machineTraces = {
  name: "machine traces",
  run(tree) {
    return tree.paths
      .filter((path) => !DATA.test(path) || path.endsWith("README.md"))
      .flatMap((path) => {
        const text = tree.text(path);
        if (text.includes("\0")) return [];
        return text.split("\n").flatMap((line, index) =>
          TRACES.filter(([pattern]) => pattern.test(line)).map(([, what]) => ({
            path,
            line: index + 1,
            problem: `${what}: ${line.trim().slice(0, 80)}`,
          })),
        );
      });
  },
};
