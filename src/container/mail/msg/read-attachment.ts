import { type ByteSource, memorySource } from '../../../bytes/index.ts';
import type { CompoundStorage } from '../../compound-file/compound-file.ts';
import type { AttachmentFacts } from '../mail-message.ts';
import type { MapiPart, MapiProperty } from './mapi-message.ts';
import { propertyIds, propertyTypes } from './property-tags.ts';
import { integerOf, isTrue, streamOf, type TextReader, timeOf } from './property-values.ts';

/** PidTagAttachFlags: the attachment is shown within the body, [MS-OXCMSG] 2.2.2.18. */
export const shownInBody = 4;

/** What an attachment says of itself. */
export async function readAttachmentFacts(part: MapiPart, texts: TextReader): Promise<AttachmentFacts> {
  const text = (id: number): Promise<string | undefined> => texts.text(part, id);
  const name =
    (await text(propertyIds.attachLongFilename)) ??
    (await text(propertyIds.attachFilename)) ??
    (await text(propertyIds.displayName));
  const contentId = (await text(propertyIds.attachContentId))?.replace(/^\s*<?|>?\s*$/g, '');
  const shown = ((integerOf(part, propertyIds.attachFlags) ?? 0) & shownInBody) !== 0;
  return {
    name: name && withoutPath(name),
    contentType: await text(propertyIds.attachMimeTag),
    contentId: contentId === '' ? undefined : contentId,
    contentLocation: await text(propertyIds.attachContentLocation),
    inline: shown || (contentId !== undefined && isTrue(part, propertyIds.attachmentHidden)),
    created: timeOf(part, propertyIds.creationTime),
    modified: timeOf(part, propertyIds.lastModificationTime),
  };
}

const dataOf = (part: MapiPart, type: number): MapiProperty | undefined =>
  part.properties.find((property) => property.id === propertyIds.attachData && property.type === type);

/** The bytes of an attachment; none where it is only a reference to a file elsewhere. */
export function attachedBytes(part: MapiPart): ByteSource {
  const property = dataOf(part, propertyTypes.binary);
  const content = property && streamOf(property)?.content;
  return content === undefined || content instanceof Uint8Array
    ? memorySource(content ?? new Uint8Array(0))
    : content;
}

/** The storage of an attached message or object, as it was read. */
export const attachedStorage = (part: MapiPart): CompoundStorage | undefined =>
  dataOf(part, propertyTypes.object)?.storage;

function withoutPath(path: string): string | undefined {
  const name = path.slice(Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1);
  return name === '' ? undefined : name;
}
