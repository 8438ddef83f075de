// Lists what the files of a folder say about themselves. No key and no network are needed, and only heads are read.
// Run it with: npm run build && node examples/inspect-a-folder.mjs [FOLDER]
import assert from 'node:assert/strict';
import { cp, mkdtemp, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { SealwrightError } from 'sealwright';
import { initAuthority } from 'sealwright/authority/folder';
import { inspectFile, protectFile, walkFolder } from 'sealwright/node';

/** Prints a line for each file and gives how many there were of each kind. */
async function inspectFolder(path) {
  const counts = { protected: 0, plain: 0, unreadable: 0 };
  for await (const entry of walkFolder(path)) {
    if (entry.kind !== 'file') continue;
    try {
      const facts = await inspectFile(entry.path);
      counts[facts.protected ? 'protected' : 'plain'] += 1;
      const what = facts.protected
        ? `${facts.owner}, ${facts.cipherMode ?? 'cipher mode sealed'}, until ${facts.validUntil ?? 'further notice'}`
        : `not protected (${facts.recognisedAs})`;
      console.log(`${entry.relativePath.padEnd(24)} ${what}`);
    } catch (error) {
      // One damaged file is no reason to stop.
      if (!(error instanceof SealwrightError)) throw error;
      counts.unreadable += 1;
      console.log(`${entry.relativePath.padEnd(24)} ${error.code}: ${error.message}`);
    }
  }
  return counts;
}

/** A folder to look at: the documents of this project, two of them protected, one of those cut. */
async function demonstration(folder) {
  const documents = join(folder, 'documents');
  await cp(fileURLToPath(new URL('documents', import.meta.url)), documents, { recursive: true });
  const authority = await initAuthority(join(folder, 'authority'), { name: 'Contoso' });
  const service = authority.as('alice@contoso.com');
  const policy = { grants: [], validUntil: new Date('2099-01-01T00:00:00Z') };
  await protectFile(join(documents, 'meeting-notes.txt'), { service, policy });
  const { path } = await protectFile(join(documents, 'contract.pdf'), { service, policy });
  await authority.close();
  const cut = await open(path, 'r+');
  await cut.truncate(500);
  await cut.close();
  const counts = await inspectFolder(documents);
  assert.deepEqual(counts, { protected: 1, plain: 4, unreadable: 1 });
}

const given = process.argv[2];
if (given !== undefined) await inspectFolder(given);
else {
  const folder = await mkdtemp(join(tmpdir(), 'sealwright-'));
  await demonstration(folder).finally(() => rm(folder, { recursive: true }));
}
