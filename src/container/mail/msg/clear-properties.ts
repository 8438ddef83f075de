import type { MapiProperty, PropertyList } from './mapi-message.ts';
import { type PropertyName, type PropertyNames, propertySets, samePropertyName } from './named-properties.ts';
import { hasStream } from './property-stream.ts';
import { propertyIds as ids, propertyTypes } from './property-tags.ts';

/** The kind of a message in header fields, the only mark of a protected one. */
export const contentClassName: PropertyName = { set: propertySets.internetHeaders, name: 'content-class' };
/** Labels, as key and value. */
export const labelsName: PropertyName = { set: propertySets.internetHeaders, name: 'msip_labels' };
/** A use license that a program kept beside a protected message. */
const keptLicenseName: PropertyName = { set: propertySets.publicStrings, name: 'DRMLicense' };
/** Categories. */
const keywordsName: PropertyName = { set: propertySets.publicStrings, name: 'Keywords' };

/**
 * Texts and bytes that say nothing of the content: subject, people, the way here, and what conversations and searches
 * find a message by. Any other text or bytes of a message are kept with the content, as nobody can tell what is in them.
 */
const clearValues: ReadonlySet<number> = new Set([
  ids.messageClass,
  ids.subject,
  ids.subjectPrefix,
  ids.normalizedSubject,
  ids.conversationTopic,
  ids.transportHeaders,
  ids.internetMessageId,
  ids.internetReferences,
  ids.inReplyTo,
  ids.displayTo,
  ids.displayCc,
  ids.displayBcc,
  ids.replyRecipientNames,
  ids.replyRecipientEntries,
  // Received by, received representing, sent representing, sender: entry, search key, name, address, SMTP address.
  ...[0x003f, 0x0040, 0x0041, 0x0042, 0x0043, 0x0044, 0x003b, 0x0051, 0x0052],
  ...[0x0064, 0x0065, 0x0075, 0x0076, 0x0077, 0x0078],
  ...[0x0c19, 0x0c1a, 0x0c1c, 0x0c1d, 0x0c1e, 0x0c1f],
  ...[0x5d01, 0x5d02, 0x5d07, 0x5d08],
  // Conversation index, search key of the message, change key, predecessors, source key.
  ...[0x0071, 0x300b, 0x65e2, 0x65e3, 0x65e0],
  // List fields.
  ...[0x1043, 0x1044, 0x1045],
]);

/** Numbers that belong to the body or count what is in the message; they go with the content. */
const contentNumbers: ReadonlySet<number> = new Set([
  ids.rtfSyncBodyCrc,
  ids.rtfSyncBodyCount,
  ids.rtfSyncPrefixCount,
  ids.rtfSyncTrailingCount,
  ids.rtfInSync,
  ids.nativeBody,
  ids.internetCodepage,
  ids.messageSize,
  ids.hasAttachments,
  ids.storeSupportMask,
]);

/** Whether a property of a message may stand where everybody can read it. */
export function staysClear({ id, type }: MapiProperty, names: PropertyNames): boolean {
  if (id >= ids.firstNamed) {
    const name = names.names[id - ids.firstNamed];
    if (name === undefined || isOfProtection(name)) return false;
    if (!hasStream(type) || samePropertyName(name, keywordsName)) return true;
    return name.set === propertySets.internetHeaders && typeof name.name === 'string';
  }
  if (contentNumbers.has(id)) return false;
  if (!hasStream(type)) return true;
  return clearValues.has(id) && (type & propertyTypes.multiple) === 0;
}

/** Bodies in all their forms, and what is taken from them. */
const bodyValues: ReadonlySet<number> = new Set([ids.body, ids.html, ids.rtfCompressed, ids.rtfSyncBodyTag]);

/** Whether a property of a protected message is of the stub, and not of the message. */
export function isOfStub({ id }: MapiProperty, names: PropertyNames): boolean {
  const name = names.names[id - ids.firstNamed];
  return bodyValues.has(id) || contentNumbers.has(id) || (name !== undefined && isOfProtection(name));
}

/** Whether a property is only there because a message is protected. */
export const isOfProtection = (name: PropertyName): boolean =>
  samePropertyName(name, contentClassName) || samePropertyName(name, keptLicenseName);

/** The properties of a list that may be read by everybody. */
export const clearProperties = (list: PropertyList, names: PropertyNames): MapiProperty[] =>
  list.properties.filter((property) => staysClear(property, names));
