/** Holds every method and every kernel to the doc header of fixed fields. */
import { readHeader } from "../doc-header.mjs";
import { kernelFiles, methodFiles } from "../tree.mjs";

const METHOD_FIELDS = ["Paper", "Shapes", "Cost"];
const KERNEL_FIELDS = ["Shapes"];
/** Words in -s that begin a sentence and are no verbs. */
const NOT_VERBS = new Set([
  "This",
  "Its",
  "Always",
  "Less",
  "Plus",
  "Thus",
  "Perhaps",
  "Across",
  "Besides",
]);

export const docHeaders = {
  name: "doc headers",
  run(tree) {
    return [
      ...methodFiles(tree).flatMap(({ path }) => problemsOf(tree, path, METHOD_FIELDS, true)),
      ...kernelFiles(tree).flatMap((path) => problemsOf(tree, path, KERNEL_FIELDS, false)),
    ];
  },
};

function problemsOf(tree, path, required, needsVerb) {
  const header = readHeader(tree.text(path), path);
  if (!header) return [{ path, line: 1, problem: "must begin with a doc header" }];
  const problems = [...header.problems];
  if (!header.summary.endsWith("."))
    problems.push("the first line must be a sentence that ends in a full stop");
  if (needsVerb && !beginsWithVerb(header.summary)) {
    problems.push('the first line must begin with what it does ("Keeps ...", "Scores ...")');
  }
  for (const field of required) {
    if (!header.fields.has(field)) problems.push(`field ${field} is missing`);
  }
  return problems.map((problem) => ({ path, line: 1, problem }));
}

function beginsWithVerb(summary) {
  const [word = ""] = summary.split(" ");
  return /^[A-Z][a-z-]*s$/.test(word) && !NOT_VERBS.has(word);
}
