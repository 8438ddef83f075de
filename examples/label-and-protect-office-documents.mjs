// Labels an Office document, protects it in Office's own format, and follows the label: read and changed without a
// key, and back in the document when the protection is taken off.
// Run it with: npm run build && node examples/label-and-protect-office-documents.mjs
import assert from 'node:assert/strict';
import { cp, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { memorySource } from 'sealwright';
import { initAuthority } from 'sealwright/authority/folder';
import { changeLabels, readLabels } from 'sealwright/label';
import {
  changeFileLabels,
  inspectFile,
  openFile,
  protectFile,
  readFileLabels,
  removeProtectionFromFile,
} from 'sealwright/node';

/** Labels and tenants have GUIDs; those of your own are in Microsoft Purview. A name is for people. */
const siteId = '11111111-2222-3333-4444-555555555555';
const general = { id: '10000000-0000-4000-8000-000000000001', siteId, name: 'General' };
const confidential = { id: '10000000-0000-4000-8000-000000000002', siteId, name: 'Confidential' };
const names = (labels) => labels.filter((label) => label.enabled).map((label) => label.name);

const folder = await mkdtemp(join(tmpdir(), 'sealwright-'));
const authority = await initAuthority(join(folder, 'authority'), { name: 'Contoso' });
try {
  const budget = join(folder, 'budget.xlsx');
  await cp(fileURLToPath(new URL('documents/budget.xlsx', import.meta.url)), budget);

  // On a file: only what states the label changes, and nothing if the file states it already.
  const chosen = { ...general, method: 'Privileged', setDate: new Date() };
  await changeFileLabels(budget, { set: chosen });
  assert.deepEqual(names(await readFileLabels(budget)), ['General']);
  assert.equal((await changeFileLabels(budget, { set: chosen })).changed, false);
  console.log('budget.xlsx is labelled General. Labelled so again, it is not touched.');

  // In memory: a byte source in, a byte source out.
  const bytes = await readFile(budget);
  const labelled = await changeLabels(memorySource(bytes), { set: confidential }, { name: 'budget.xlsx' });
  const copy = await labelled.read(0, labelled.size);
  assert.deepEqual(names(await readLabels(memorySource(copy))), ['Confidential']);
  assert.deepEqual(names(await readLabels(memorySource(bytes))), ['General']);
  console.log('A copy in memory is labelled Confidential; the file is what it was.');

  // Protected, it keeps name and label. In another folder, because beside the original it is budget-protected.xlsx.
  const alice = authority.as('alice@contoso.com');
  const { path } = await protectFile(budget, {
    service: alice,
    policy: { grants: [{ to: 'contoso.com', rights: 'Viewer' }] },
    out: join(folder, 'protected'),
  });
  const facts = await inspectFile(path);
  assert.equal(basename(path), 'budget.xlsx');
  assert.equal(facts.format, 'office');
  assert.deepEqual(names(facts.labels), ['General']);
  console.log(
    `Protected, ${basename(path)} is of ${facts.owner}, and says without a key: ${names(facts.labels)}.`,
  );

  // A gateway changes the label of the protected file: it needs no key, and learns nothing of the content.
  await changeFileLabels(path, { set: confidential });
  assert.deepEqual(names((await inspectFile(path)).labels), ['Confidential']);

  const bob = await openFile(path, { service: authority.as('bob@contoso.com') });
  const firstBytes = new TextDecoder().decode(await bob.read(0, 2));
  assert.equal(firstBytes, 'PK'); // a package of Office is a ZIP file
  assert.throws(() => bob.require('EXTRACT'), { code: 'ACCESS_DENIED' });
  const opened = await bob.saveTo(join(folder, 'opened/'));
  await bob.close();
  assert(bytes.equals(await readFile(opened)));
  console.log(
    `Relabelled Confidential without a key. Bob opens what was protected: ${names(await readFileLabels(opened))}.`,
  );

  // Whoever takes the protection off gets the document with the label that the protected file had in the end.
  const plain = await removeProtectionFromFile(path, { service: alice, out: join(folder, 'plain') });
  assert.deepEqual(names(await readFileLabels(plain.path)), ['Confidential']);
  console.log(`Alice takes the protection off: ${names(await readFileLabels(plain.path))}.`);

  const refused = removeProtectionFromFile(path, { service: authority.as('bob@contoso.com'), out: folder });
  await assert.rejects(refused, { code: 'ACCESS_DENIED' });
  console.log('Bob may not: to view is not to export.');
} finally {
  await authority.close();
  await rm(folder, { recursive: true });
}
