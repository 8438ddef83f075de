import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { strToU8, zipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { memorySource } from '../../bytes/index.ts';
import { compoundFileSource, layoutCompoundFile } from '../compound-file/layout.ts';
import { detectionBytes } from '../container-format.ts';
import { hasOfficeExtension } from './extension.ts';
import { officeFormat } from './format.ts';
import { protectedFile } from './protected-file.test-support.ts';

const samples = '../shared/data/samples';
const present = existsSync(samples);
const load = (path: string): Uint8Array => new Uint8Array(readFileSync(`${samples}/${path}`));
const examine = (bytes: Uint8Array, name?: string) =>
  officeFormat.examine({ head: bytes.subarray(0, detectionBytes), source: memorySource(bytes), name });
const kindOf = async (bytes: Uint8Array, name?: string) => (await examine(bytes, name))?.kind;

/** The documents among the samples that Office protects in its own format, and as what. */
const documents = {
  '.docx': 'package',
  '.xlsx': 'package',
  '.xlsm': 'package',
  '.xlsb': 'package',
  '.pptx': 'package',
  '.vsdx': 'package',
  '.doc': 'binary',
  '.xls': 'binary',
  '.ppt': 'binary',
} as const;
const extensionOf = (name: string): string => name.slice(name.lastIndexOf('.'));
const plaintext = present ? readdirSync(`${samples}/plaintext`).sort() : [];

describe.skipIf(!present)('examining real files (skipped without ../shared/data)', () => {
  it.each(plaintext)('%s is an Office document or none', async (name) => {
    const expected = documents[extensionOf(name) as keyof typeof documents];
    expect(await kindOf(load(`plaintext/${name}`), name)).toBe(expected);
    expect(await kindOf(load(`plaintext/${name}`), name.toUpperCase())).toBe(expected);
  });

  it.each(plaintext)('%s without a name is told by its content alone', async (name) => {
    const expected = documents[extensionOf(name) as keyof typeof documents];
    expect(await kindOf(load(`plaintext/${name}`))).toBe(expected);
  });

  it.each(readdirOr(`${samples}/labels`))(
    'labelled file %s is an Office document or a picture',
    async (name) => {
      expect(await kindOf(load(`labels/${name}`), name)).toBe(
        documents[extensionOf(name) as keyof typeof documents],
      );
    },
  );

  it.each([
    ...readdirOr(`${samples}/negatives`).map((name) => `negatives/${name}`),
    ...readdirOr(`${samples}/office-irm`).map((name) => `office-irm/${name}`),
  ])('%s is protected already and none of ours to protect', async (path) => {
    expect(await kindOf(load(path), path)).toBeUndefined();
    expect(await kindOf(load(path))).toBeUndefined();
  });

  it('a document under the name of another kind of file keeps to its name', async () => {
    for (const name of ['a.zip', 'a.txt', 'a.vsd', 'a.pot', 'a.xps', 'a.msg', 'a.rtf', 'README', '.docx']) {
      expect(await kindOf(load('plaintext/testWORD.docx'), name)).toBeUndefined();
      expect(await kindOf(load('plaintext/testWORD.doc'), name)).toBeUndefined();
    }
  });

  it('another kind of file under the name of a document is none', async () => {
    for (const file of ['testVISIO.vsd', 'testMSG.msg', 'testRTF.rtf', 'testPDF.pdf', 'testTXT.txt'])
      for (const name of ['a.doc', 'a.docx'])
        expect(await kindOf(load(`plaintext/${file}`), name)).toBeUndefined();
  });

  it('a document under the name of another application is protected as what it is', async () => {
    expect(await kindOf(load('plaintext/testWORD.docx'), 'a.doc')).toBe('package');
    expect(await kindOf(load('plaintext/testEXCEL.xls'), 'a.xlsx')).toBe('binary');
  });

  it('a binary document that was cut is none', async () => {
    const bytes = load('plaintext/testWORD.doc');
    expect(await kindOf(bytes.subarray(0, 512), 'a.doc')).toBeUndefined();
    expect(await kindOf(bytes.subarray(0, 100), 'a.doc')).toBeUndefined();
  });
});

function readdirOr(folder: string): readonly string[] {
  return existsSync(folder) ? readdirSync(folder).sort() : [];
}

describe('examining a document', () => {
  const types = { '[Content_Types].xml': strToU8('<Types/>') };

  it('knows every extension of Office, in any case, and no other', () => {
    const office =
      'doc docm docx dot dotm dotx xls xlsb xlsm xlsx xlt xltm xltx xla xlam ppt pptm pptx pps ppsm ppsx potm potx vsdm vsdx vssm vssx vstm vstx thmx';
    for (const extension of office.split(' ')) {
      expect(hasOfficeExtension(`a.${extension}`)).toBe(true);
      expect(hasOfficeExtension(`A.B.${extension.toUpperCase()}`)).toBe(true);
    }
    for (const name of ['a.pot', 'a.vsd', 'a.xps', 'a.msg', 'a.rtf', 'a.mdb', 'a.docx.zip', 'docx', 'a.', ''])
      expect(hasOfficeExtension(name)).toBe(false);
  });

  it('finds the content types of a package wherever they stand in it', async () => {
    const last = zipSync({ 'word/document.xml': strToU8('x'), ...types });
    expect(await kindOf(last, 'a.docx')).toBe('package');
    expect(await kindOf(zipSync({ ...types }), 'a.docx')).toBe('package');
    expect(await kindOf(zipSync({ 'word/document.xml': strToU8('x') }), 'a.docx')).toBeUndefined();
    expect(await kindOf(last.subarray(0, last.length - 30), 'a.docx')).toBeUndefined();
  });

  it('takes a package without a name only if an application of Office made it', async () => {
    expect(await kindOf(zipSync({ ...types, 'word/document.xml': strToU8('x') }))).toBe('package');
    expect(
      await kindOf(zipSync({ ...types, 'Documents/1/FixedDocument.fdoc': strToU8('x') })),
    ).toBeUndefined();
  });

  it('takes no compound file without a document, and none that cannot be read', async () => {
    const layout = layoutCompoundFile({
      entries: [{ kind: 'stream', name: 'Something', content: new Uint8Array(10) }],
    });
    const bytes = new Uint8Array(await compoundFileSource(layout).read(0, layout.size));
    expect(await kindOf(bytes, 'a.doc')).toBeUndefined();
    expect(await kindOf(bytes.subarray(0, 600), 'a.doc')).toBeUndefined();
  });

  it('takes no file that it protected itself', async () => {
    const bytes = await protectedFile({
      plaintext: new Uint8Array(5000),
      key: new Uint8Array(32),
      mode: 'MICROSOFT.ECB',
    });
    expect(await kindOf(bytes, 'a.docx')).toBeUndefined();
    expect(await kindOf(bytes)).toBeUndefined();
  });

  it('says from the first bytes whether a stream is worth collecting', () => {
    const zip = zipSync(types).subarray(0, 100);
    expect(officeFormat.mayTake(zip, 'a.docx')).toBe(true);
    expect(officeFormat.mayTake(zip, undefined)).toBe(true);
    expect(officeFormat.mayTake(zip, 'a.zip')).toBe(false);
    expect(officeFormat.mayTake(strToU8('hello'), 'a.docx')).toBe(false);
    expect(officeFormat.mayTake(new Uint8Array(0), 'a.docx')).toBe(false);
  });

  it('leaves names as they are', () => {
    expect(officeFormat.protectedName('Report.DOCX')).toBe('Report.DOCX');
    expect(officeFormat.originalName('Report.DOCX', undefined)).toBe('Report.DOCX');
  });
});
