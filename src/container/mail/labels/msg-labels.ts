import { type ByteSource, encodeUtf16le, maxima, type WaitOptions } from '../../../bytes/index.ts';
import { SealwrightError } from '../../../errors.ts';
import type { CompoundFile } from '../../compound-file/compound-file.ts';
import { type CompoundFileChanges, rewriteCompoundFile } from '../../compound-file/rewrite.ts';
import { labelsName } from '../msg/clear-properties.ts';
import type { MapiMessage, MapiProperty } from '../msg/mapi-message.ts';
import { nameTable, samePropertyName } from '../msg/named-properties.ts';
import { textProperties, withContent } from '../msg/new-properties.ts';
import { serializePropertyList } from '../msg/property-stream.ts';
import { propertyIds as ids, itemNames, propertyTypes, streamName } from '../msg/property-tags.ts';
import { streamBytes, streamOf, textProperty, textReader } from '../msg/property-values.ts';
import { readMapiMessage } from '../msg/read-mapi.ts';
import { type LabelPair, labelPairs, labelText } from './label-field.ts';
import { headerWithLabels, labelPairsOf } from './mime-labels.ts';

/**
 * The facts of labels that an Outlook item states, protected or not: those of its property, which programs keep up to date;
 * without it, those of the header it came with.
 *
 * @throws SealwrightError `MALFORMED_CONTAINER`, `LIMIT_EXCEEDED`
 */
export async function readItemLabels(
  file: CompoundFile,
  options?: WaitOptions,
): Promise<readonly LabelPair[]> {
  const item = await readMapiMessage(file, file.root, undefined, options);
  const id = labelsId(item);
  const text = id === undefined ? undefined : await textReader(item, options).text(item, id);
  if (text !== undefined) return labelPairs(text);
  const header = await transportHeader(item, options);
  return header === undefined ? labelPairs('') : labelPairsOf(header.block);
}

/**
 * The item with its labels stated so, in its property and where the header it came with has them. No other property
 * changes, and what is attached is shared with the file.
 *
 * @param pairs none takes the property out
 * @throws SealwrightError `MALFORMED_CONTAINER`, `LIMIT_EXCEEDED`; `INVALID_ARGUMENT` for a name that the old code page of
 *   an item cannot state
 */
export async function withItemLabels(
  file: CompoundFile,
  pairs: readonly LabelPair[],
  options?: WaitOptions,
): Promise<ByteSource> {
  const item = await readMapiMessage(file, file.root, undefined, options);
  const known = labelsId(item);
  if (known === undefined && pairs.length === 0 && (await statedInHeader(item, options)) === undefined)
    return rewriteCompoundFile(file, new Map());
  const names = nameTable(item.names);
  const id = known ?? names.idOf(labelsName);
  const changes = new Map<string, Uint8Array | undefined>();
  const properties: MapiProperty[] = [];
  for (const property of item.properties)
    if (property.id === id) changes.set(streamName(id, property.type), undefined);
    else properties.push(property);
  for (const made of labelProperties(item, id, pairs)) {
    properties.push(made);
    changes.set(streamName(id, made.type), bytesOf(made));
  }
  await changeHeader(item, pairs, properties, changes, options);
  changes.set(itemNames.properties, serializePropertyList(item.header, properties));
  if (known === undefined)
    for (const entry of names.storage().entries)
      if (entry.kind === 'stream')
        changes.set(`${itemNames.nameMapping}/${entry.name}`, entry.content as Uint8Array);
  return rewriteCompoundFile(file, changes satisfies CompoundFileChanges);
}

/** The number that an item has for the property of labels. */
function labelsId({ names, properties }: MapiMessage): number | undefined {
  const place = names.names.findIndex((name) => samePropertyName(name, labelsName));
  if (place < 0) return undefined;
  const id = ids.firstNamed + place;
  return properties.some((property) => property.id === id) ? id : undefined;
}

/** The property, in the kind of text that the item has: it may not have both. */
function labelProperties(item: MapiMessage, id: number, pairs: readonly LabelPair[]): MapiProperty[] {
  const text = labelText(pairs);
  const isOld =
    !item.properties.some(({ type }) => type === propertyTypes.string) &&
    item.properties.some(({ type }) => type === propertyTypes.string8);
  const made = textProperties(id, text);
  if (!isOld) return made;
  if (!/^[\x20-\x7e]*$/.test(text))
    throw new SealwrightError(
      'INVALID_ARGUMENT',
      'The Outlook item has its texts in an old code page, which the name of the label does not fit into. Leave the name out, or save the message anew in Outlook.',
    );
  return made.map((property) =>
    withContent(
      { ...property, type: propertyTypes.string8, value: new Uint8Array(8) },
      Uint8Array.from(text, (character) => character.charCodeAt(0)),
    ),
  );
}

const bytesOf = (property: MapiProperty): Uint8Array | undefined =>
  streamOf(property)?.content as Uint8Array | undefined;

interface TransportHeader {
  readonly property: MapiProperty;
  /** As it would stand in a message. */
  readonly block: Uint8Array;
  /** What changed of it as the property has it. */
  encoded(block: Uint8Array): Uint8Array;
}

async function transportHeader(
  item: MapiMessage,
  options: WaitOptions | undefined,
): Promise<TransportHeader | undefined> {
  const property = textProperty(item, ids.transportHeaders);
  const bytes = property && (await streamBytes(property, maxima.mailTextBytes, options));
  if (property === undefined || bytes === undefined) return undefined;
  // Header fields are ASCII, and whatever else stands there stays as it is.
  if (property.type === propertyTypes.string8) return { property, block: bytes, encoded: (block) => block };
  const text = new TextDecoder('utf-16le').decode(bytes);
  return {
    property,
    block: new TextEncoder().encode(text),
    encoded: (block) => encodeUtf16le(new TextDecoder().decode(block)),
  };
}

/** The header that a message came with, if it states labels. */
async function statedInHeader(
  item: MapiMessage,
  options: WaitOptions | undefined,
): Promise<TransportHeader | undefined> {
  const header = await transportHeader(item, options);
  return header !== undefined && labelPairsOf(header.block).length > 0 ? header : undefined;
}

async function changeHeader(
  item: MapiMessage,
  pairs: readonly LabelPair[],
  properties: MapiProperty[],
  changes: Map<string, Uint8Array | undefined>,
  options: WaitOptions | undefined,
): Promise<void> {
  const header = await statedInHeader(item, options);
  if (header === undefined) return;
  const changed = withContent(header.property, header.encoded(headerWithLabels(header.block, pairs)));
  properties[properties.indexOf(header.property)] = changed;
  changes.set(streamName(changed.id, changed.type), bytesOf(changed));
}
