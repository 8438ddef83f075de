// Keeps the rooms of src/ apart (spec/architecture.md): who may import whom, that a room is entered through its
// index.ts, where `node:` modules, `Buffer` and `process` may be used, and which room uses which package.
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path/posix';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';

/** A room may import those of the lines above its own; rooms on one line do not know each other. */
const layers = [
  ['errors.ts'],
  ['bytes'],
  ['cipher', 'xrml'],
  ['rights'],
  ['license'],
  ['license/key-encoding'],
  ['container', 'licensing'],
  ['label', 'openid', 'msal'],
  ['protection'],
  ['index.ts', 'node', 'authority'],
  ['authority/folder', 'node/network', 'queue'],
  // The script of the threads puts together what they do, as an index.ts puts together an entry.
  ['server', 'node/workers/worker.ts'],
  ['cli'],
];

/** Rooms and files that run on Node only. */
const nodeOnly = ['node', 'authority/folder', 'queue', 'openid', 'msal', 'server', 'cli'];

/** Files that a room shares with some other rooms, which enter by them as by an index.ts. */
const innerDoors = {
  queue: ['node/bulk/core.ts'],
  node: ['licensing/service-recipe.ts'],
  'authority/folder': ['licensing/service-recipe.ts'],
  'node/workers/worker.ts': ['licensing/service-recipe.ts', 'authority/folder/service-in-thread.ts'],
};

/** The file elsewhere that asks the runtime whether it is Node. */
const mayUseProcess = ['bytes/builtin-module.ts'];

/** Packages and the rooms that may import them: the front door carries few, and none of the server's. */
const packages = {
  '@noble/ciphers': ['cipher', 'license', 'licensing', 'authority'],
  '@noble/hashes': [
    'bytes',
    'cipher',
    'xrml',
    'license',
    'container',
    'licensing',
    'protection',
    'authority',
  ],
  fflate: ['container'],
  '@peculiar/asn1-schema': ['license/key-encoding'],
  '@photostructure/sqlite': ['authority/folder'],
  '@azure/msal-node': ['msal'],
  'openid-client': ['openid'],
  undici: ['node/network'],
  'pac-resolver': ['node/network'],
  'quickjs-wasi': ['node/network'],
  hono: ['server'],
  '@hono/node-server': ['server'],
  jose: ['server'],
  'oidc-provider': ['server'],
  'prom-client': ['server'],
  zod: ['server'],
  'pg-boss': ['queue'],
  commander: ['cli'],
};

const rooms = layers.flat().sort((a, b) => b.length - a.length);
const layerOf = (room) => layers.findIndex((layer) => layer.includes(room));
const roomOf = (path) => rooms.find((room) => path === room || path.startsWith(`${room}/`));
const within = (room, others) => others.some((other) => room === other || room?.startsWith(`${other}/`));

/** Tests and the suites they share may look behind every door. */
export const isTest = (path) =>
  /\.(test|test-support|suite)\.ts$|(^|\/)[\w-]*-suite\.ts$|\/test\//.test(path);

/** What is wrong with one file. `path` is relative to src/. */
export function boundaryProblems(path, text) {
  const source = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true);
  const room = roomOf(path);
  const problems = [];
  const report = (node, message) => {
    const { line } = source.getLineAndCharacterOfPosition(node.getStart(source));
    problems.push(`src/${path}:${line + 1}: ${message}`);
  };
  if (room === undefined)
    return [`src/${path}:1: belongs to no room; add it to the table of tools/check-boundaries.mjs`];

  const checkImport = (node, specifier) => {
    if (specifier.startsWith('node:') || specifier === 'node') {
      if (!within(room, nodeOnly)) report(node, `${room} runs everywhere, so it cannot import ${specifier}`);
    } else if (!specifier.startsWith('.')) {
      const name = specifier.split('/', specifier.startsWith('@') ? 2 : 1).join('/');
      if (!within(room, packages[name] ?? [])) report(node, `${room} may not use the package ${name}`);
    } else {
      const target = normalize(join(dirname(path), specifier));
      const other = roomOf(target);
      if (other === undefined) report(node, `${specifier} is in no room of src/`);
      else if (other === room) return;
      else if (layerOf(other) >= layerOf(room))
        report(node, `${room} may not import ${other}: arrows point the other way`);
      else if (
        target !== other &&
        target !== `${other}/index.ts` &&
        !room.startsWith(`${other}/`) &&
        !innerDoors[room]?.includes(target)
      ) {
        report(node, `enter ${other} through its index.ts, not ${specifier}`);
      }
    }
  };

  const visit = (node) => {
    const specifier =
      ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword
        ? node.arguments[0]
        : ts.isImportTypeNode(node)
          ? node.argument.literal
          : node.moduleSpecifier;
    if (specifier && ts.isStringLiteralLike(specifier)) checkImport(node, specifier.text);
    if (ts.isIdentifier(node) && (node.text === 'Buffer' || node.text === 'process')) {
      const named = ts.isPropertyAccessExpression(node.parent) && node.parent.name === node;
      const global = named && node.parent.expression.getText(source) === 'globalThis';
      const declares = !named && node.parent.name === node;
      const allowed = within(room, nodeOnly) || (node.text === 'process' && mayUseProcess.includes(path));
      if (!allowed && !declares && (!named || global)) report(node, `${node.text} exists on Node only`);
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return problems;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const root = fileURLToPath(new URL('../src/', import.meta.url));
  const paths = readdirSync(root, { recursive: true })
    .filter((path) => path.endsWith('.ts') && !isTest(path))
    .sort();
  const problems = paths.flatMap((path) => boundaryProblems(path, readFileSync(join(root, path), 'utf8')));
  for (const problem of problems) console.error(problem);
  console.log(`boundaries: ${paths.length} files, ${problems.length} problems`);
  if (problems.length > 0) process.exit(1);
}
