import type { ByteSource, WaitOptions } from '../../bytes/index.ts';
import type { CompoundFile, CompoundStorage } from '../compound-file/compound-file.ts';
import { rpmsgContentClass, rpmsgContentType } from '../mail/mail-message.ts';
import { findAllBytes, textAt } from './find-bytes.ts';
import { startOf } from './start-of.ts';

/** The envelope of a rights-managed mail, [MS-OXORMMS] 2.2.4. */
const rpmsgMagic = Uint8Array.of(0x76, 0xe8, 0x04, 0x60, 0xc4, 0x11, 0xe3, 0x86);

/** Whether a file that begins so is a bare `message.rpmsg`. */
export const isRpmsg = (head: Uint8Array): boolean =>
  head.length >= rpmsgMagic.length && rpmsgMagic.every((byte, i) => head[i] === byte);

/** Fields that begin mail and hardly any other text; two of them make a file mail whatever its name. */
const mailFields: ReadonlySet<string> = new Set([
  'bcc',
  'cc',
  'content-class',
  'content-type',
  'date',
  'delivered-to',
  'dkim-signature',
  'from',
  'message-id',
  'mime-version',
  'received',
  'reply-to',
  'return-path',
  'sender',
  'subject',
  'thread-topic',
  'to',
]);

/** RFC 5322, 3.6.8: any printable character but the colon. The blank before it is of older mail. */
const fieldLine = /^([!-9;-~]{1,76})[ \t]*:/;

/**
 * Whether a file that begins so is a message as mail travels (RFC 5322): header fields and nothing else up to the first empty
 * line, `atLeast` of them such as mail has. A byte order mark and the separator line of a mailbox may stand before them.
 *
 * @example
 * ```ts
 * isMimeMessage(new TextEncoder().encode('From: bob@contoso.com\r\nSubject: Hi\r\n\r\nHello')); // true
 * ```
 */
export function isMimeMessage(head: Uint8Array, atLeast = 2): boolean {
  const seen = new Set<string>();
  const lines = headerLines(textAt(head, 0, headerLength(head)));
  for (const [index, line] of lines.entries()) {
    // Programs do not agree whether a lone one ends a line, so nobody could say which part of the file is the header.
    if (line.includes('\r')) return false;
    if (/^[ \t]/.test(line) && index > 0) continue;
    const name = fieldLine.exec(line)?.[1]?.toLowerCase();
    // What is cut off by the end of what was read says nothing.
    if (name === undefined) return false;
    if (mailFields.has(name)) seen.add(name);
  }
  return seen.size >= atLeast;
}

/** Bytes up to the end of the first empty line, or all of them: text is made of no more. */
function headerLength(bytes: Uint8Array): number {
  for (let at = bytes.indexOf(lineFeed); at >= 0; at = bytes.indexOf(lineFeed, at + 1)) {
    const next = bytes[at + 1] === carriageReturn ? at + 2 : at + 1;
    if (bytes[next] === lineFeed) return next + 1;
  }
  return bytes.length;
}

/** The lines up to the first empty one; the last, if that never comes, only if it is whole. */
function headerLines(text: string): string[] {
  const start = text.replace(/^\xef\xbb\xbf/, '').replace(/^From [^\r\n]*\r?\n/, '');
  const end = /\r?\n\r?\n/.exec(start);
  const lines = (end === null ? start : start.slice(0, end.index)).split(/\r?\n/);
  if (end === null && lines.length > 1) lines.pop();
  return lines;
}

/**
 * Whether a message that {@link isMimeMessage} carries its real content in a `message.rpmsg`: its content class says so
 * ([MS-OXCMAIL] 2.1.3.2.2), or the beginning of the message holds such a part directly within the outermost one. A protected
 * message within an attached message does not make the outer one protected.
 */
export const isProtectedMime = async (source: ByteSource, options?: WaitOptions): Promise<boolean> =>
  (await mimeProtection(source, options)) !== undefined;

/**
 * How a MIME message says that it is protected: `part` if the beginning has the protected part, `claim` if only its content
 * class says so, as that of an answer by a program that kept it may, too.
 */
export async function mimeProtection(
  source: ByteSource,
  options?: WaitOptions,
): Promise<'part' | 'claim' | undefined> {
  let bytes = await source.read(0, recognisedBytes, options);
  let header = headerLength(bytes);
  // A header may be longer than that, and what it says of the content stands at its end.
  if (header === recognisedBytes) {
    bytes = await source.read(0, longestHeader, options);
    header = headerLength(bytes);
  }
  const lines = headerLines(textAt(bytes, 0, header));
  const claim = fieldValue(lines, 'content-class').toLowerCase() === rpmsgContentClass ? 'claim' : undefined;
  const contentType = fieldValue(lines, 'content-type');
  if (isRpmsgType(contentType)) return 'part';
  const boundary = boundaryOf(contentType);
  if (boundary === undefined) return claim;
  const places = [...findAllBytes(bytes, `--${boundary}`)].filter(
    (at) => at === 0 || bytes[at - 1] === lineFeed,
  );
  for (const [index, at] of places.entries()) {
    // No further than the next one, so that each byte is looked at once.
    const length = Math.min(partHeaderBytes, (places[index + 1] ?? bytes.length) - at);
    const [separator = '', ...part] = headerLines(textAt(bytes, at, length));
    if (separator.trimEnd() === `--${boundary}` && isRpmsgType(fieldValue(part, 'content-type')))
      return 'part';
  }
  return claim;
}

/** Bytes of a message that are searched: the header of one that travelled far has some 20 KiB. */
const recognisedBytes = 64 * 1024;

/** The longest header that is read (`mail/mime/limits.ts`), and what protecting adds to it. */
const longestHeader = 256 * 1024 + 4096;

const lineFeed = 0x0a;
const carriageReturn = 0x0d;

/** Bytes of the header of a part that are looked at. */
const partHeaderBytes = 4096;

const isRpmsgType = (contentType: string): boolean =>
  (contentType.split(';')[0] as string).trim().toLowerCase() === rpmsgContentType;

/** The value of a field with its folds taken out; empty if there is none. */
function fieldValue(lines: readonly string[], name: string): string {
  const at = lines.findIndex((line) => fieldLine.exec(line)?.[1]?.toLowerCase() === name);
  if (at < 0) return '';
  const first = lines[at] as string;
  let value = first.slice(first.indexOf(':') + 1);
  for (let next = at + 1; /^[ \t]/.test(lines[next] ?? ''); next++) value += lines[next];
  return value.trim();
}

function boundaryOf(contentType: string): string | undefined {
  if (!/^multipart\//i.test(contentType)) return undefined;
  const found = /;\s*boundary\s*=\s*(?:"([^"]{1,200})"|([^\s;"]{1,200}))/i.exec(contentType);
  const boundary = found?.[1] ?? found?.[2];
  // RFC 2046, 5.1.1 allows printable ASCII only; one of other characters could not be found byte by byte.
  return boundary !== undefined && /^[ -~]+$/.test(boundary) ? boundary : undefined;
}

/** What every Outlook item has at its root, [MS-OXMSG] 2.4. */
const propertiesStream = '__properties_version1.0';
const attachmentStorage = /^__attach_version1\.0_#[0-9a-f]{8}$/i;

/**
 * Whether a compound file is an Outlook item, as `.msg` files are.
 *
 * @example
 * ```ts
 * isOutlookItem(await readCompoundFile(source));
 * ```
 */
export const isOutlookItem = (file: CompoundFile): boolean => file.find(propertiesStream)?.kind === 'stream';

/** Attachments that are looked at; a protected message has one. */
const mostAttachments = 16;

/** Whether an Outlook item carries its real content in a `message.rpmsg` ([MS-OXORMMS] 2.2.3.1, 2.2.3.2). */
export async function isProtectedOutlookItem(file: CompoundFile, options?: WaitOptions): Promise<boolean> {
  if (!isOutlookItem(file)) return false;
  const attachments = file.root.entries.filter(
    (entry): entry is CompoundStorage => entry.kind === 'storage' && attachmentStorage.test(entry.name),
  );
  for (const { name } of attachments.slice(0, mostAttachments)) {
    const type = await textProperty(file, name, '370E', options);
    if (type?.toLowerCase() === rpmsgContentType) return true;
    // Some writers leave the type out.
    if (type === undefined && rpmsgFileName.test((await textProperty(file, name, '3707', options)) ?? ''))
      return true;
  }
  return false;
}

/** Portals send variants of the name, `message_v4.rpmsg`. */
const rpmsgFileName = /^message(?:_v\d{1,2})?\.rpmsg$/i;

/** A property of an attachment that is text, if it has such. */
async function textProperty(
  file: CompoundFile,
  storage: string,
  id: string,
  options: WaitOptions | undefined,
): Promise<string | undefined> {
  const stream = file.find(storage, `__substg1.0_${id}001F`) ?? file.find(storage, `__substg1.0_${id}001E`);
  if (stream?.kind !== 'stream') return undefined;
  const bytes = await startOf(file, stream, 256, options);
  // What is looked for is ASCII, in one byte a letter or in two.
  return textAt(bytes, 0, bytes.length).replaceAll('\0', '').trim();
}
