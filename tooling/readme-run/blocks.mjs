/** Takes the TypeScript blocks out of a Markdown text, and compares what a block printed with what it says it prints. */

const FENCE = /^(\s*)(`{3,}|~{3,})(.*)$/;

/** Blocks as `{ line, isRun, code }`; `line` is that of the first line of code, counted from 1. */
export function blocksOf(markdown) {
  const blocks = [];
  let open;
  markdown.split("\n").forEach((text, index) => {
    const fence = text.match(FENCE);
    if (open) {
      const closes = fence?.[2].startsWith(open.mark) && fence[3].trim() === "";
      if (!closes) open.lines.push(text.slice(open.indent));
      else {
        if (open.isTypeScript) {
          blocks.push({ line: open.line, isRun: open.isRun, code: `${open.lines.join("\n")}\n` });
        }
        open = undefined;
      }
    } else if (fence) {
      const [language = "", ...marks] = fence[3].trim().split(/\s+/);
      open = {
        mark: fence[2],
        indent: fence[1].length,
        line: index + 2,
        isTypeScript: language === "ts" || language === "typescript",
        isRun: marks.includes("run"),
        lines: [],
      };
    }
  });
  return blocks;
}

/** The lines that a block says it prints: what stands behind each `// =>`. */
export function expectedOutput(code) {
  return code.split("\n").flatMap((line) => {
    const found = line.match(/\/\/ =>(?: (.*))?$/);
    return found ? [found[1]?.trimEnd() ?? ""] : [];
  });
}

/** The first difference, or undefined; `…` in an expected line stands for any text. */
export function differenceOf(expected, printed) {
  const lines = printed
    .replace(/\n$/, "")
    .split("\n")
    .map((line) => line.trimEnd());
  if (printed === "") lines.length = 0;
  for (let i = 0; i < Math.max(expected.length, lines.length); i++) {
    if (expected[i] === undefined) return `prints a line more than it says: ${lines[i]}`;
    if (lines[i] === undefined) return `does not print: ${expected[i]}`;
    if (!matches(expected[i], lines[i])) return `says: ${expected[i]}\n       prints: ${lines[i]}`;
  }
  return undefined;
}

function matches(expected, line) {
  const parts = expected.split("…").map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
  return new RegExp(`^${parts.join(".*")}$`).test(line);
}
