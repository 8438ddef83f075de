import { type ByteSink, type ByteSource, concatBytes, memorySource } from '../../../bytes/index.ts';
import { type CipherModeName, cipherMode } from '../../../cipher/index.ts';
import type { DocumentWriter, PartCipher } from '../../document-format.ts';
import type { MailMessage } from '../mail-message.ts';
import { readRpmsgContent } from './inside/read-content.ts';
import { decryptedRpmsg, readRpmsg } from './read-rpmsg.ts';
import { type RpmsgContents, rpmsgWriter } from './rpmsg-writer.ts';

/** A license for tests; nothing here looks into it. */
export const license = new TextEncoder().encode(
  '<?xml version="1.0"?><XrML version="1.2">a license for tests</XrML>',
);

/** The same key each time. */
export const cipher = (mode: CipherModeName = 'MICROSOFT.CBC4K'): PartCipher => ({
  mode: cipherMode(mode),
  key: Uint8Array.from({ length: mode === 'MICROSOFT.ECB' ? 16 : 32 }, (_, index) => index * 7 + 1),
});

export const textSource = (text: string): ByteSource => memorySource(new TextEncoder().encode(text));

/** All that is written, in memory. */
export async function written(writer: DocumentWriter): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  const sink: ByteSink = {
    write(bytes) {
      chunks.push(bytes.slice());
    },
  };
  const size = await writer.writeTo(sink);
  const bytes = concatBytes(chunks);
  if (size !== bytes.length) throw new Error(`${size} bytes were told, ${bytes.length} written`);
  return bytes;
}

export const protectedBytes = (
  message: MailMessage,
  by: PartCipher = cipher(),
  contents: Partial<RpmsgContents> = {},
): Promise<Uint8Array> => written(rpmsgWriter(message, { publishingLicense: license, ...contents }, by));

export async function opened(
  source: ByteSource | Uint8Array,
  by: PartCipher = cipher(),
): Promise<MailMessage> {
  const rpmsg = await readRpmsg(source instanceof Uint8Array ? memorySource(source) : source);
  return readRpmsgContent(await decryptedRpmsg(rpmsg, by));
}

export async function bytesOf(source: ByteSource | undefined): Promise<Uint8Array | undefined> {
  return source && new Uint8Array(await source.read(0, source.size ?? 0));
}

export async function textOf(source: ByteSource | undefined): Promise<string | undefined> {
  return source && new TextDecoder().decode(await bytesOf(source));
}

/** A message with a plain body, and what is said of it in `more`. */
export const message = (more: Partial<MailMessage> = {}): MailMessage => ({
  fields: [],
  body: { native: 'plain', codePage: 65001, plain: textSource('Good morning, <you> & all.\r\n') },
  attachments: [],
  ...more,
});
