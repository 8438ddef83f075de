// Bundles each built entry as an application would, prints what that costs, and fails when an entry outgrows its
// budget, when one for browsers needs Node, or when the front door carries what only a server needs.
import { existsSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';

const root = fileURLToPath(new URL('..', import.meta.url));

/** Packages that nobody should carry who does not run a server or a command line. */
const serverOnly =
  /node_modules\/(@photostructure|commander|hono|@hono|zod|jose|prom-client|undici|openid-client|oauth4webapi)\//;
const keyEncodings = /node_modules\/(@peculiar|asn1js|pvtsutils|pvutils|tslib)\//;

/**
 * Kilobytes after minification and gzip of what is loaded at once; `later` are those of the parts that are loaded when
 * a document needs them (PDF, mail). Raise one with a sentence of reason in the change.
 */
const entries = [
  {
    name: 'sealwright',
    file: 'index',
    browser: true,
    budget: 105,
    later: 85,
    without: [serverOnly, keyEncodings],
  },
  {
    name: 'sealwright/cipher',
    file: 'cipher/index',
    browser: true,
    budget: 19,
    without: [serverOnly, keyEncodings],
  },
  {
    name: 'sealwright/xrml',
    file: 'xrml/index',
    browser: true,
    budget: 14,
    without: [serverOnly, keyEncodings],
  },
  {
    name: 'sealwright/license',
    file: 'license/index',
    browser: true,
    budget: 35,
    without: [serverOnly, keyEncodings],
  },
  {
    name: 'sealwright/license/key-encoding',
    file: 'license/key-encoding/index',
    browser: true,
    budget: 35,
    without: [serverOnly],
  },
  {
    name: 'sealwright/container',
    file: 'container/index',
    browser: true,
    budget: 50,
    later: 95,
    without: [serverOnly, keyEncodings],
  },
  {
    name: 'sealwright/label',
    file: 'label/index',
    browser: true,
    budget: 88,
    later: 85,
    without: [serverOnly, keyEncodings],
  },
  {
    name: 'sealwright/authority',
    file: 'authority/index',
    browser: true,
    budget: 52,
    without: [serverOnly],
  },
  {
    name: 'sealwright/licensing',
    file: 'licensing/index',
    browser: true,
    budget: 60,
    without: [serverOnly, keyEncodings],
  },
  { name: 'sealwright/openid', file: 'openid/index', browser: false, budget: 25, without: [] },
  { name: 'sealwright/msal', file: 'msal/index', browser: false, budget: 8, without: [serverOnly] },
  { name: 'sealwright/node/network', file: 'node/network/index', browser: false, budget: 190, without: [] },
  {
    name: 'sealwright/queue',
    file: 'queue/index',
    browser: false,
    budget: 150,
    later: 85,
    without: [serverOnly],
  },
  { name: 'sealwright/server', file: 'server/index', browser: false, budget: 190, without: [] },
  {
    name: 'sealwright/node',
    file: 'node/index',
    browser: false,
    budget: 165,
    later: 85,
    without: [serverOnly],
  },
  {
    name: 'sealwright/authority/folder',
    file: 'authority/folder/index',
    browser: false,
    budget: 92,
    without: [serverOnly],
  },
];

/** Leaves Node's modules out of the bundle and remembers who asked for them. */
const recordBuiltins = (asked) => ({
  name: 'record-builtins',
  setup({ onResolve }) {
    onResolve({ filter: /^[a-z@]/ }, ({ path, importer }) => {
      if (!isBuiltin(path)) return undefined;
      asked.push(`${path} by ${importer.replace(root, '')}`);
      return { path, external: true };
    });
  },
});

/** The parts that are there when the entry is: it, and what it and they import, `import()` left out. */
function loadedAtOnce(outputs) {
  const found = new Set();
  const visit = (path) => {
    if (found.has(path) || outputs[path] === undefined) return;
    found.add(path);
    for (const { path: next, kind } of outputs[path].imports) if (kind === 'import-statement') visit(next);
  };
  for (const [path, { entryPoint }] of Object.entries(outputs)) if (entryPoint === '<stdin>') visit(path);
  return found;
}

let failed = false;
const fail = (message) => {
  failed = true;
  console.error(`  ${message}`);
};

for (const { name, file, browser, budget, later = 0, without } of entries) {
  const path = `dist/${file}.js`;
  if (!existsSync(root + path)) {
    fail(`${name}: ${path} is not built`);
    continue;
  }
  const builtins = [];
  const { outputFiles, metafile } = await build({
    stdin: { contents: `export * from './${path}';`, resolveDir: root },
    absWorkingDir: root,
    bundle: true,
    minify: true,
    splitting: true,
    outdir: 'bundle',
    write: false,
    metafile: true,
    format: 'esm',
    target: 'es2022',
    platform: browser ? 'browser' : 'node',
    // Injected or found at run time where there is one; a bundle never carries a database.
    external: browser
      ? []
      : ['@photostructure/sqlite', '@azure/msal-node', 'pac-resolver', 'quickjs-wasi', 'pg-boss'],
    plugins: [recordBuiltins(builtins)],
    logLevel: 'error',
  });
  const atOnce = loadedAtOnce(metafile.outputs);
  const parts = Object.entries(metafile.outputs).map(([path, output]) => ({
    ...output,
    atOnce: atOnce.has(path),
    contents: outputFiles.find((file) => file.path === root + path).contents,
  }));
  const gzipped = (loaded) =>
    parts
      .filter((part) => part.atOnce === loaded)
      .reduce((sum, { contents }) => sum + gzipSync(contents, { level: 9 }).length, 0);
  const kilobytes = (bytes) => `${(bytes / 1024).toFixed(1)} KiB`.padStart(10);
  const [first, more] = [gzipped(true), gzipped(false)];
  console.log(
    `${name.padEnd(28)} ${kilobytes(first)} gzip, budget ${budget} KiB${more > 0 ? `; when needed ${kilobytes(more).trim()} more, budget ${later} KiB` : ''}`,
  );

  if (first > budget * 1024) fail(`${name} outgrew its budget of ${budget} KiB`);
  if (more > later * 1024) fail(`What ${name} loads when needed outgrew its budget of ${later} KiB`);
  if (browser && builtins.length > 0) fail(`${name} needs Node: ${builtins.join(', ')}`);
  // esbuild's words for a require() that it could not follow.
  const texts = outputFiles.map(({ text }) => text);
  if (browser && texts.some((text) => text.includes('Dynamic require of'))) fail(`${name} calls require()`);
  for (const { inputs } of parts)
    for (const [input, { bytesInOutput }] of Object.entries(inputs)) {
      if (bytesInOutput > 0 && without.some((pattern) => pattern.test(input)))
        fail(`${name} carries ${input}`);
    }
}
if (failed) process.exit(1);
