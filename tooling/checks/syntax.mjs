/**
 * Reads what a TypeScript file imports and exports, from its syntax alone.
 *
 * Cost     one parse a file; the syntax trees are kept beside the tree of files
 */
import { posix } from "node:path";
import ts from "typescript";

const parsed = new WeakMap();

export function syntaxOf(tree, path) {
  if (!parsed.has(tree)) parsed.set(tree, new Map());
  const files = parsed.get(tree);
  if (!files.has(path)) {
    files.set(path, ts.createSourceFile(path, tree.text(path), ts.ScriptTarget.Latest, true));
  }
  return files.get(path);
}

export function lineOf(node) {
  const file = node.getSourceFile();
  return file.getLineAndCharacterOfPosition(node.getStart(file)).line + 1;
}

/** Calls `visit` with every node of a file. */
export function walk(node, visit) {
  visit(node);
  ts.forEachChild(node, (child) => walk(child, visit));
}

/** Every import of a file, as `{ specifier, line, isType, isDynamic }`. */
export function importsOf(tree, path) {
  const found = [];
  const add = (node, literal, isType, isDynamic) =>
    found.push({ specifier: literal.text, line: lineOf(node), isType, isDynamic });
  walk(syntaxOf(tree, path), (node) => {
    if (ts.isImportDeclaration(node)) {
      add(node, node.moduleSpecifier, isTypeImport(node.importClause), false);
    } else if (ts.isExportDeclaration(node) && node.moduleSpecifier) {
      add(node, node.moduleSpecifier, node.isTypeOnly || allTypes(node.exportClause), false);
    } else if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument)) {
      add(node, node.argument.literal, true, false);
    } else if (isDynamicImport(node)) {
      add(node, node.arguments[0], false, true);
    }
  });
  return found;
}

function isDynamicImport(node) {
  if (!ts.isCallExpression(node) || node.expression.kind !== ts.SyntaxKind.ImportKeyword)
    return false;
  return ts.isStringLiteralLike(node.arguments[0]);
}

function isTypeImport(clause) {
  if (!clause) return false;
  return clause.isTypeOnly || (!clause.name && allTypes(clause.namedBindings));
}

function allTypes(clause) {
  if (!clause || !(ts.isNamedImports(clause) || ts.isNamedExports(clause))) return false;
  return clause.elements.length > 0 && clause.elements.every((element) => element.isTypeOnly);
}

/** What a module exports, as `{ values, types }`, both sorted; `export *` is followed within the tree. */
export function exportsOf(tree, path, seen = new Set()) {
  const values = new Set();
  const types = new Set();
  if (seen.has(path) || !tree.has(path)) return { values: [], types: [] };
  const inside = new Set(seen).add(path);
  for (const statement of syntaxOf(tree, path).statements) {
    if (ts.isExportDeclaration(statement)) addReexports(statement);
    else if (ts.isExportAssignment(statement)) values.add("default");
    else if (isExported(statement)) addDeclared(statement);
  }
  return { values: sorted(values), types: sorted(types) };

  function addReexports(statement) {
    const { exportClause: clause, isTypeOnly } = statement;
    if (!clause) {
      const from = exportsOf(tree, targetOf(path, statement.moduleSpecifier.text), inside);
      for (const name of from.values) (isTypeOnly ? types : values).add(name);
      for (const name of from.types) types.add(name);
    } else if (ts.isNamespaceExport(clause)) {
      (isTypeOnly ? types : values).add(clause.name.text);
    } else {
      for (const e of clause.elements)
        (isTypeOnly || e.isTypeOnly ? types : values).add(e.name.text);
    }
  }

  function addDeclared(statement) {
    if (ts.isInterfaceDeclaration(statement) || ts.isTypeAliasDeclaration(statement)) {
      types.add(statement.name.text);
    } else if (ts.isVariableStatement(statement)) {
      for (const { name } of statement.declarationList.declarations) addBinding(name);
    } else if (statement.name) {
      values.add(statement.name.text);
    }
  }

  function addBinding(name) {
    if (ts.isIdentifier(name)) values.add(name.text);
    else for (const element of name.elements) if (element.name) addBinding(element.name);
  }
}

function isExported(statement) {
  return statement.modifiers?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword) ?? false;
}

function targetOf(path, specifier) {
  return posix.join(posix.dirname(path), specifier).replace(/\.js$/, ".ts");
}

const sorted = (names) => [...names].sort();
