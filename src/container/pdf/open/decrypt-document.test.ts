import { deflateSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { encodeHex, memorySource } from '../../../bytes/index.ts';
import type { PartCipher } from '../../document-format.ts';
import { bytesOf, cipherOf, license, protectedBytes } from '../protect/protect.test-support.ts';
import { readProtectedPdf } from '../read-protected.ts';
import { buildPdf, latin1 } from '../test/build-pdf.ts';
import { encryptUnits } from '../unit-cipher/encrypt-units.ts';

const version2 = '/Filter/MicrosoftIRMServices/V 5/MicrosoftIRMVersion 2';
const filters =
  '/CF<</MicrosoftIRMServices<</Type/CryptFilter/CFM/None>>>>/StmF/MicrosoftIRMServices/StrF/MicrosoftIRMServices';
const stored = `/PublishingLicense<${encodeHex(license)}>`;

/** A protected document put together by hand: its units, and what its encryption dictionary says. */
async function built(
  encryption: string,
  parts: {
    readonly string?: Uint8Array | string;
    readonly stream?: Uint8Array | string;
    readonly keys?: string;
    readonly more?: string;
  } = {},
  cipher: PartCipher = cipherOf(),
): Promise<Uint8Array> {
  const units = await encryptUnits(cipher);
  const string = parts.string ?? (await units.string(latin1('a title')));
  const stream = parts.stream ?? (await units.string(latin1('BT ET')));
  const text = typeof string === 'string' ? string : `<${encodeHex(string)}>`;
  return buildPdf()
    .object(1, '<</Type/Catalog/Pages 2 0 R>>')
    .object(2, '<</Type/Pages/Kids[]/Count 0>>')
    .object(3, `<</Title ${text}${parts.more ?? ''}>>`)
    .stream(4, parts.keys ?? '', stream)
    .object(5, `<<${encryption}>>`)
    .table('/Size 6/Root 1 0 R/Info 3 0 R/Encrypt 5 0 R/ID[(0)(1)]')
    .end()
    .bytes();
}

async function opened(bytes: Uint8Array, cipher: PartCipher = cipherOf()): Promise<string> {
  const writer = await (await readProtectedPdf(memorySource(bytes))).open(cipher);
  return Buffer.from(await bytesOf(writer)).toString('latin1');
}

const read = (bytes: Uint8Array) => readProtectedPdf(memorySource(bytes));

describe('an opened document', () => {
  it('has its strings and streams, and nothing of the encryption', async () => {
    const text = await opened(await built(version2 + filters + stored));
    expect(text).toContain('/Title (a title)');
    expect(text).toContain('stream\nBT ET\nendstream');
    expect(text).not.toMatch(/Encrypt|PublishingLicense|MicrosoftIRMServices/);
  });

  it.each([
    ['as other writers have them', '/MicrosoftIRMVersion 2/V 4/filter/x'],
    ['with the version as a name', '/MicrosoftIRMVersion/2/V 5'],
  ])('comes from dictionaries %s', async (_, keys) => {
    expect(await opened(await built(`/Filter/microsoftirmservices${keys}${filters}${stored}`))).toContain(
      '(a title)',
    );
  });

  it('comes from a dictionary in the trailer itself', async () => {
    const bytes = Buffer.from(await built(version2 + filters + stored)).toString('latin1');
    const inTrailer = bytes.replace('/Encrypt 5 0 R', `/Encrypt<<${version2}${filters}${stored}>>`);
    // Nothing else may be in the clear.
    const direct = inTrailer.replace(
      /5 0 obj\n(.*)\n/,
      (all) => `5 0 obj null${' '.repeat(all.length - 13)}\n`,
    );
    expect(await opened(latin1(direct))).toContain('(a title)');
  });

  it('has streams as they were where only strings are encrypted', async () => {
    const onlyStrings = '/CF<</MicrosoftIRMServices<</CFM/None>>>>/StmF/Identity/StrF/MicrosoftIRMServices';
    const text = await opened(await built(version2 + onlyStrings + stored, { stream: 'BT plain ET' }));
    expect(text).toContain('(a title)');
    expect(text).toContain('BT plain ET');
  });

  it('has strings as they were where only streams are encrypted', async () => {
    const onlyStreams = '/CF<</MicrosoftIRMServices<</CFM/None>>>>/StmF/MicrosoftIRMServices';
    const text = await opened(await built(version2 + onlyStreams + stored, { string: '(plain)' }));
    expect(text).toContain('(plain)');
    expect(text).toContain('BT ET');
  });

  it('has streams as they were that say so themselves, and no crypt filter any more', async () => {
    const keys = '/Filter[/Crypt/ASCIIHexDecode]/DecodeParms[<</Name/Identity>>null]';
    const text = await opened(await built(version2 + filters + stored, { stream: '4254>', keys }));
    expect(text).toContain('4254>');
    expect(text).toMatch(/\/Filter ?\[\/ASCIIHexDecode\]/);
    const named = '/Filter/Crypt/DecodeParms<</Name/MicrosoftIRMServices>>';
    const encrypted = await opened(await built(version2 + filters + stored, { keys: named }));
    expect(encrypted).toContain('BT ET');
    expect(encrypted).not.toContain('Crypt');
  });

  it('has metadata that was left in the clear', async () => {
    const keys = '/Type/Metadata/Subtype/XML';
    const clear = await built(`${version2}${filters}/EncryptMetadata false${stored}`, {
      stream: '<xmp/>',
      keys,
    });
    expect(await opened(clear)).toContain('<xmp/>');
    const units = await encryptUnits(cipherOf());
    const stream = await units.string(latin1('<xmp/>'));
    expect(
      await opened(await built(`${version2}${filters}/EncryptMetadata true${stored}`, { stream, keys })),
    ).toContain('<xmp/>');
  });

  it('has embedded files by a crypt filter of their own', async () => {
    const keys = '/Type/EmbeddedFile';
    const bytes = await built(`${version2}${filters}/EFF/Identity${stored}`, { stream: 'a file', keys });
    expect(await opened(bytes)).toContain('a file');
  });

  it('has the contents of signatures as they were', async () => {
    const more = '/S<</Type/Sig/ByteRange[0 1 2 3]/Contents<00ff>>>';
    expect(await opened(await built(version2 + filters + stored, { more }))).toMatch(/\/Contents ?<00ff>/i);
  });

  it('has empty strings and streams', async () => {
    const text = await opened(await built(version2 + filters + stored, { string: '()', stream: '' }));
    expect(text).toMatch(/\/Title ?\(\)/);
    expect(text).toContain('/Length 0');
  });
});

describe('version 1', () => {
  const packed = (bytes: Uint8Array): string => deflateSync(bytes).toString('base64');
  const old = `/Filter/MicrosoftIRMServices/V 4${filters}`;

  it.each([
    ['UTF-8 with a mark', license],
    ['UTF-16 without one', new Uint8Array(Buffer.from('<XrML/>', 'utf16le'))],
  ])('has its license packed, in %s', async (_, bytes) => {
    const file = await built(`${old}/MicrosoftIRMVersion 1/PublishingLicense(${packed(bytes)})`);
    const found = await read(file);
    expect(found.formatVersion).toBe('1');
    expect(found.publishingLicense).toEqual(bytes);
    expect(await opened(file)).toContain('(a title)');
  });

  it('need not say that it is version 1, nor what is encrypted', async () => {
    const file = await built(
      `/Filter/MicrosoftIRMServices/V 1/PublishingLicense(${packed(license)})`,
      {},
      cipherOf('MICROSOFT.ECB'),
    );
    expect((await read(file)).formatVersion).toBe('1');
    expect(await opened(file, cipherOf('MICROSOFT.ECB'))).toContain('(a title)');
  });

  it('may have line breaks in its license', async () => {
    const text = packed(license).replace(/(.{20})/g, '$1\n');
    expect((await read(await built(`${old}/PublishingLicense(${text})`))).publishingLicense).toEqual(license);
  });

  it.each([
    ['no base64', '(!!!!)', 'MALFORMED_CONTAINER'],
    ['base64 of something else', '(AAAA)', 'MALFORMED_CONTAINER'],
    ['nothing in it', `(${packed(new Uint8Array(0))})`, 'MALFORMED_CONTAINER'],
    ['too much in it', `(${packed(new Uint8Array(4_000_000))})`, 'LIMIT_EXCEEDED'],
  ])('is refused with %s', async (_, text, code) => {
    await expect(read(await built(`${old}/PublishingLicense${text}`))).rejects.toMatchObject({ code });
  });
});

describe('what cannot be opened', () => {
  it.each([
    ['a password', '/Filter/Standard/V 5', 'UNSUPPORTED_FORMAT'],
    ['another handler', '/Filter/Other', 'UNSUPPORTED_FORMAT'],
    ['no handler', '/V 5', 'UNSUPPORTED_FORMAT'],
    [
      'a later version',
      `/Filter/MicrosoftIRMServices/MicrosoftIRMVersion 3${filters}${stored}`,
      'UNSUPPORTED_VERSION',
    ],
    [
      'a version that is none',
      `/Filter/MicrosoftIRMServices/MicrosoftIRMVersion(x)${filters}${stored}`,
      'UNSUPPORTED_VERSION',
    ],
    [
      'another crypt filter',
      `${version2}/CF<</A<</CFM/AESV3>>>>/StmF/A/StrF/A${stored}`,
      'UNSUPPORTED_VERSION',
    ],
    ['no license', version2 + filters, 'MALFORMED_CONTAINER'],
    ['an empty license', `${version2}${filters}/PublishingLicense()`, 'MALFORMED_CONTAINER'],
    ['a license that is no string', `${version2}${filters}/PublishingLicense 5`, 'MALFORMED_CONTAINER'],
  ])('because of %s is refused', async (_, keys, code) => {
    await expect(read(await built(keys))).rejects.toMatchObject({ code });
  });

  it('because its encryption dictionary is not there is refused', async () => {
    const bytes = Buffer.from(await built(version2 + filters + stored)).toString('latin1');
    await expect(read(latin1(bytes.replace('/Encrypt 5 0 R', '/Encrypt 9 0 R')))).rejects.toMatchObject({
      code: 'MALFORMED_CONTAINER',
    });
  });

  it('because units were changed fails', async () => {
    const bytes = await protectedBytes(
      await built(version2 + filters + stored).then(async (file) => latin1(await opened(file))),
    );
    const text = Buffer.from(bytes).toString('latin1');
    const at = text.indexOf('stream\n') + 'stream\n'.length;
    const changed = bytes.slice();
    changed[at] = (changed[at] ?? 0) ^ 0x80;
    await expect(opened(changed)).rejects.toMatchObject({ code: 'DECRYPTION_FAILED' });
  });
});
