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

/** Kilobytes after minification and gzip, everything included. Raise one with a sentence of reason in the change. */
const entries = [
  { name: 'sealwright', file: 'index', browser: true, budget: 90, without: [serverOnly, keyEncodings] },
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
    budget: 40,
    without: [serverOnly, keyEncodings],
  },
  {
    name: 'sealwright/label',
    file: 'label/index',
    browser: true,
    budget: 78,
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
  { name: 'sealwright/queue', file: 'queue/index', browser: false, budget: 145, without: [serverOnly] },
  { name: 'sealwright/server', file: 'server/index', browser: false, budget: 190, without: [] },
  { name: 'sealwright/node', file: 'node/index', browser: false, budget: 160, without: [serverOnly] },
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

let failed = false;
const fail = (message) => {
  failed = true;
  console.error(`  ${message}`);
};

for (const { name, file, browser, budget, without } of entries) {
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
  const [{ text, contents }] = outputFiles;
  const gzipped = gzipSync(contents, { level: 9 }).length;
  const kilobytes = (bytes) => `${(bytes / 1024).toFixed(1)} KiB`.padStart(10);
  console.log(
    `${name.padEnd(28)} ${kilobytes(contents.length)} minified ${kilobytes(gzipped)} gzip, budget ${budget} KiB`,
  );

  if (gzipped > budget * 1024) fail(`${name} outgrew its budget of ${budget} KiB`);
  if (browser && builtins.length > 0) fail(`${name} needs Node: ${builtins.join(', ')}`);
  // esbuild's words for a require() that it could not follow.
  if (browser && text.includes('Dynamic require of')) fail(`${name} calls require()`);
  const [output] = Object.values(metafile.outputs);
  for (const [input, { bytesInOutput }] of Object.entries(output.inputs)) {
    if (bytesInOutput > 0 && without.some((pattern) => pattern.test(input))) fail(`${name} carries ${input}`);
  }
}
if (failed) process.exit(1);
