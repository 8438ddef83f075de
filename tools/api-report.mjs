// Writes what each entry of the package exports to api/<entry>.api.md, so that a change of the public interface
// shows in review. `--check` compares instead, and fails on a difference.
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';

const root = fileURLToPath(new URL('..', import.meta.url));
const check = process.argv.includes('--check');
const { exports } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));

const entries = Object.entries(exports)
  .filter(([, target]) => typeof target === 'object')
  .map(([subpath, target]) => ({
    name: join('sealwright', subpath),
    report: `${subpath === '.' ? 'index' : subpath.slice(2).replaceAll('/', '-')}.api.md`,
    source: join(root, target.import.default.replace('./dist/', 'src/').replace(/\.js$/, '.ts')),
  }));
const missing = entries.filter(({ source }) => !existsSync(source));

const config = ts.getParsedCommandLineOfConfigFile(
  join(root, 'tsconfig.json'),
  {},
  {
    ...ts.sys,
    onUnRecoverableConfigFileDiagnostic: (diagnostic) => {
      throw new Error(String(diagnostic.messageText));
    },
  },
);
const options = {
  ...config.options,
  noEmit: false,
  declaration: true,
  emitDeclarationOnly: true,
  stripInternal: true,
};
const files = entries.filter((entry) => !missing.includes(entry)).map(({ source }) => source);

/** The declarations of every source file, as text. */
const declarations = new Map();
const sources = ts.createProgram(files, options);
sources.emit(
  undefined,
  (path, text) => declarations.set(path.replace(/\.d\.ts$/, '.ts'), text),
  undefined,
  true,
);

/** A second program that sees only those declarations, so that inferred types are spelled out. */
const host = ts.createCompilerHost(options);
const readSource = host.getSourceFile.bind(host);
host.getSourceFile = (path, target, ...rest) =>
  declarations.has(path)
    ? ts.createSourceFile(path, declarations.get(path), target, true)
    : readSource(path, target, ...rest);
const program = ts.createProgram(files, options, host);
const checker = program.getTypeChecker();
const printer = ts.createPrinter({ removeComments: true });

const aliased = (symbol) => (symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol);
const isOurs = (declaration) => declarations.has(declaration.getSourceFile().fileName);

/** The text of a symbol's declarations. */
function describe(symbol) {
  const nodes = symbol.declarations.map((node) =>
    ts.isVariableDeclaration(node) ? node.parent.parent : node,
  );
  return nodes
    .map((node) => printer.printNode(ts.EmitHint.Unspecified, node, node.getSourceFile()))
    .map((text) => text.replace(/^export (?:declare )?|^declare /, '').replaceAll('    ', '  '))
    .join('\n');
}

const isTopLevel = (declaration) => {
  const node = ts.isVariableDeclaration(declaration) ? declaration.parent.parent : declaration;
  return ts.isSourceFile(node.parent);
};

/** Adds to `found` what of ours the declarations of a symbol mention. */
function addMentioned(symbol, found) {
  const visit = (node) => {
    const target = ts.isIdentifier(node) && checker.getSymbolAtLocation(node);
    const declared = target && aliased(target);
    if (declared?.declarations?.some((declaration) => isOurs(declaration) && isTopLevel(declaration)))
      found.add(declared);
    ts.forEachChild(node, visit);
  };
  symbol.declarations?.filter(isOurs).forEach(visit);
}

const exportsOf = ({ source }) =>
  new Map(
    checker
      .getExportsOfModule(checker.getSymbolAtLocation(program.getSourceFile(source)))
      .map((symbol) => [symbol.name, aliased(symbol)]),
  );
const block = (text) => `\`\`\`ts\n${text}\n\`\`\`\n`;
const byName = (a, b) => (a.name < b.name ? -1 : 1);

/** The report of one entry: its exports, and the declarations without which they would say nothing. */
function reportOf({ name, exported }) {
  const known = new Set(exported.values());
  const reached = new Set(known);
  for (const symbol of reached) addMentioned(symbol, reached);
  const others = [...reached].filter((symbol) => !known.has(symbol)).sort(byName);
  const homeOf = (symbol) => present.find((entry) => [...entry.exported.values()].includes(symbol))?.name;
  const lines = [`# API of \`${name}\`\n`, 'Written by `npm run api`.\n', '## Exports\n'];
  for (const exportName of [...exported.keys()].sort()) {
    const symbol = exported.get(exportName);
    lines.push(
      block((symbol.name === exportName ? '' : `// ${symbol.name} as ${exportName}\n`) + describe(symbol)),
    );
  }
  if (others.length > 0) lines.push('## Mentioned by the exports\n');
  for (const symbol of others) {
    const home = homeOf(symbol);
    lines.push(
      home ? `- \`${symbol.name}\` of \`${home}\`\n` : `Not exported:\n\n${block(describe(symbol))}`,
    );
  }
  return lines.join('\n').replace(/\n*$/, '\n');
}

const present = entries
  .filter((entry) => !missing.includes(entry))
  .map((entry) => ({ ...entry, exported: exportsOf(entry) }));
const folder = join(root, 'api');
mkdirSync(folder, { recursive: true });
const wanted = new Map(present.map((entry) => [entry.report, reportOf(entry)]));
const stored = new Map(readdirSync(folder).map((name) => [name, readFileSync(join(folder, name), 'utf8')]));
const changed = [...wanted].filter(([name, text]) => stored.get(name) !== text).map(([name]) => name);
const left = [...stored.keys()].filter(
  (name) => name.endsWith('.api.md') && !entries.some(({ report }) => report === name),
);

if (!check) {
  for (const name of changed) writeFileSync(join(folder, name), wanted.get(name));
  for (const name of left) rmSync(join(folder, name));
}
for (const { name } of missing) console.error(`api: ${name} has no source yet`);
for (const name of [...changed, ...left])
  console.log(`api/${name} ${check ? 'differs: run npm run api' : 'updated'}`);
console.log(`api: ${wanted.size} entries, ${changed.length + left.length} changed`);
if (check && (changed.length > 0 || left.length > 0 || missing.length > 0)) process.exit(1);
