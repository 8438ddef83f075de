import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';

/** The library straight from src/, with what its front doors do not show. */
export async function loadLibrary(root) {
  const outfile = `${root}node_modules/.cache/sealwright-license-vectors.mjs`;
  await build({
    stdin: {
      contents: [
        "export * from './src/license/index.ts';",
        "export { definePolicy, defineTemplate } from './src/rights/index.ts';",
        "export { element, markup, signXrmlBody } from './src/xrml/index.ts';",
        "export { cipherMode, encryptStream } from './src/cipher/index.ts';",
      ].join('\n'),
      resolveDir: root,
      loader: 'ts',
    },
    bundle: true,
    packages: 'external',
    platform: 'node',
    format: 'esm',
    outfile,
    logLevel: 'error',
  });
  return import(pathToFileURL(outfile).href);
}
