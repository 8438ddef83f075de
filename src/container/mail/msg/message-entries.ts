import type { WaitOptions } from '../../../bytes/index.ts';
import { decodeHex, maxima } from '../../../bytes/index.ts';
import { SealwrightError } from '../../../errors.ts';
import type { NewRoot } from '../../compound-file/layout.ts';
import type { MailMessage } from '../mail-message.ts';
import { type ObjectOf, withContents } from './contents.ts';
import type { MapiMessage, MapiPart, MapiProperty, NewEntries } from './mapi-message.ts';
import { type NameTable, nameTable, noNames, type PropertyNames } from './named-properties.ts';
import { copiedStorage } from './new-attachment.ts';
import { newFieldProperties, newRecipients, newStateProperties } from './new-fields.ts';
import { objectProperty } from './new-properties.ts';
import { readOriginal } from './original.ts';
import { listHeaders } from './property-stream.ts';
import { propertyIds } from './property-tags.ts';
import { messageEntries } from './write-mapi.ts';

/** The class of Outlook items, in file order: {00020D0B-0000-0000-C000-000000000046}. */
export const itemClassId = decodeHex('0b0d020000000000c000000000000046');

/**
 * A message as an Outlook item file (spec/mail.md, "Outlook items"). One that was an item is written with every
 * property it had; any other becomes an IPM.Note in Unicode, made from its header fields. Contents of attachments and
 * bodies are read while the file is written, so their sources must stay open.
 *
 * @returns what `layoutCompoundFile` lays out
 * @throws SealwrightError `LIMIT_EXCEEDED` for a body or an attachment that is too large, or messages nested too
 * deeply; `MALFORMED_CONTAINER` if what was kept of an item is damaged
 *
 * @example
 * ```ts
 * const source = compoundFileSource(layoutCompoundFile(await msgEntries(message)));
 * ```
 */
export async function msgEntries(message: MailMessage, options?: WaitOptions): Promise<NewRoot> {
  const base = await readOriginal(message, options);
  return fileOf(base ?? newMapi, message, nameTable(base?.names), options);
}

/**
 * The same for the storage that a message is in a container of another kind, with the names of its properties in it.
 *
 * @example
 * ```ts
 * const storage = { kind: 'storage', name: 'MAPIMessage', entries: await mapiEntries(message) };
 * ```
 */
export async function mapiEntries(message: MailMessage, options?: WaitOptions): Promise<NewEntries> {
  return (await msgEntries(message, options)).entries;
}

/** Properties of a message, made from its header fields and numbered by `names`. */
export type NewMapi = (message: MailMessage, names: NameTable) => MapiMessage;

/** A message that never was an Outlook item, all but body and attachments. */
export const newMapi: NewMapi = ({ fields, attachments }, names) => ({
  classId: itemClassId,
  header: new Uint8Array(listHeaders.file),
  names: noNames,
  properties: [...newStateProperties(attachments.length), ...newFieldProperties(fields, names)],
  recipients: newRecipients(fields),
  attachments: [],
});

/** The file of a message whose properties are at hand or can be made. */
export async function fileOf(
  base: MapiMessage | NewMapi,
  message: MailMessage,
  names: NameTable,
  options?: WaitOptions,
): Promise<NewRoot> {
  const mapi = await filled(base, message, names, 0, options);
  return rootOf(mapi, names);
}

/** The root of a file of a message that is complete. */
export const rootOf = (mapi: MapiMessage, names: NameTable): NewRoot => ({
  classId: mapi.classId,
  entries: [
    ...messageEntries({ ...mapi, header: headerFor(mapi.header, listHeaders.file) }),
    names.storage(),
  ],
});

async function filled(
  base: MapiMessage | NewMapi,
  message: MailMessage,
  names: NameTable,
  depth: number,
  options: WaitOptions | undefined,
): Promise<MapiMessage> {
  if (depth > maxima.mailDepth)
    throw new SealwrightError(
      'LIMIT_EXCEEDED',
      `The message has messages within messages more than ${maxima.mailDepth} deep. Save the inner ones on their own.`,
    );
  const objectOf: ObjectOf = async (attachment) => {
    if (attachment.kind === 'storage')
      return objectProperty(
        propertyIds.attachData,
        'storage',
        copiedStorage(attachment.storage, attachment.open),
      );
    const innerBase = (await readOriginal(attachment.message, options)) ?? newMapi;
    const inner = await filled(innerBase, attachment.message, names, depth + 1, options);
    const header = headerFor(inner.header, listHeaders.embedded);
    return objectProperty(propertyIds.attachData, 'message', {
      kind: 'storage',
      classId: inner.classId,
      entries: messageEntries({ ...inner, header }),
    });
  };
  const mapi = typeof base === 'function' ? base(message, names) : renumbered(base, base.names, names);
  return withContents(mapi, message, objectOf, options);
}

/** Header of a list of properties in a place of another kind: that of a file has eight more bytes at its end. */
function headerFor(header: Uint8Array, length: number): Uint8Array {
  const other = new Uint8Array(length);
  other.set(header.subarray(0, length));
  return other;
}

/** Properties with the numbers that their names have in another file. One without a name is nothing that can be told. */
export function renumbered(message: MapiMessage, from: PropertyNames, to: NameTable): MapiMessage {
  const properties = (list: readonly MapiProperty[]): MapiProperty[] =>
    list.flatMap((property) => {
      if (property.id < propertyIds.firstNamed) return [property];
      const name = from.names[property.id - propertyIds.firstNamed];
      return name === undefined ? [] : [{ ...property, id: to.idOf(name) }];
    });
  const part = (each: MapiPart): MapiPart => ({ ...each, properties: properties(each.properties) });
  return {
    ...message,
    properties: properties(message.properties),
    recipients: message.recipients.map(part),
    attachments: message.attachments.map(part),
  };
}
