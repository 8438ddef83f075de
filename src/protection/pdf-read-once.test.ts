import { describe, expect, it } from 'vitest';
import { createAuthority, createMemoryStore } from '../authority/index.ts';
import { type ByteSource, memorySource, sliceSource } from '../bytes/index.ts';
import { readPdf } from '../container/pdf/read/read-pdf.ts';
import { buildPdf, withPage } from '../container/pdf/test/build-pdf.ts';
import { custodianFromPkcs8, generateRsaKey } from '../license/index.ts';
import { inspect, open, protect, removeProtection } from './index.ts';

const custodian = await custodianFromPkcs8(await generateRsaKey(2048));
const authority = await createAuthority({ store: createMemoryStore(), custodian });
const service = authority.as('alice@contoso.com');

/** A document whose cross-references stand far behind its objects, so that nobody reads them by the way. */
function documentWithTable(): Uint8Array {
  const builder = withPage(buildPdf());
  for (let number = 5; number < 600; number++) builder.object(number, `(${number})`);
  builder.stream(600, '', 'scanned '.repeat(100_000));
  return builder.table('/Root 1 0 R/Size 601/ID[<00><00>]').end().bytes();
}

/** Bytes at the end of a file that are read before anything else, and the cross-references among them. */
const endLength = 20_000;

/** A source that tells how many reads begin at its end. */
function watched(bytes: Uint8Array): { source: ByteSource; reads: () => number } {
  const memory = memorySource(bytes);
  let reads = 0;
  const source: ByteSource = {
    size: bytes.length,
    seekable: true,
    read(offset, wanted, options) {
      if (offset >= bytes.length - endLength) reads++;
      return memory.read(offset, wanted, options);
    },
    slice: (offset, wanted) => sliceSource(source, offset, wanted),
  };
  return { source, reads: () => reads };
}

/** How often the end of a file is read when its cross-references are read once. */
async function readingsOfOnce(bytes: Uint8Array): Promise<number> {
  const { source, reads } = watched(bytes);
  await readPdf(source);
  expect(reads()).toBeGreaterThan(0);
  return reads();
}

describe('the cross-references of a PDF', () => {
  const document = documentWithTable();
  const protectedPdf = (async () => {
    const file = await protect(document, { service, policy: { grants: [] }, name: 'a.pdf' });
    return file.bytes();
  })();

  it('are read once when it is protected, whatever is to be known of it', async () => {
    const { source, reads } = watched(document);
    const file = await protect(source, { service, policy: { grants: [] }, name: 'a.pdf' });
    expect((await file.bytes()).length).toBeGreaterThan(document.length);
    expect(reads()).toBe(await readingsOfOnce(document));
  });

  it('are read once when it is opened', async () => {
    const bytes = await protectedPdf;
    const { source, reads } = watched(bytes);
    const opened = await open(source, { service });
    expect((await opened.bytes()).length).toBeGreaterThan(800_000);
    opened.close();
    expect(reads()).toBe(await readingsOfOnce(bytes));
  });

  it('are read once when its protection is removed', async () => {
    const bytes = await protectedPdf;
    const { source, reads } = watched(bytes);
    const opened = await removeProtection(source, { service, name: 'a.pdf' });
    expect((await opened.bytes()).length).toBeGreaterThan(800_000);
    opened.close();
    expect(reads()).toBe(await readingsOfOnce(bytes));
  });

  it('are read once when it is inspected, protected or not', async () => {
    for (const bytes of [document, await protectedPdf]) {
      const { source, reads } = watched(bytes);
      await inspect(source);
      expect(reads()).toBe(await readingsOfOnce(bytes));
    }
  });
});
