import { existsSync, readFileSync } from 'node:fs';
import { createAuthority, createMemoryStore } from '../authority/index.ts';
import { custodianFromPkcs8, generateRsaKey } from '../license/index.ts';

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
