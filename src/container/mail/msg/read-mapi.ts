import { type ByteSource, maxima, type WaitOptions } from '../../../bytes/index.ts';
import { SealwrightError } from '../../../errors.ts';
import type {
  CompoundEntry,
  CompoundFile,
  CompoundStorage,
  CompoundStream,
} from '../../compound-file/compound-file.ts';
import type { MapiMessage, MapiPart, MapiProperty, PropertyList } from './mapi-message.ts';
import { type PropertyNames, readPropertyNames } from './named-properties.ts';
import { hasStream, parsePropertyList } from './property-stream.ts';
import { itemNames, propertyTypes } from './property-tags.ts';

/** A compound file as far as messages are read from it. */
export type ItemFile = Pick<CompoundFile, 'open' | 'read'>;

/**
 * Reads the properties of a message, of its recipients and of its attachments. Values that have streams of their own
 * are not read.
 *
 * @param storage the root of a file, or the storage of a message within another
 * @param names what properties are called where the storage does not say so itself
 *
 * Throws `MALFORMED_CONTAINER` if it is no message, or damaged; `LIMIT_EXCEEDED`.
 */
export async function readMapiMessage(
  file: CompoundFile,
  storage: CompoundStorage,
  names?: PropertyNames,
  options?: WaitOptions,
): Promise<MapiMessage> {
  const own = storage.entries.some(({ name }) => sameText(name, itemNames.nameMapping));
  const list = await readList(file, storage, true, options);
  if (list === undefined) throw noMessage();
  const count = { properties: list.properties.length };
  return {
    ...list,
    classId: storage.classId,
    names: own || names === undefined ? await readPropertyNames(file, storage, options) : names,
    recipients: await readParts(file, storage, itemNames.recipient, count, options),
    attachments: await readParts(file, storage, itemNames.attachment, count, options),
  };
}

/** Whether a storage is that of a message: it has a list of properties. */
export const isMapiMessage = (storage: CompoundStorage): boolean =>
  storage.entries.some(({ kind, name }) => kind === 'stream' && sameText(name, itemNames.properties));

async function readParts(
  file: CompoundFile,
  message: CompoundStorage,
  prefix: string,
  count: { properties: number },
  options: WaitOptions | undefined,
): Promise<MapiPart[]> {
  const found: { readonly number: number; readonly storage: CompoundStorage }[] = [];
  for (const entry of message.entries) {
    const digits = entry.name.slice(prefix.length);
    if (entry.kind !== 'storage' || !sameText(entry.name.slice(0, prefix.length), prefix)) continue;
    if (/^[0-9a-f]{1,8}$/i.test(digits)) found.push({ number: Number.parseInt(digits, 16), storage: entry });
  }
  if (found.length > maxima.mailParts)
    throw new SealwrightError(
      'LIMIT_EXCEEDED',
      `The message has ${found.length} recipients or attachments; at most ${maxima.mailParts} are read.`,
    );
  found.sort((a, b) => a.number - b.number);
  const parts: MapiPart[] = [];
  for (const { storage } of found) {
    // OLE objects may come without a list.
    const list = (await readList(file, storage, false, options)) ?? {
      header: new Uint8Array(8),
      properties: [],
    };
    count.properties += list.properties.length;
    if (count.properties > maxima.mailProperties)
      throw new SealwrightError(
        'LIMIT_EXCEEDED',
        `The message has more than ${maxima.mailProperties} properties; messages that people write have some hundreds.`,
      );
    parts.push({ ...list, storageName: storage.name });
  }
  return parts;
}

async function readList(
  file: CompoundFile,
  storage: CompoundStorage,
  ofMessage: boolean,
  options: WaitOptions | undefined,
): Promise<PropertyList | undefined> {
  let listStream: CompoundStream | undefined;
  const values = new Map<string, { readonly suffix: string; readonly entry: CompoundEntry }[]>();
  for (const entry of storage.entries) {
    if (entry.kind === 'stream' && sameText(entry.name, itemNames.properties)) listStream = entry;
    const match = valueName.exec(entry.name);
    if (match === null) continue;
    const tag = (match[1] as string).toUpperCase();
    const group = values.get(tag) ?? [];
    values.set(tag, group);
    group.push({ suffix: match[2] ?? '', entry });
  }
  if (listStream === undefined) return undefined;
  const { header, entries } = parsePropertyList(
    await file.read(listStream, maxima.mailPropertyListBytes, options),
    ofMessage,
  );
  const properties = entries.map((entry): MapiProperty => {
    if (!hasStream(entry.type)) return { ...entry, streams: [] };
    const tag = ((entry.id * 0x10000 + entry.type) >>> 0).toString(16).toUpperCase().padStart(8, '0');
    const group = values.get(tag) ?? [];
    if (entry.type === propertyTypes.object) {
      const found = group.find(({ entry: { kind } }) => kind === 'storage')?.entry;
      if (found?.kind === 'storage') return { ...entry, streams: [], storage: found };
    }
    const streams: { suffix: string; content: ByteSource }[] = [];
    for (const { suffix, entry: each } of group)
      if (each.kind === 'stream') streams.push({ suffix, content: file.open(each) });
    return { ...entry, streams };
  });
  return { header, properties };
}

const valueName = /^__substg1\.0_([0-9a-f]{8})(-[0-9a-f]{1,8})?$/i;

const sameText = (a: string, b: string): boolean => a.toLowerCase() === b.toLowerCase();

function noMessage(): SealwrightError {
  return new SealwrightError(
    'MALFORMED_CONTAINER',
    'The file is no Outlook item: it has no list of properties. Save the message again as .msg.',
  );
}
