import { ByteWriter, encodeUtf16le } from '../../../../bytes/index.ts';
import { attachmentPrefix } from '../names.ts';

/** Bytes of the name of a file as people see it: what stands behind the last slash of either kind. */
export const withoutPath = (name: string): string =>
  name.slice(Math.max(name.lastIndexOf('/'), name.lastIndexOf('\\')) + 1);

/** `.docx`, or nothing. */
export const extensionOf = (name: string): string => /[^.](\.[^.]+)$/.exec(name)?.[1] ?? '';

/** A name for programs that know eight letters and three. */
export function shortName(name: string): string {
  const extension = extensionOf(name);
  const base = name.slice(0, name.length - extension.length);
  const plain = (text: string): string => text.replaceAll(/[^A-Za-z0-9_$~!#%&'()@^`{}-]/g, '');
  const [shortBase, shortExtension] = [plain(base), plain(extension).slice(0, 3)];
  const fits = shortBase === base && base.length <= 8 && extension.length <= 4;
  const kept = fits ? base : `${shortBase.slice(0, 6).toUpperCase() || 'FILE'}~1`;
  return shortExtension === '' ? kept : `${kept}.${fits ? extension.slice(1) : shortExtension.toUpperCase()}`;
}

/** The most UTF-16 units of the list of names. */
const mostUnits = 0xffff;
const longList = 0xff;
const rtfMark = 0xffff_ffff;

/**
 * The stream `Attachment Info` (spec/mail.md, "Attachments"). It is not read: the storages themselves tell more, and the list
 * of their names may be cut.
 */
export function attachmentsInfo(count: number, isRtf: boolean): Uint8Array {
  let list = '';
  for (let number = 0; number < count; number++) {
    const name = `${attachmentPrefix}${number}|`;
    if (list.length + name.length > mostUnits) break;
    list += name;
  }
  const writer = new ByteWriter().uint32(isRtf ? rtfMark : count);
  if (list.length < longList) writer.bytes(Uint8Array.of(list.length));
  else writer.bytes(Uint8Array.of(longList)).uint16(list.length);
  writer.bytes(encodeUtf16le(list));
  return isRtf ? writer.uint32(count).toBytes() : writer.toBytes();
}
