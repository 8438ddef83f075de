import { equalBytes, maxima, type WaitOptions } from '../../../bytes/index.ts';
import type { CompoundFile } from '../../compound-file/compound-file.ts';
import type { NewRoot } from '../../compound-file/layout.ts';
import type { MailMessage } from '../mail-message.ts';
import { clearProperties, isOfProtection, isOfStub, staysClear } from './clear-properties.ts';
import type { MapiMessage, MapiPart, MapiProperty, PropertyList } from './mapi-message.ts';
import { fileOf } from './message-entries.ts';
import { nameTable, type PropertyNames, propertyNameKey } from './named-properties.ts';
import { messageFlags } from './new-fields.ts';
import { booleanProperty, integerProperty } from './new-properties.ts';
import { readOriginal } from './original.ts';
import { propertyIds as ids, propertyTypes } from './property-tags.ts';
import { integerOf, streamBytes, streamOf, textOfBytes, textReader } from './property-values.ts';
import { readMapiMessage } from './read-mapi.ts';

/**
 * The normal Outlook item of a protected one that was opened (spec/mail.md, "Outlook items"): subject, people, dates and
 * labels as they stand outside, where they may have been changed since; everything else as the opened message has it.
 * Where that was an item and nothing was changed outside, every property is as it was.
 *
 * @param outer the protected item; its source must stay open while the new file is written
 * @param opened what its `message.rpmsg` held
 * @returns what `layoutCompoundFile` lays out
 * @throws SealwrightError `MALFORMED_CONTAINER`, `LIMIT_EXCEEDED`
 *
 * @example
 * ```ts
 * const root = await restoredMsgEntries(await readCompoundFile(source), opened);
 * const restored = compoundFileSource(layoutCompoundFile(root));
 * ```
 */
export async function restoredMsgEntries(
  outer: CompoundFile,
  opened: MailMessage,
  options?: WaitOptions,
): Promise<NewRoot> {
  const around = await readMapiMessage(outer, outer.root, undefined, options);
  const original = await readOriginal(opened, options);
  const base =
    original === undefined
      ? withoutProtection(around, opened.attachments.length)
      : await merged(original, around, options);
  return fileOf(base, opened, nameTable(base.names), options);
}

/** An item from a program that kept nothing: all that is not of the stub. */
function withoutProtection(around: MapiMessage, attachments: number): MapiMessage {
  const flags = (integerOf(around, ids.messageFlags) ?? messageFlags.read) & ~messageFlags.hasAttachments;
  const properties = around.properties.filter(
    (property) => property.id !== ids.messageFlags && !isOfStub(property, around.names),
  );
  const mask = around.properties.filter(({ id }) => id === ids.storeSupportMask);
  return {
    ...around,
    properties: [
      ...properties,
      ...mask,
      integerProperty(ids.messageFlags, flags | (attachments > 0 ? messageFlags.hasAttachments : 0)),
      booleanProperty(ids.hasAttachments, attachments > 0),
    ],
    attachments: [],
  };
}

/** What the item was, with what is outside in the place of what may be read there. */
async function merged(
  original: MapiMessage,
  around: MapiMessage,
  options: WaitOptions | undefined,
): Promise<MapiMessage> {
  const clear = clearProperties(around, around.names);
  const names = mergedNames(original.names, around.names, clear);
  const idInOriginal = (property: MapiProperty): number => names.idOf(around.names, property.id);
  const outside = byId(clear.map((each) => ({ ...each, id: idInOriginal(each) })));
  const codePages = { original: textReader(original).codePage, outside: textReader(around).codePage };
  const known = new Set<number>();
  const properties: MapiProperty[] = [];
  for (const property of original.properties) {
    known.add(property.id);
    if (property.id === ids.messageFlags) properties.push(mergedFlags(property, around));
    else if (staysClear(property, original.names)) {
      const kept = await asOutside(property, outside, codePages, options);
      if (kept !== undefined) properties.push(kept);
    } else properties.push(property);
  }
  for (const [id, [first]] of outside) if (first !== undefined && !known.has(id)) properties.push(first);
  const same = await sameParts(original.recipients, around.recipients, codePages, options);
  return {
    ...original,
    properties,
    names: names.all,
    recipients: same ? original.recipients : around.recipients.map(withoutNames),
  };
}

/** The names of both, those of the original first and with their numbers. */
function mergedNames(original: PropertyNames, around: PropertyNames, used: readonly MapiProperty[]) {
  const names = [...original.names];
  const places = new Map<string, number>();
  for (const [place, name] of names.entries())
    if (!places.has(propertyNameKey(name))) places.set(propertyNameKey(name), place);
  const nameOf = (from: PropertyNames, id: number) =>
    id < ids.firstNamed ? undefined : from.names[id - ids.firstNamed];
  for (const { id } of used) {
    const name = nameOf(around, id);
    if (name === undefined || isOfProtection(name) || places.has(propertyNameKey(name))) continue;
    places.set(propertyNameKey(name), names.push(name) - 1);
  }
  return {
    all: { sets: original.sets, names },
    idOf(from: PropertyNames, id: number): number {
      const name = nameOf(from, id);
      return name === undefined ? id : ids.firstNamed + (places.get(propertyNameKey(name)) ?? -1);
    },
  };
}

/** Properties under their ids; several of an id differ in type. */
type PropertiesById = ReadonlyMap<number, readonly MapiProperty[]>;

function byId(properties: readonly MapiProperty[]): PropertiesById {
  const found = new Map<number, MapiProperty[]>();
  for (const property of properties) {
    const same = found.get(property.id);
    if (same === undefined) found.set(property.id, [property]);
    else same.push(property);
  }
  return found;
}

/** Whether it was read, answered and so on is as outside; whether it has attachments, as it was. */
function mergedFlags(property: MapiProperty, around: PropertyList): MapiProperty {
  const flags = integerOf({ header: around.header, properties: [property] }, ids.messageFlags) ?? 0;
  const now = integerOf(around, ids.messageFlags) ?? flags;
  const value = property.value.slice();
  const both = (now & ~messageFlags.hasAttachments) | (flags & messageFlags.hasAttachments);
  new DataView(value.buffer).setUint32(0, both, true);
  return { ...property, value };
}

interface CodePages {
  readonly original: number;
  readonly outside: number;
}

/** A property as it stands outside; as it was where both say the same; `undefined` where it is gone. */
async function asOutside(
  property: MapiProperty,
  outside: PropertiesById,
  codePages: CodePages,
  options: WaitOptions | undefined,
): Promise<MapiProperty | undefined> {
  const isText = property.type === propertyTypes.string8 || property.type === propertyTypes.string;
  const found = outside
    .get(property.id)
    ?.find(({ type }) => type === property.type || (isText && type === propertyTypes.string));
  // Empty texts do not stand outside.
  if (found === undefined)
    return isText && (await textOf(property, codePages.original, options)) === '' ? property : undefined;
  return (await saysTheSame(property, found, codePages, options)) ? property : found;
}

async function saysTheSame(
  property: MapiProperty,
  outside: MapiProperty,
  codePages: CodePages,
  options: WaitOptions | undefined,
): Promise<boolean> {
  if (property.streams.length === 0) return equalBytes(property.value, outside.value);
  if (property.type === propertyTypes.string8)
    return (
      (await textOf(property, codePages.original, options)) ===
      (await textOf(outside, codePages.outside, options))
    );
  if (property.streams.length !== outside.streams.length || streamOf(property) === undefined) return false;
  const [before, now] = [
    await streamBytes(property, maxima.mailOriginalBytes, options),
    await streamBytes(outside, maxima.mailOriginalBytes, options),
  ];
  return before !== undefined && now !== undefined && equalBytes(before, now);
}

/** Whether nobody changed the recipients outside. */
async function sameParts(
  original: readonly MapiPart[],
  outside: readonly MapiPart[],
  codePages: CodePages,
  options: WaitOptions | undefined,
): Promise<boolean> {
  if (original.length !== outside.length) return false;
  for (const [number, part] of original.entries()) {
    const other = byId((outside[number] as MapiPart).properties);
    const known = new Set(part.properties.map(({ id }) => id));
    if (![...other.keys()].every((id) => known.has(id))) return false;
    for (const property of part.properties)
      if ((await asOutside(property, other, codePages, options)) !== property) return false;
  }
  return true;
}

/** Recipients without the properties that have names, which are numbered otherwise here. */
const withoutNames = (part: MapiPart): MapiPart => ({
  ...part,
  properties: part.properties.filter(({ id }) => id < ids.firstNamed),
});

async function textOf(
  property: MapiProperty,
  codePage: number,
  options: WaitOptions | undefined,
): Promise<string | undefined> {
  const bytes = await streamBytes(property, maxima.mailTextBytes, options);
  return bytes && textOfBytes(property, bytes, codePage);
}
