// Prints what the doctor says to each network of doctor-fixtures.ts: node spec/conformance/doctor-table.mjs
import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';

const here = fileURLToPath(new URL('.', import.meta.url));
// Below the project, so that the packages are found.
const folder = mkdtempSync(join(here, '../../node_modules/.doctor-table-'));
try {
  const contents =
    "export { doctorFixtures } from './doctor-fixtures.ts'; export { diagnose } from '../../src/cli/doctor/diagnose.ts';";
  const outfile = join(folder, 'table.mjs');
  await build({
    stdin: { contents, resolveDir: here, loader: 'ts' },
    ...{ outfile, bundle: true, format: 'esm', platform: 'node', packages: 'external', logLevel: 'error' },
  });
  const { diagnose, doctorFixtures } = await import(pathToFileURL(outfile).href);
  const rows = [];
  for (const fixture of doctorFixtures) {
    const undos = [];
    const wrong = [];
    for await (const found of diagnose(await fixture.open((undo) => undos.push(undo)))) {
      if (found.state === 'failed' || found.state === 'warning') wrong.push(found);
    }
    for (const undo of undos.reverse()) await undo();
    const last = wrong.at(-1);
    const right = last?.verdict === fixture.expected;
    rows.push([
      fixture.name,
      last?.check ?? '',
      last?.verdict ?? 'nothing',
      last?.seen ?? '',
      right ? 'yes' : 'NO',
    ]);
  }
  console.log('| network | check | verdict | seen | as expected |\n|---|---|---|---|---|');
  for (const row of rows) console.log(`| ${row.map((cell) => cell.replaceAll('|', '/')).join(' | ')} |`);
  if (rows.some((row) => row.at(-1) === 'NO')) process.exitCode = 1;
} finally {
  rmSync(folder, { recursive: true });
}
