import { ByteReader, ByteWriter, encodeUtf16le, maxima } from '../../../../bytes/index.ts';
import { SealwrightError } from '../../../../errors.ts';
import { decodeMailText, encodeMailText } from '../../code-pages.ts';
import { fileTimeBytes } from '../../msg/property-values.ts';

/** How an attachment is carried, [MS-OXCMSG] 2.2.2.9; the three that a protected message may have. */
export const attachMethods = { byValue: 1, embeddedMessage: 5, storage: 6 } as const;

/** The texts of a description, in the order in which they stand; first in a code page, then in Unicode. */
const ansiTexts = [
  'longPathName',
  'pathName',
  'displayName',
  'longFileName',
  'fileName',
  'extension',
] as const;
const unicodeTexts = ['contentId', 'contentLocation', ...ansiTexts] as const;

type TextName = (typeof unicodeTexts)[number];

/** The stream `AttachDesc` (spec/mail.md, "Attachments"). */
export interface AttachmentDescription extends Readonly<Partial<Record<TextName, string>>> {
  readonly method: number;
  readonly created: Date | undefined;
  readonly modified: Date | undefined;
  /** Whether it is shown within the body; `undefined` if that is not said. */
  readonly rendered: boolean | undefined;
}

const version = 0x0203;
/** The count that says that a longer one follows. */
const longCount = 0xff;
const mostCount = 0xffff;
const hundredNanosecondsTo1970 = 116_444_736_000_000_000n;

/**
 * Takes a description apart. Texts are taken from the Unicode table; from the other one where they are missing there.
 *
 * @param codePage of the texts that are not Unicode
 *
 * Throws `MALFORMED_CONTAINER`.
 */
export function parseDescription(bytes: Uint8Array, codePage: number): AttachmentDescription {
  const reader = new ByteReader(bytes, {
    what: 'description of an attachment of the protected message',
    code: 'MALFORMED_CONTAINER',
  });
  reader.uint16('version');
  const texts: Partial<Record<TextName, string>> = {};
  const read = (name: TextName, unit: number, decode: (text: Uint8Array) => string): void => {
    const short = reader.uint8(name);
    const count = short === longCount ? reader.uint16(name) : short;
    const [text = ''] = decode(reader.bytes(count * unit, name)).split('\0', 1);
    if (text !== '') texts[name] = text;
  };
  for (const name of ansiTexts) read(name, 1, (text) => decodeMailText(text, codePage));
  const created = dateOf(reader.uint64('time of creation'));
  const modified = dateOf(reader.uint64('time of change'));
  const method = reader.uint32('method');
  for (const name of unicodeTexts) read(name, 2, (text) => utf16.decode(text));
  return Object.freeze({ ...texts, method, created, modified, rendered: readRendered(reader) });
}

const utf16 = new TextDecoder('utf-16le', { ignoreBOM: true });

/** What stands behind the texts is not confirmed: it is used where it has just the form that is recalled, else passed over. */
function readRendered(reader: ByteReader): boolean | undefined {
  for (let preview = 0; preview < 3; preview++) {
    const length = reader.remaining < 4 ? undefined : reader.uint32('preview');
    if (length === undefined || length > reader.remaining) return undefined;
    reader.bytes(length, 'preview');
  }
  if (reader.remaining !== 8) return undefined;
  const rendered = reader.uint32('rendering');
  const flags = reader.uint32('flags');
  // Zeros are also what writers put there that do not know.
  return rendered === 1 || flags === 4 ? true : undefined;
}

/** Bytes of a description that {@link parseDescription} reads. Throws `INVALID_ARGUMENT` for a text without end. */
export function serializeDescription(description: AttachmentDescription, codePage: number): Uint8Array {
  const writer = new ByteWriter().uint16(version);
  for (const name of ansiTexts) {
    const bytes = narrow(description[name] ?? '', codePage);
    writeCount(writer, bytes.length).bytes(bytes);
  }
  for (const date of [description.created, description.modified])
    writer.bytes(date === undefined ? new Uint8Array(8) : fileTimeBytes(date));
  writer.uint32(description.method);
  for (const name of unicodeTexts) {
    const bytes = encodeUtf16le(description[name] ?? '');
    writeCount(writer, bytes.length / 2).bytes(bytes);
  }
  // Three previews that are not there, rendering, flags: zeros say nothing wrong to whoever reads them otherwise.
  return writer.bytes(new Uint8Array(20)).toBytes();
}

function writeCount(writer: ByteWriter, count: number): ByteWriter {
  if (count > mostCount)
    throw new SealwrightError(
      'INVALID_ARGUMENT',
      `A text that describes an attachment has ${count} characters; at most ${mostCount} can be stored. Shorten its name.`,
    );
  return count < longCount
    ? writer.bytes(Uint8Array.of(count))
    : writer.bytes(Uint8Array.of(longCount)).uint16(count);
}

/** Text in a code page, an underscore for what is not in it. */
function narrow(text: string, codePage: number): Uint8Array {
  const whole = encodeMailText(text, codePage);
  if (whole !== undefined) return whole;
  const parts = Array.from(text, (character) => encodeMailText(character, codePage) ?? underscore);
  const writer = new ByteWriter();
  for (const part of parts) writer.bytes(part);
  return writer.toBytes();
}

const underscore = Uint8Array.of(0x5f);

function dateOf(fileTime: bigint): Date | undefined {
  if (fileTime === 0n) return undefined;
  const date = new Date(Number((fileTime - hundredNanosecondsTo1970) / 10_000n));
  return Number.isNaN(date.getTime()) || date.getUTCFullYear() > 9999 ? undefined : date;
}

/** Bytes of a description; its texts are short. */
export const mostDescriptionBytes = maxima.mailTextBytes;
