// Writes the documents of examples/documents: a text, an image, a spreadsheet and a PDF. The same bytes every time;
// `--check` fails if what is stored differs from what this would write.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { budgetWorkbook } from './example-documents/budget-workbook.mjs';
import { contractPdf } from './example-documents/contract-pdf.mjs';
import { floorPlan } from './example-documents/floor-plan.mjs';
import { meetingNotes } from './example-documents/meeting-notes.mjs';

const folder = fileURLToPath(new URL('../examples/documents/', import.meta.url));
const documents = {
  'meeting-notes.txt': new TextEncoder().encode(meetingNotes),
  'floor-plan.png': floorPlan(),
  'budget.xlsx': budgetWorkbook(),
  'contract.pdf': contractPdf(),
};

const stored = (name) => {
  try {
    return readFileSync(join(folder, name));
  } catch {
    return new Uint8Array();
  }
};

mkdirSync(folder, { recursive: true });
const changed = Object.entries(documents).filter(
  ([name, bytes]) => Buffer.compare(stored(name), bytes) !== 0,
);
if (process.argv.includes('--check')) {
  for (const [name] of changed) console.error(`examples/documents/${name} differs: run npm run documents`);
  if (changed.length > 0) process.exit(1);
} else {
  for (const [name, bytes] of changed) writeFileSync(join(folder, name), bytes);
}
for (const [name, bytes] of Object.entries(documents)) console.log(`${name} ${bytes.length} bytes`);
