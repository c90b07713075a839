/** Finds what may not stand under `packages/X/src`: plain errors, the console, chance, the clock, mutable module state. */
import ts from "typescript";
import { lineOf, syntaxOf, walk } from "../syntax.mjs";
import { packageSources } from "../tree.mjs";

const PLAIN_ERRORS = new Set(["Error", "TypeError", "RangeError", "SyntaxError", "EvalError"]);
/** Packages that report timings, and so may ask `performance.now()`. */
const TIMED = /^packages\/(runtime|evaluate|speculative)\//;

export const forbiddenCode = {
  name: "forbidden code",
  run(tree) {
    return packageSources(tree).flatMap((path) => {
      const file = syntaxOf(tree, path);
      const found = file.statements.filter(isMutableState).map((statement) => ({
        path,
        line: lineOf(statement),
        problem: "mutable state at module level",
      }));
      walk(file, (node) => {
        const problem = problemOf(node, path);
        if (problem) found.push({ path, line: lineOf(node), problem });
      });
      return found;
    });
  },
};

function isMutableState(statement) {
  if (!ts.isVariableStatement(statement)) return false;
  const isDeclared = statement.modifiers?.some((m) => m.kind === ts.SyntaxKind.DeclareKeyword);
  return !isDeclared && !(statement.declarationList.flags & ts.NodeFlags.Const);
}

function problemOf(node, path) {
  if (ts.isNewExpression(node) || ts.isCallExpression(node)) {
    const { expression } = node;
    if (ts.isIdentifier(expression) && PLAIN_ERRORS.has(expression.text)) {
      return `plain ${expression.text}; use a class of @frugal/tensor/errors`;
    }
    if (ts.isIdentifier(expression) && expression.text === "Date") return "the clock (Date)";
  }
  if (!ts.isPropertyAccessExpression(node) || !ts.isIdentifier(node.expression)) return undefined;
  const access = `${node.expression.text}.${node.name.text}`;
  if (node.expression.text === "console") return "the console";
  if (access === "Math.random") return "Math.random; take a seeded generator";
  if (node.expression.text === "Date") return "the clock (Date)";
  if (access === "performance.now" && !TIMED.test(path))
    return "performance.now outside runtime and evaluate";
  return undefined;
}
