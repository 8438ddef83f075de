import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { buildPdf, withPage } from '../container/pdf/test/build-pdf.ts';
import type { LicensingService } from '../licensing/index.ts';
import { protectFile } from './protect-file.ts';
import { removeProtectionFromFile } from './remove-protection-from-file.ts';
import { reprotectFile } from './reprotect-file.ts';
import { makeTestService } from './test/service.ts';

let service: LicensingService;
let folder: string;
const policy = { grants: [] };
const at = (...names: string[]): string => join(folder, ...names);
const names = (): string[] => readdirSync(folder).sort();

beforeAll(async () => {
  service = await makeTestService();
});
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sealwright-damaged-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

/** A document with `last` behind more data than is gathered before anything is written. */
const documentEndingIn = (last: string): Uint8Array =>
  withPage(buildPdf())
    .stream(5, '', 'scanned '.repeat(40_000))
    .stream(6, '', 'letters '.repeat(200))
    .object(7, last)
    .table('/Root 1 0 R/Size 8')
    .end()
    .bytes();

/** What tells of damage only when the output is half written: an object that makes no sense. */
const damaged = documentEndingIn('<</Title(A report)/Pages >] >>');

/** A protected document, some of whose units were put in the place of others: they do not decrypt. */
async function damagedProtected(): Promise<Uint8Array> {
  writeFileSync(at('whole.pdf'), documentEndingIn('<</Title(A report)>>'));
  await protectFile(at('whole.pdf'), { service, policy, to: at('protected.pdf') });
  const bytes = new Uint8Array(readFileSync(at('protected.pdf')));
  for (const name of names()) rmSync(at(name));
  // The shorter stream is a unit of 1,616 bytes; its first block says how many of them count.
  const data = Buffer.from(bytes).indexOf('/Length 1616>>stream\n') + '/Length 1616>>stream\n'.length;
  expect(data).toBeGreaterThan(300_000);
  bytes.fill(0x55, data, data + 16);
  return bytes;
}

describe('A PDF whose damage shows while it is written', () => {
  it.each([
    ['in its place', () => ({ inPlace: true })],
    ['in another', () => ({ to: at('other.pdf') })],
  ])('is not protected %s: the original stays, and nothing else', async (_, place) => {
    writeFileSync(at('a.pdf'), damaged);
    const protecting = protectFile(at('a.pdf'), { service, policy, ...place() });
    await expect(protecting).rejects.toMatchObject({ code: 'MALFORMED_CONTAINER' });
    expect(names()).toEqual(['a.pdf']);
    expect(Buffer.compare(readFileSync(at('a.pdf')), damaged)).toBe(0);
  });

  it.each([
    ['opened in its place', () => removeProtectionFromFile(at('b.pdf'), { service, inPlace: true })],
    ['opened in another', () => removeProtectionFromFile(at('b.pdf'), { service, to: at('other.pdf') })],
    ['given another policy', () => reprotectFile(at('b.pdf'), { service, policy, inPlace: true })],
  ])('is not %s: the protected file stays, and nothing else', async (_, act) => {
    const bytes = await damagedProtected();
    writeFileSync(at('b.pdf'), bytes);
    await expect(act()).rejects.toMatchObject({ code: 'DECRYPTION_FAILED' });
    expect(names()).toEqual(['b.pdf']);
    expect(Buffer.compare(readFileSync(at('b.pdf')), bytes)).toBe(0);
  });
});
