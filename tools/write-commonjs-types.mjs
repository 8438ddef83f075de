// Writes, beside every `.d.ts` of the build, the `.d.cts` that CommonJS importers read: the same declarations, whose
// imports lead to `.cjs` files. Generating them a second time would double the time of a build.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const dist = fileURLToPath(new URL('../dist/', import.meta.url));
const declarations = readdirSync(dist, { recursive: true }).filter((path) => path.endsWith('.d.ts'));
for (const path of declarations) {
  const text = readFileSync(join(dist, path), 'utf8');
  const commonJs = text.replace(/((?:from|import\()\s*['"]\.{1,2}\/[^'"]*)\.js(?=['"])/g, '$1.cjs');
  writeFileSync(join(dist, path.replace(/\.d\.ts$/, '.d.cts')), commonJs);
}
console.log(`types: ${declarations.length} declarations for CommonJS`);
