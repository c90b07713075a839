/** Keeps files short: a warning above 250 lines, a failure above 400. */
const WARN = 250;
const FAIL = 400;
const SOURCES = /^(packages|apps|tooling|bench|examples)\/.+\.(ts|mts|mjs|tsx|wgsl)$/;
/** Data tables, generated code and fixtures may be long. */
const EXCEPTED = /(\/fixtures\/|\.generated\.ts$|-data\.ts$|\/models\/)/;

export const fileLength = {
  name: "file length",
  run(tree) {
    return tree.match(SOURCES).flatMap((path) => {
      if (EXCEPTED.test(path) && !path.includes("/src/models/")) return [];
      const text = tree.text(path);
      const lineCount = text.split("\n").length - (text.endsWith("\n") ? 1 : 0);
      if (lineCount > FAIL) return [{ path, problem: `has ${lineCount} lines; at most ${FAIL}` }];
      if (lineCount > WARN)
        return [{ path, problem: `has ${lineCount} lines; aim at ${WARN}`, isWarning: true }];
      return [];
    });
  },
};
