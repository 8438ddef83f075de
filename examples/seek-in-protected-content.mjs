// Reads single records out of a large protected file: only the segments they lie in are read and decrypted.
// Run it with: npm run build && node examples/seek-in-protected-content.mjs
import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { open } from 'sealwright';
import { initAuthority } from 'sealwright/authority/folder';
import { openFileSource, protectFile } from 'sealwright/node';

const recordLength = 64;
const records = 500_000;
const record = (number) => `record ${number}`.padEnd(recordLength - 1, '.').concat('\n');

/** A source that counts what is read through it. Anything with these members can be opened. */
function counting(source, counter) {
  const wrapped = {
    size: source.size,
    seekable: source.seekable,
    async read(offset, length, options) {
      const bytes = await source.read(offset, length, options);
      counter.bytes += bytes.length;
      return bytes;
    },
    slice: (offset, length) => counting(source.slice(offset, length), counter),
  };
  return wrapped;
}

const folder = await mkdtemp(join(tmpdir(), 'sealwright-'));
const authority = await initAuthority(join(folder, 'authority'), { name: 'Contoso' });
try {
  const plain = join(folder, 'records.txt');
  await writeFile(plain, Array.from({ length: records }, (_, number) => record(number)).join(''));
  const { path, cipherMode, bytesOut } = await protectFile(plain, {
    service: authority.as('alice@contoso.com'),
    policy: { grants: [{ to: 'contoso.com', rights: 'Viewer' }] },
  });
  console.log(`Protected ${records} records: ${bytesOut} bytes in ${cipherMode}.`);

  const source = await openFileSource(path);
  const counter = { bytes: 0 };
  const opened = await open(counting(source, counter), { service: authority.as('bob@contoso.com') });
  console.log(`Opening read ${counter.bytes} bytes.`);
  for (const number of [499_999, 0, 250_000]) {
    const before = counter.bytes;
    const bytes = await opened.read(number * recordLength, recordLength);
    assert.equal(new TextDecoder().decode(bytes), record(number));
    console.log(`Record ${number} came right, for ${counter.bytes - before} bytes read.`);
  }
  assert(counter.bytes < bytesOut / 50, `${counter.bytes} of ${bytesOut} bytes were read`);
  console.log(`In all ${((100 * counter.bytes) / bytesOut).toFixed(1)} % of the file was read.`);
  opened.close();
  await source.close();
} finally {
  await authority.close();
  await rm(folder, { recursive: true });
}
