import { describe, expect, it } from 'vitest';
import { memorySource } from '../../../bytes/index.ts';
import type { DecryptPdfStream } from '../pdf-document.ts';
import { buildPdf, withPage } from '../test/build-pdf.ts';
import { readBuilt, textOf, textsOf } from '../test/read-built.ts';

/** Stands for a cipher: every byte is turned over. */
const turned = (bytes: Uint8Array): Uint8Array => bytes.map((byte) => byte ^ 0xff);
const decrypt: DecryptPdfStream = async ({ data }) =>
  memorySource(turned(await data.read(0, data.size ?? 0)));

/** A document whose catalog is in an encrypted object stream. */
function encryptedPdf(rebuild: boolean) {
  const inner = buildPdf('').objectStream(5, [
    [1, '<</Type/Catalog/Pages 2 0 R/Version/2.0>>'],
    [2, '<</Type/Pages/Kids[]/Count 0/Note(clear within)>>'],
  ]);
  const text = Buffer.from(inner.bytes()).toString('latin1');
  const start = text.indexOf('stream\n') + 7;
  const end = text.indexOf('\nendstream');
  const data = turned(inner.bytes().subarray(start, end));
  const header = text.slice(text.indexOf('<<') + 2, text.indexOf('/Length'));
  const pdf = buildPdf()
    .stream(5, header, data)
    .object(6, '<</Filter/MicrosoftIRMServices/PublishingLicense(license)>>');
  pdf.object(7, '(secret)').pending.set(1, { stream: 5, index: 0 }).set(2, { stream: 5, index: 1 });
  pdf.crossReferences(9, '/Root 1 0 R/Encrypt 6 0 R/Size 10');
  return rebuild ? pdf.end(1) : pdf.end();
}

describe('an encrypted document', () => {
  it('tells what is where without its key, and what is not in object streams', async () => {
    const document = await readBuilt(encryptedPdf(false));
    expect(document).toMatchObject({ encrypted: true, rebuilt: false, version: '1.7' });
    expect(document.entries.map(({ number }) => number)).toEqual([5, 1, 2, 6, 7]);
    expect(await document.resolve(document.trailer.entries.get('Encrypt'))).toMatchObject({
      kind: 'dictionary',
    });
    expect(await textOf(document, 7)).toBe('(secret)');
  });

  it('does not give what is in its object streams', async () => {
    const document = await readBuilt(encryptedPdf(false));
    const refusal = { code: 'UNSUPPORTED_FORMAT', details: { reason: 'encrypted' } };
    await expect(document.object(1)).rejects.toMatchObject(refusal);
    await expect(document.resolve(document.trailer.entries.get('Root'))).rejects.toMatchObject(refusal);
  });

  it('gives it to whoever can decrypt streams', async () => {
    const document = await (await readBuilt(encryptedPdf(false))).decrypting(decrypt);
    expect(document.version).toBe('2.0');
    expect(await document.object(2)).toMatchObject({ inStream: true });
    expect((await textsOf(document))[2]).toContain('(clear within)');
    // What stands in the file itself is given as it stands there.
    expect(await textOf(document, 7)).toBe('(secret)');
  });

  it('is searched for its objects, and once it can be decrypted for those in object streams', async () => {
    const document = await readBuilt(encryptedPdf(true));
    expect(document).toMatchObject({ encrypted: true, rebuilt: true });
    expect(document.entries.map(({ number }) => number)).toEqual([5, 6, 7]);
    const open = await document.decrypting(decrypt);
    expect(open).toMatchObject({ rebuilt: true, version: '2.0' });
    expect(open.entries.map(({ number }) => number)).toEqual([5, 1, 2, 6, 7]);
    expect(await textOf(open, 1)).toContain('/Catalog');
  });

  it('decrypts before filters are undone', async () => {
    const pdf = withPage(buildPdf())
      .object(6, '<<>>')
      .stream(5, '', turned(Uint8Array.of(1, 2, 3)));
    const document = await readBuilt(pdf.table('/Root 1 0 R/Encrypt 6 0 R/Size 7').end());
    const stream = await document.object(5);
    if (stream === undefined) throw new Error('no stream');
    expect(await document.decoded(stream, 3)).toEqual(turned(Uint8Array.of(1, 2, 3)));
    expect(await (await document.decrypting(decrypt)).decoded(stream, 3)).toEqual(Uint8Array.of(1, 2, 3));
  });
});
