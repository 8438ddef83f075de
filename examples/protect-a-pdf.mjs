// Protects a PDF under a cover page of one's own, reads what any reader shows of it, and opens it again.
// Run it with: npm run build && node examples/protect-a-pdf.mjs
import assert from 'node:assert/strict';
import { copyFile, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { inflateSync } from 'node:zlib';
import { initAuthority } from 'sealwright/authority/folder';
import { inspectFile, openFile, protectFile } from 'sealwright/node';

const folder = await mkdtemp(join(tmpdir(), 'sealwright-'));
const authority = await initAuthority(join(folder, 'authority'), { name: 'Contoso' });
try {
  const original = join(folder, 'contract.pdf');
  await copyFile(fileURLToPath(new URL('documents/contract.pdf', import.meta.url)), original);

  // The page is not encrypted: nothing of the document belongs on it. Left out, it is a page in seven languages.
  const cover = {
    texts: [
      { language: 'en', title: 'A contract of Contoso', paragraphs: ['Ask legal@contoso.com to read it.'] },
    ],
  };
  const { path, bytesIn, bytesOut } = await protectFile(original, {
    service: authority.as('alice@contoso.com'),
    policy: { grants: [{ to: 'bob@contoso.com', rights: 'Viewer' }] },
    settings: { pdf: { cover } },
  });
  console.log(`Alice protected contract.pdf (${bytesIn} bytes) as ${basename(path)} (${bytesOut} bytes).`);

  const bytes = await readFile(path);
  // The drawing of the page, as any reader takes it from the file.
  const drawing = bytes.subarray(bytes.indexOf('/FlateDecode>>stream\n') + 21, bytes.indexOf('\nendstream'));
  const shown = inflateSync(drawing)
    .toString('latin1')
    .matchAll(/\((.*)\) Tj/g);
  console.log('Every reader shows, and programs that search PDFs find:');
  for (const [, text] of shown) console.log(`  ${text}`);
  assert(bytes.includes('MicrosoftIRMServices'), 'the contract is in it, encrypted');

  const { format, formatVersion, owner, cipherMode } = await inspectFile(path);
  console.log('Anyone can be told:', { format, formatVersion, owner, cipherMode });

  const file = await openFile(path, { service: authority.as('bob@contoso.com') });
  const opened = await file.saveTo(join(folder, 'opened/'));
  console.log(`Bob opened it with ${file.rights.join(', ')}. May he print? ${file.may('PRINT')}.`);
  if (!file.authenticated)
    console.log(`  ${file.cipherMode} does not detect changes; PDFs carry no other mode.`);
  await file.close();
  assert((await readFile(opened)).subarray(0, 5).equals(Buffer.from('%PDF-')));

  const eve = await openFile(path, { service: authority.as('eve@fabrikam.com') }).catch((error) => error);
  assert.equal(eve.code, 'ACCESS_DENIED');
  console.log(`Eve sees the page above, and no more: ${eve.message}`);
} finally {
  await authority.close();
  await rm(folder, { recursive: true });
}
