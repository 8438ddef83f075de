import { ByteReader, ByteWriter, decodeHex, encodeHex, encodeUtf16le } from '../../../bytes/index.ts';
import { SealwrightError } from '../../../errors.ts';
import { decodeMailText, textOfUtf16 } from '../code-pages.ts';

/** Somebody whom no address book knows. */
export interface Mailbox {
  readonly name: string | undefined;
  readonly address: string;
}

/** The provider of such entries, [MS-OXCDATA] 2.2.5.1. */
const provider = '812b1fa4bea310199d6e00dd010f5402';
/** Texts are Unicode, and no rich text is to be sent. */
const unicodeFlags = 0x9001;
const unicodeFlag = 0x8000;

/** The entry that stands for a mailbox: sender, recipient, or where replies go. */
export const oneOffEntry = ({ name, address }: Mailbox): Uint8Array =>
  new ByteWriter()
    .uint32(0)
    .bytes(decodeHex(provider))
    .uint16(0)
    .uint16(unicodeFlags)
    .bytes(encodeUtf16le(`${withoutNul(name ?? address)}\0SMTP\0${withoutNul(address)}\0`))
    .toBytes();

const withoutNul = (text: string): string => text.replace(/\0/g, '');

/** Several entries in one value, [MS-OXCDATA] 2.3.3. */
export function entryList(entries: readonly Uint8Array[]): Uint8Array {
  const writer = new ByteWriter();
  for (const entry of entries)
    writer
      .uint32(entry.length)
      .bytes(entry)
      .bytes(new Uint8Array((4 - (entry.length % 4)) % 4));
  const list = writer.toBytes();
  // The last one needs no filling.
  const last = entries.at(-1)?.length ?? 0;
  const size = list.length - ((4 - (last % 4)) % 4);
  return new ByteWriter().uint32(entries.length).uint32(size).bytes(list.subarray(0, size)).toBytes();
}

/** The mailboxes of a list of entries; others and damaged ones are passed over. */
export function mailboxesOf(list: Uint8Array, codePage: number): Mailbox[] {
  const mailboxes: Mailbox[] = [];
  const reader = new ByteReader(list, { what: 'list of recipients', code: 'MALFORMED_CONTAINER' });
  try {
    const count = reader.uint32('number of entries');
    reader.uint32('size of the entries');
    for (let i = 0; i < count && reader.remaining > 0; i++) {
      const length = reader.uint32('length of an entry');
      const mailbox = mailboxOf(reader.bytes(length, 'entry'), codePage);
      if (mailbox !== undefined) mailboxes.push(mailbox);
      reader.bytes(Math.min((4 - (length % 4)) % 4, reader.remaining), 'filling');
    }
  } catch (error) {
    if (!(error instanceof SealwrightError)) throw error;
  }
  return mailboxes;
}

function mailboxOf(entry: Uint8Array, codePage: number): Mailbox | undefined {
  if (entry.length < 24 || encodeHex(entry.subarray(4, 20)) !== provider) return undefined;
  const flags = (entry[22] as number) | ((entry[23] as number) << 8);
  const text = entry.subarray(24);
  const decoded = (flags & unicodeFlag) !== 0 ? textOfUtf16(text) : decodeMailText(text, codePage);
  const [name, , address] = decoded.split('\0');
  return address === undefined || address === ''
    ? undefined
    : { name: name === '' ? undefined : name, address };
}
