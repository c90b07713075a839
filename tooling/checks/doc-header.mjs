/** Reads the doc header of a method or a kernel into its summary and its fields. */

/** Fields in the order they must stand in. */
export const FIELDS = [
  "Use",
  "Paper",
  "Shapes",
  "Grid",
  "Units",
  "Needs",
  "Cost",
  "State",
  "Differs",
  "Order",
  "Limits",
  "Errors",
];

/**
 * Gives `{ summary, fields, problems }`, or undefined where the file does not begin with a header. That of an
 * AssemblyScript kernel may stand behind its imports, before the function.
 * `fields` maps a name to its text, lines joined.
 */
export function readHeader(text, path) {
  const isKernel = /\/assembly\//.test(path);
  const body = isKernel ? text.replace(/^(import [^;]*;\s*)+/, "") : text;
  const lines = path.endsWith(".wgsl") ? shaderLines(body) : blockLines(body);
  if (!lines) return undefined;
  const [summary = "", gap = "", ...rest] = lines;
  const problems = [];
  const fields = new Map();
  if (rest.length > 0 && gap.trim() !== "") problems.push("a blank line must follow the summary");
  let current;
  for (const line of rest) {
    const start = line.match(/^([A-Z][a-z]+)(?: {2,}|\t)(\S.*)$/);
    if (start) {
      current = start[1];
      if (!FIELDS.includes(current)) problems.push(`unknown field ${current}`);
      if (fields.has(current)) problems.push(`field ${current} stands twice`);
      fields.set(current, start[2]);
    } else if (current && /^ {3,}\S/.test(line)) {
      fields.set(current, `${fields.get(current)} ${line.trim()}`);
    } else {
      problems.push(`neither a field nor its continuation: "${line.slice(0, 40)}"`);
    }
  }
  const order = [...fields.keys()].filter((name) => FIELDS.includes(name));
  const inOrder = FIELDS.filter((name) => fields.has(name));
  if (order.join() !== inOrder.join())
    problems.push(`fields must stand in the order ${inOrder.join(", ")}`);
  return { summary, fields, problems };
}

function blockLines(text) {
  const block = text.match(/^\/\*\*([\s\S]*?)\*\//);
  if (!block) return undefined;
  const lines = block[1].split("\n").map((line) => line.replace(/^\s*\* ?/, "").trimEnd());
  while (lines.length && lines[0] === "") lines.shift();
  while (lines.length && lines.at(-1) === "") lines.pop();
  return lines;
}

function shaderLines(text) {
  const all = text.split("\n");
  const end = all.findIndex((line) => !line.startsWith("//"));
  const lines = all.slice(0, end < 0 ? all.length : end);
  return lines.length ? lines.map((line) => line.replace(/^\/\/ ?/, "").trimEnd()) : undefined;
}
