/** Type-checks blocks against the built packages, each as a module of its own in the folder of its page. */
import { join } from "node:path";
import ts from "typescript";

/** Gives the errors of each block, in order: an array of texts a block. */
export function typeErrors(root, blocks) {
  const config = ts.readConfigFile(join(root, "tooling/tsconfig/base.json"), ts.sys.readFile);
  const { options } = ts.parseJsonConfigFileContent(
    config.config,
    ts.sys,
    join(root, "tooling/tsconfig"),
  );
  Object.assign(options, {
    customConditions: [],
    noUnusedLocals: false,
    noUnusedParameters: false,
    typeRoots: [join(root, "node_modules/@types")],
  });
  const texts = new Map(
    blocks.map(({ code }, index) => [
      join(root, `readme-block-${index}.ts`),
      `${code}export {};\n`,
    ]),
  );
  const host = ts.createCompilerHost(options);
  const { fileExists, readFile, getSourceFile } = host;
  host.fileExists = (path) => texts.has(path) || fileExists(path);
  host.readFile = (path) => texts.get(path) ?? readFile(path);
  host.getSourceFile = (path, languageVersion, ...rest) =>
    texts.has(path)
      ? ts.createSourceFile(path, texts.get(path), languageVersion)
      : getSourceFile(path, languageVersion, ...rest);
  const program = ts.createProgram([...texts.keys()], options, host);
  return [...texts.keys()].map((path, index) => {
    const file = program.getSourceFile(path);
    const found = [
      ...program.getSyntacticDiagnostics(file),
      ...program.getSemanticDiagnostics(file),
    ];
    return found.map((diagnostic) => describe(diagnostic, file, blocks[index]));
  });
}

function describe({ start = 0, messageText }, file, { line }) {
  const at = file.getLineAndCharacterOfPosition(start).line + line;
  return `line ${at}: ${ts.flattenDiagnosticMessageText(messageText, " ")}`;
}

/** JavaScript of a block. */
export function compiled(code) {
  const compilerOptions = { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.ESNext };
  return ts.transpileModule(code, { compilerOptions }).outputText;
}
