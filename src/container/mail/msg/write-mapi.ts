import type { NewStorage, NewStream } from '../../compound-file/new-compound-file.ts';
import type { MapiMessage, MapiPart, MapiProperty, NewEntries, PropertyList } from './mapi-message.ts';
import { serializePropertyList } from './property-stream.ts';
import { itemNames, streamName } from './property-tags.ts';

/**
 * The entries of the storage of a message, without the names of its properties: those stand once in a file. Values
 * without streams are written as what they are, an entry and nothing else.
 */
export function messageEntries(message: MapiMessage): NewEntries {
  return [
    ...listEntries(message),
    ...message.recipients.map(partStorage),
    ...message.attachments.map(partStorage),
  ];
}

const partStorage = (part: MapiPart): NewStorage => ({
  kind: 'storage',
  name: part.storageName,
  entries: listEntries(part),
});

function listEntries({ header, properties: given }: PropertyList): NewEntries {
  const properties = firstOfEach(given);
  const list: NewStream = {
    kind: 'stream',
    name: itemNames.properties,
    content: serializePropertyList(header, properties),
  };
  return [list, ...properties.flatMap(valueEntries)];
}

/** Two of the same tag are one: names that a damaged item lists twice, or an item and the one around it both. */
function firstOfEach(properties: readonly MapiProperty[]): readonly MapiProperty[] {
  const seen = new Set<number>();
  return properties.filter(({ id, type }) => {
    const tag = id * 0x10000 + type;
    return !seen.has(tag) && seen.add(tag);
  });
}

function valueEntries(property: MapiProperty): NewEntries {
  const name = streamName(property.id, property.type);
  if (property.newStorage !== undefined) return [{ ...property.newStorage, name }];
  const { pendingSize } = property;
  if (pendingSize !== undefined) return [{ kind: 'stream', name, content: { pendingSize } }];
  return property.streams.map(({ suffix, content }) => ({
    kind: 'stream',
    name: `${name}${suffix.toUpperCase()}`,
    content,
  }));
}
