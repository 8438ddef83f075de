import { zipSync } from 'fflate';
import { inspect, open, protect } from '../../../src/index.ts';
import { standInService } from '../stand-in-service.test-support.ts';
import { compoundFileOf, streamsOf } from './compound.test-support.ts';
import { newPackage, noise } from './made-documents.test-support.ts';
import { memoryAuthority, policy } from './stage.test-support.ts';

/** One thing that people get wrong, or get sent, and what they are told. */
export interface Mistake {
  /** What was tried, in a few words. */
  readonly what: string;
  /** The code of the error, or `done` where it is no mistake after all. */
  readonly code: string;
  /** What the sentence must say. */
  readonly says: RegExp;
  /** Does it; gives a sentence if there is no error. */
  attempt(): Promise<unknown>;
}

const dataSpaces = '\x06DataSpaces';
const versionStream = `${dataSpaces}/Version`;

/** Streams of a document of Word 97-2003, as far as anything here looks at them. */
const oldWord = (flags: number): Record<string, Uint8Array> => {
  const stream = new Uint8Array(4096);
  stream.set([0xec, 0xa5, 0xc1, 0]); // FibBase.wIdent and nFib, [MS-DOC] 2.5.2
  stream[0x0b] = flags >> 8;
  return { WordDocument: stream, '1Table': new Uint8Array(4096) };
};

/** A workbook of Excel 97-2003: BOF, and FilePass if it has a password, [MS-XLS] 2.4.21 and 2.4.117. */
const oldExcel = (password: boolean): Record<string, Uint8Array> => {
  const stream = new Uint8Array(4096);
  stream.set([0x09, 0x08, 0x10, 0, 0, 6, 5, 0]);
  if (password) stream.set([0x2f, 0, 6, 0], 20);
  return { Workbook: stream };
};

/** `CurrentUserAtom` of PowerPoint 97-2003, whose token says whether there is a password, [MS-PPT] 2.3.2. */
const oldPowerPoint = (password: boolean): Record<string, Uint8Array> => {
  const user = new Uint8Array(64);
  user.set([0, 0, 0xf6, 0x0f, 0x38, 0, 0, 0, 0x14, 0, 0, 0]);
  user.set(password ? [0xdf, 0xc4, 0xd1, 0xf3] : [0x5f, 0xc0, 0x91, 0xe3], 12);
  return { 'Current User': user, 'PowerPoint Document': new Uint8Array(4096) };
};

const namedStreams = (count: number): Record<string, Uint8Array> =>
  Object.fromEntries(Array.from({ length: count }, (_, i) => [`stream ${i}`, new Uint8Array(i % 70)]));

/** All of them, with files made for the purpose. */
export async function mistakes(): Promise<readonly Mistake[]> {
  const authority = await memoryAuthority();
  const [alice, bob] = [authority.as('alice@contoso.com'), authority.as('bob@contoso.com')];
  const plain = newPackage('.docx', { 'word/media/noise.bin': noise(20_000) });
  const protectAs = async (name: string, more: object = {}): Promise<Uint8Array> =>
    (await protect(plain, { service: alice, policy, name, ...more })).bytes();
  const file = await protectAs('plan.docx');
  const pfile = await protectAs('plan.docx', { format: 'pfile' });
  const streams = await streamsOf(file);
  const changed = (more: Record<string, Uint8Array>): Promise<Uint8Array> =>
    compoundFileOf({ ...streams, ...more });
  const without = (...paths: readonly string[]): Promise<Uint8Array> =>
    compoundFileOf(Object.fromEntries(Object.entries(streams).filter(([path]) => !paths.includes(path))));
  const opening = (what: string, name: string, bytes: Uint8Array, code: string, says: RegExp): Mistake => ({
    what: `open ${name}: ${what}`,
    code,
    says,
    attempt: async () => (await open(bytes, { service: bob, name })).bytes(),
  });
  const protecting = (what: string, name: string, bytes: Uint8Array, code: string, says: RegExp, more: object = {}): Mistake => ({
    what: `protect ${name}: ${what}`,
    code,
    says,
    attempt: async () => (await protect(bytes, { service: alice, policy, name, ...more })).bytes(),
  });

  const password = await compoundFileOf({ EncryptionInfo: new Uint8Array(248), EncryptedPackage: noise(8000) });
  const passwordWord = await compoundFileOf(oldWord(0x0100));
  const manyStreams = await compoundFileOf(namedStreams(10_000));
  const newer = streams[versionStream]?.slice() as Uint8Array;
  new DataView(newer.buffer).setUint16(64, 2, true);
  const endless = streams.EncryptedPackage?.slice() as Uint8Array;
  new DataView(endless.buffer).setBigUint64(0, 0xffff_ffff_ffffn, true);
  const primary = Object.keys(streams).find((path) => path.endsWith('\x06Primary')) as string;

  return [
    opening('has a password', 'plan.docx', password, 'UNSUPPORTED_FORMAT', /password, not with rights management/),
    opening('has a password of Word 97', 'plan.doc', passwordWord, 'UNSUPPORTED_FORMAT', /password, not with rights/),
    opening('has a password of Excel 97', 'plan.xls', await compoundFileOf(oldExcel(true)), 'UNSUPPORTED_FORMAT', /password/),
    opening('has a password of PowerPoint 97', 'plan.ppt', await compoundFileOf(oldPowerPoint(true)), 'UNSUPPORTED_FORMAT', /password/),
    opening('is not protected', 'plan.docx', plain, 'NOT_PROTECTED', /not a protected file/),
    opening('is not protected', 'plan.doc', await compoundFileOf(oldWord(0)), 'NOT_PROTECTED', /not a protected file/),
    opening('is not protected', 'plan.xls', await compoundFileOf(oldExcel(false)), 'NOT_PROTECTED', /not a protected file/),
    opening('is empty', 'plan.docx', new Uint8Array(0), 'NOT_PROTECTED', /not a protected file/),
    opening('is half of a file', 'plan.docx', file.subarray(0, file.length >> 1), 'MALFORMED_CONTAINER', /cut|damaged/),
    opening('is the first 1,000 bytes of a file', 'plan.docx', file.subarray(0, 1000), 'MALFORMED_CONTAINER', /cut|damaged/),
    opening('lacks its last sector', 'plan.docx', file.subarray(0, file.length - 512), 'MALFORMED_CONTAINER', /cut|damaged/),
    opening('its content was replaced by a shorter one', 'plan.docx', await changed({ EncryptedPackage: (streams.EncryptedPackage as Uint8Array).subarray(0, 10_000) }), 'MALFORMED_CONTAINER', /cut or changed/),
    opening('states a size of 281 TB', 'plan.docx', await changed({ EncryptedPackage: endless }), 'MALFORMED_CONTAINER', /cut or changed/),
    opening('has no license', 'plan.docx', await without(primary), 'MALFORMED_CONTAINER', /license|Primary|transform/i),
    opening('has no content', 'plan.docx', await without('EncryptedPackage'), 'MALFORMED_CONTAINER', /EncryptedPackage|content/),
    opening('is of a later version', 'plan.docx', await changed({ [versionStream]: newer }), 'UNSUPPORTED_VERSION', /2\.0/),
    opening('is a compound file with 10,000 streams', 'plan.doc', manyStreams, 'NOT_PROTECTED', /not a protected file/),
    {
      what: 'open plan.docx: among 10,000 other streams',
      code: 'done',
      says: /^opens to the same bytes$/,
      attempt: async () => {
        const opened = await open(await changed(namedStreams(10_000)), { service: bob, name: 'plan.docx' });
        return Buffer.compare(await opened.bytes(), plain) === 0 ? 'opens to the same bytes' : 'other bytes';
      },
    },
    {
      what: 'open plan.docx: its rights need the cipher mode CONTOSO.XTS',
      code: 'UNSUPPORTED_CIPHER_MODE',
      says: /"CONTOSO\.XTS" is not one of/,
      attempt: () => open(file, { service: standInService('CONTOSO.XTS'), name: 'plan.docx' }),
    },
    {
      what: 'inspect plan.docx: really a PFILE',
      code: 'done',
      says: /^protected as pfile 3\.0, originally \.docx$/,
      attempt: async () => {
        const { format, formatVersion, originalExtension } = await inspect(pfile);
        return `protected as ${format} ${formatVersion}, originally ${originalExtension}`;
      },
    },
    {
      what: 'open plan.docx: really a PFILE',
      code: 'done',
      says: /^opens to the same bytes as plan\.docx, format pfile$/,
      attempt: async () => {
        const opened = await open(pfile, { service: bob, name: 'plan.docx' });
        const same = Buffer.compare(await opened.bytes(), plain) === 0;
        return `opens to ${same ? 'the same' : 'other'} bytes as ${opened.name}, format ${opened.format}`;
      },
    },
    protecting('really a PFILE', 'plan.docx', pfile, 'ALREADY_PROTECTED', /protected already.*reprotect/),
    protecting('protected already', 'plan.docx', file, 'ALREADY_PROTECTED', /protected already.*reprotect/),
    protecting('a text, as an Office document', 'notes.txt', new TextEncoder().encode('hello'), 'UNSUPPORTED_FORMAT', /not a Word, Excel, PowerPoint or Visio document/, { format: 'office' }),
    protecting('a ZIP archive, as an Office document', 'plan.docx', zipSync({ 'a.txt': new Uint8Array(10) }), 'UNSUPPORTED_FORMAT', /not a Word, Excel, PowerPoint or Visio document/, { format: 'office' }),
    {
      what: 'protect plan.docx: has a password, which Office cannot protect as well',
      code: 'done',
      says: /^becomes plan\.docx\.pfile$/,
      attempt: async () =>
        `becomes ${(await protect(password, { service: alice, policy, name: 'plan.docx' })).name}`,
    },
    {
      what: 'protect plan.docx: half of a document, which is not looked at any further',
      code: 'done',
      says: /^comes back as it was, half$/,
      attempt: async () => {
        const half = plain.subarray(0, 4000);
        const bytes = await (await protect(half, { service: alice, policy, name: 'plan.docx' })).bytes();
        const opened = await (await open(bytes, { service: bob, name: 'plan.docx' })).bytes();
        return Buffer.compare(opened, half) === 0 ? 'comes back as it was, half' : 'comes back changed';
      },
    },
  ];
} // biome-ignore format: a table

/** What became of an attempt. */
export interface MistakeOutcome {
  readonly code: string;
  readonly sentence: string;
}

/** Makes the mistake. */
export async function outcomeOf({ attempt }: Mistake): Promise<MistakeOutcome> {
  try {
    const result = await attempt();
    return { code: 'done', sentence: typeof result === 'string' ? result : 'no error' };
  } catch (error) {
    const { code, message } = error as { code?: string; message?: string };
    return { code: code ?? 'not ours', sentence: message ?? String(error) };
  }
}
