import type { ByteSource } from '../../../bytes/index.ts';
import type { CompoundStorage, CompoundStream } from '../../compound-file/compound-file.ts';
import type { NewStorage } from '../../compound-file/new-compound-file.ts';
import type { AttachmentFacts, MailAttachment } from '../mail-message.ts';
import type { MapiPart, MapiProperty, NewEntries } from './mapi-message.ts';
import { booleanProperty, integerProperty, textProperties, timeProperties } from './new-properties.ts';
import { listHeaders } from './property-stream.ts';
import { attachMethods, hex, propertyIds as ids, itemNames } from './property-tags.ts';
import { shownInBody } from './read-attachment.ts';

/** Not at a place within the text. */
const notInText = 0xffff_ffff;
/** PidTagObjectType of an attachment. */
const attachmentObject = 7;

/** An attachment, all but its content. */
export function newAttachment(
  facts: AttachmentFacts,
  number: number,
  kind: MailAttachment['kind'],
  content: MapiProperty,
): MapiPart {
  const method = { file: 'byValue', message: 'embeddedMessage', storage: 'storage' } as const;
  const extension = /\.[^.\s]{1,16}$/.exec(facts.name ?? '')?.[0];
  return {
    storageName: `${itemNames.attachment}${hex(number, 8)}`,
    header: new Uint8Array(listHeaders.part),
    properties: [
      integerProperty(ids.attachNumber, number),
      integerProperty(ids.objectType, attachmentObject),
      integerProperty(ids.attachMethod, attachMethods[method[kind]]),
      integerProperty(ids.renderingPosition, notInText),
      integerProperty(ids.attachFlags, facts.inline ? shownInBody : 0),
      booleanProperty(ids.attachmentHidden, facts.inline && facts.contentId !== undefined),
      ...textProperties(ids.displayName, facts.name),
      ...textProperties(ids.attachLongFilename, facts.name),
      ...textProperties(ids.attachFilename, facts.name && shortName(facts.name)),
      ...textProperties(ids.attachExtension, extension),
      ...textProperties(ids.attachMimeTag, facts.contentType),
      ...textProperties(ids.attachContentId, facts.contentId),
      ...textProperties(ids.attachContentLocation, facts.contentLocation),
      ...timeProperties(ids.creationTime, facts.created),
      ...timeProperties(ids.lastModificationTime, facts.modified),
      content,
    ],
  };
}

/** A name of eight characters and three, as programs of long ago need it. */
function shortName(name: string): string {
  const clean = (text: string): string => text.replace(/[^\w!#$%&'()@^`{}~-]/g, '').toUpperCase();
  const dot = name.lastIndexOf('.');
  const stem = clean(dot > 0 ? name.slice(0, dot) : name) || 'ATTACH';
  const extension = dot > 0 ? clean(name.slice(dot + 1)).slice(0, 3) : '';
  const isShort = stem.length <= 8 && `${stem}.${extension}`.toLowerCase() === name.toLowerCase();
  const short = isShort ? stem : `${stem.slice(0, 6)}~1`;
  return extension === '' ? short : `${short}.${extension}`;
}

/** A storage as it was read, to be written again. */
export const copiedStorage = (
  storage: CompoundStorage,
  open: (stream: CompoundStream) => ByteSource,
): NewStorage => ({
  kind: 'storage',
  name: storage.name,
  classId: storage.classId,
  stateBits: storage.stateBits,
  created: storage.created,
  modified: storage.modified,
  entries: copiedEntries(storage, open),
});

// No deeper than the directory that was read, which has a limit.
const copiedEntries = (storage: CompoundStorage, open: (stream: CompoundStream) => ByteSource): NewEntries =>
  storage.entries.map((entry) =>
    entry.kind === 'storage'
      ? copiedStorage(entry, open)
      : { kind: 'stream', name: entry.name, content: open(entry) },
  );
