import { existsSync, readFileSync } from 'node:fs';
import { createAuthority, createMemoryStore } from '../authority/index.ts';
import { memorySource } from '../bytes/index.ts';
import { cipherMode } from '../cipher/index.ts';
import { detectionBytes, mailFormat, recognise } from '../container/index.ts';
import { custodianFromPkcs8, generateRsaKey } from '../license/index.ts';
import type { LicensingService } from '../licensing/index.ts';

const custodian = await custodianFromPkcs8(await generateRsaKey(2048));
const authority = await createAuthority({ store: createMemoryStore(), custodian, name: 'Contoso' });
export const alice = authority.as('alice@contoso.com');
export const bob = authority.as('bob@contoso.com');
export const mallory = authority.as('mallory@example.net');

const folder = '../shared/data/samples/plaintext/';
export const samplesPresent = existsSync(folder);
export const sample = (name: string): Uint8Array => new Uint8Array(readFileSync(`${folder}${name}`));

/** A part of a MIME message. */
export interface TestPart {
  readonly type: string;
  readonly name?: string;
  readonly bytes: Uint8Array | string;
}

const wrapped = (bytes: Uint8Array): string =>
  (
    Buffer.from(bytes)
      .toString('base64')
      .match(/.{1,76}/g) ?? []
  ).join('\r\n');

/** A message from Alice to Bob with a text and attachments. */
export function messageTo(parts: readonly TestPart[], more = ''): Uint8Array {
  const attached = parts.map(({ type, name, bytes }) => {
    const disposition = name === undefined ? '' : `; filename="${name}"`;
    const header = `--limit\r\nContent-Type: ${type}\r\nContent-Disposition: attachment${disposition}\r\n`;
    return typeof bytes === 'string'
      ? `${header}\r\n${bytes}\r\n`
      : `${header}Content-Transfer-Encoding: base64\r\n\r\n${wrapped(bytes)}\r\n`;
  });
  return new TextEncoder().encode(
    `From: Alice <alice@contoso.com>\r\nTo: "Bob, B." <bob@contoso.com>\r\nSubject: =?utf-8?Q?Third_quarter_=E2=9C=93?=\r\nMessage-ID: <1@contoso.com>\r\nDate: Mon, 01 Jan 2024 10:00:00 +0000\r\nMIME-Version: 1.0\r\n${more}Content-Type: multipart/mixed; boundary="limit"\r\n\r\nThis is a multipart message.\r\n--limit\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\nRevenue is up: 12 €.\r\nKeep it quiet.\r\n${attached.join('')}--limit--\r\n`,
  );
}

/** An attachment as it stands inside a protected message, still in its own protection. */
export interface InsideAttachment {
  readonly isProtected: boolean;
  readonly bytes: Uint8Array;
}

/** What is attached inside a protected message, none of it opened. */
export async function insideOf(
  bytes: Uint8Array,
  service: LicensingService,
): Promise<readonly InsideAttachment[]> {
  const container = await mailFormat.read(memorySource(bytes));
  const license = await service.acquireUseLicense(container.publishingLicense, {});
  const mode = cipherMode(container.cipherModeFor(license.cipherMode));
  const { message, close } = await container.message({ mode, key: license.contentKey });
  const found: InsideAttachment[] = [];
  for (const attachment of message.attachments) {
    const content = attachment.kind === 'file' ? attachment.content : memorySource(new Uint8Array(0));
    const whole = new Uint8Array(await content.read(0, content.size ?? 0));
    const { kind } = await recognise(whole.subarray(0, detectionBytes), memorySource(whole));
    found.push({ isProtected: kind !== 'plain', bytes: whole });
  }
  await close();
  return found;
}
