import { existsSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { defineConfig, type Options } from 'tsup';

/** Every subpath export of package.json, as the path of its source without `.ts`. */
const libraryEntries = [
  'index',
  'cipher/index',
  'xrml/index',
  'license/index',
  'license/key-encoding/index',
  'container/index',
  'label/index',
  'licensing/index',
  'openid/index',
  'msal/index',
  'node/index',
  'node/network/index',
  'queue/index',
  'authority/index',
  'authority/folder/index',
  'server/index',
];
const commandEntry = 'cli/main';

/** What worker threads run. No entry of the package: `node/workers/worker-script.ts` finds it. */
const workerEntry = { 'node/worker': 'src/node/workers/worker.ts' };

const missing = [...libraryEntries, commandEntry].filter((entry) => !existsSync(`src/${entry}.ts`));
if (missing.length > 0) {
  const list = missing.map((entry) => `src/${entry}.ts`).join(', ');
  if (process.env.CI) throw new Error(`These entries of the package have no source: ${list}`);
  console.warn(`Built without entries that have no source yet: ${list}`);
}

const entriesOf = (names: readonly string[]): Record<string, string> =>
  Object.fromEntries(names.filter((name) => !missing.includes(name)).map((name) => [name, `src/${name}.ts`]));

/** JavaScript only, for those who want to run it now; `npm run build` adds the types. */
const quick = process.env.SEALWRIGHT_BUILD === 'quick';

const shared: Options = {
  outDir: 'dist',
  target: 'node20',
  platform: 'node',
  // One SealwrightError for all entries, so that `instanceof` works across them: shared code is in shared chunks.
  splitting: true,
  // Without its prefix `node:sqlite` is not found, and bundlers take `fs` for a package.
  removeNodeProtocol: false,
  // Both formats are built at once into one folder: `npm run build` empties it first, a quick build keeps the types.
  clean: false,
  sourcemap: false,
  silent: quick,
};

/** Bundled CommonJS packages: inside an ES module their `require` of a built-in module has to become a call. */
const requireOfBuiltins: NonNullable<Options['esbuildPlugins']>[number] = {
  name: 'require-of-builtins',
  setup(build) {
    build.onResolve({ filter: /^[a-z]/ }, ({ kind, path }) => {
      if (!isBuiltin(path)) return undefined;
      return kind === 'require-call' ? { path, namespace: 'builtin' } : { path, external: true };
    });
    build.onLoad({ filter: /.*/, namespace: 'builtin' }, ({ path }) => ({
      contents: `module.exports = process.getBuiltinModule(${JSON.stringify(path)});`,
    }));
  },
};

export default defineConfig([
  {
    ...shared,
    format: 'esm',
    // `tools/write-commonjs-types.mjs` makes those for CommonJS from these, in no time.
    dts: quick ? false : { entry: entriesOf(libraryEntries) },
    entry: { ...entriesOf([...libraryEntries, commandEntry]), ...workerEntry },
    esbuildPlugins: [requireOfBuiltins],
    // `tools/write-third-party-licenses.mjs` reads from it whose licenses go with the build.
    metafile: !quick,
  },
  {
    ...shared,
    format: 'cjs',
    entry: entriesOf(libraryEntries),
    // There is none in CommonJS; whoever asks for it asks for __filename first.
    define: { 'import.meta.url': 'undefined' },
    // What splits CommonJS would rewrite fields of classes, and gets some of them wrong.
    esbuildOptions: (options) => {
      options.supported = { ...options.supported, 'class-field': false, 'class-static-field': false };
    },
  },
]);
