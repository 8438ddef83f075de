// Prints what is said to each mistake of mistakes.ts: node spec/conformance/office/mistakes-table.mjs
import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';

const here = fileURLToPath(new URL('.', import.meta.url));
// Below the project, so that the packages are found.
const folder = mkdtempSync(join(here, '../../../node_modules/.mistakes-table-'));
try {
  const outfile = join(folder, 'mistakes.mjs');
  await build({
    entryPoints: [join(here, 'mistakes.ts')],
    ...{ outfile, bundle: true, format: 'esm', platform: 'node', packages: 'external', logLevel: 'error' },
  });
  const { mistakes, outcomeOf } = await import(pathToFileURL(outfile).href);
  for (const mistake of await mistakes()) {
    const { code, sentence } = await outcomeOf(mistake);
    const right = code === mistake.code && mistake.says.test(sentence);
    console.log(`${right ? '' : 'NOT AS EXPECTED '}${mistake.what}\n    ${code}: ${sentence}`);
    if (!right) process.exitCode = 1;
  }
} finally {
  rmSync(folder, { recursive: true });
}
