import { maxima, memorySource, type WaitOptions } from '../../../bytes/index.ts';
import { SealwrightError } from '../../../errors.ts';
import { compoundFileSource, layoutCompoundFile } from '../../compound-file/layout.ts';
import { readCompoundFile } from '../../compound-file/read.ts';
import type { MailMessage } from '../mail-message.ts';
import type { MapiMessage, MapiPart, MapiProperty, PropertyList } from './mapi-message.ts';
import { nameTable } from './named-properties.ts';
import { propertyIds } from './property-tags.ts';
import { readMapiMessage } from './read-mapi.ts';
import { messageEntries } from './write-mapi.ts';

/** How many bytes may still be kept; shared by a message and those within it. */
export interface OriginalBudget {
  left: number;
}

export const originalBudget = (): OriginalBudget => ({ left: maxima.mailOriginalBytes });

type Original = NonNullable<MailMessage['original']>;

/** Bytes of an entry in a list of properties, and, at least, of what stands around each list. */
const [entryBytes, listBytes] = [16, 512];

/**
 * What a message has beyond the model, as a small Outlook item: its properties, with the values of those that are
 * neither an attachment's content nor `without`. Of values that are too large together, the largest are left out;
 * where there are too many properties, there is none.
 */
export async function originalOf(
  message: MapiMessage,
  without: (property: MapiProperty) => boolean,
  budget: OriginalBudget,
  options?: WaitOptions,
): Promise<Original | undefined> {
  const lists: readonly PropertyList[] = [message, ...message.recipients, ...message.attachments];
  const bytesOfLists = lists.reduce(
    (sum, { properties }) => sum + properties.length * entryBytes + listBytes,
    0,
  );
  if (bytesOfLists > budget.left) return undefined;
  budget.left -= bytesOfLists;
  const kept = await keptStreams(
    lists.flatMap((list) => list.properties).filter((property) => !isContent(property) && !without(property)),
    budget,
    options,
  );
  const properties = (list: PropertyList): readonly MapiProperty[] =>
    list.properties.map((property) => ({
      ...property,
      streams: kept.get(property) ?? [],
      storage: undefined,
    }));
  const part = (each: MapiPart): MapiPart => ({ ...each, properties: properties(each) });
  const small: MapiMessage = {
    ...message,
    properties: properties(message),
    recipients: message.recipients.map(part),
    attachments: message.attachments.map(part),
  };
  const names = nameTable(message.names);
  const entries = [...messageEntries(small), names.storage()];
  const source = compoundFileSource(layoutCompoundFile({ classId: message.classId, entries }));
  const bytes = await source.read(0, source.size as number, options);
  return Object.freeze({ form: 'msg', bytes });
}

/** What was kept of an Outlook item; `undefined` where the message was none. Throws `MALFORMED_CONTAINER`. */
export async function readOriginal(
  message: MailMessage,
  options?: WaitOptions,
): Promise<MapiMessage | undefined> {
  if (message.original?.form !== 'msg') return undefined;
  if (message.original.bytes.length > 2 * maxima.mailOriginalBytes)
    throw new SealwrightError(
      'LIMIT_EXCEEDED',
      `What was kept of the Outlook item has ${message.original.bytes.length} bytes, more than is ever kept.`,
    );
  const file = await readCompoundFile(memorySource(message.original.bytes), options);
  return readMapiMessage(file, file.root, undefined, options);
}

/** Contents of attachments are in the model. */
const isContent = ({ id }: MapiProperty): boolean => id === propertyIds.attachData;

async function keptStreams(
  properties: readonly MapiProperty[],
  budget: OriginalBudget,
  options: WaitOptions | undefined,
): Promise<Map<MapiProperty, MapiProperty['streams']>> {
  const sized = properties.map((property) => ({
    property,
    size: property.streams.reduce(
      (sum, { content }) => sum + (content instanceof Uint8Array ? content.length : (content.size ?? 0)),
      0,
    ),
  }));
  sized.sort((a, b) => a.size - b.size);
  const kept = new Map<MapiProperty, MapiProperty['streams']>();
  for (const { property, size } of sized) {
    if (size > budget.left) break;
    budget.left -= size;
    const streams: { suffix: string; content: Uint8Array }[] = [];
    for (const { suffix, content } of property.streams)
      streams.push({
        suffix,
        content:
          content instanceof Uint8Array
            ? content
            : (await content.read(0, content.size ?? 0, options)).slice(),
      });
    kept.set(property, streams);
  }
  return kept;
}
