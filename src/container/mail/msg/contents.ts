import type { WaitOptions } from '../../../bytes/index.ts';
import { SealwrightError } from '../../../errors.ts';
import type { MailAttachment, MailMessage } from '../mail-message.ts';
import { bodyBytes, bodyIds } from './body-properties.ts';
import type { MapiMessage, MapiPart, MapiProperty } from './mapi-message.ts';
import { newAttachment } from './new-attachment.ts';
import { newBodyProperties } from './new-body.ts';
import { binaryProperty, withContent } from './new-properties.ts';
import { hasStream } from './property-stream.ts';
import { propertyIds, propertyTypes } from './property-tags.ts';
import { textReader } from './property-values.ts';

/** The property that an attached message or object becomes. */
export type ObjectOf = (
  attachment: Exclude<MailAttachment, { readonly kind: 'file' }>,
) => Promise<MapiProperty>;

/**
 * The properties of a message with body and attachments in them, where `base` has lost them or never had any. What
 * cannot be filled is left out.
 */
export async function withContents(
  base: MapiMessage,
  { body, attachments }: Pick<MailMessage, 'body' | 'attachments'>,
  objectOf: ObjectOf,
  options?: WaitOptions,
): Promise<MapiMessage> {
  const { codePage } = textReader(base);
  const properties: MapiProperty[] = [];
  let hasBody = false;
  for (const property of base.properties) {
    let filled: MapiProperty | undefined = property;
    if (isEmpty(property)) {
      filled = undefined;
      if (body !== undefined && property.id === bodyIds[body.native]) {
        const content =
          property.type === propertyTypes.binary
            ? body[body.native]
            : await bodyBytes(body, property.type, codePage, options);
        if (content !== undefined) filled = withContent(property, content);
      }
    }
    if (filled === undefined) continue;
    properties.push(filled);
    hasBody ||= isBody(filled) && filled.streams.length > 0;
  }
  if (!hasBody) {
    const added = await newBodyProperties(body, options);
    const isAdded = ({ id }: MapiProperty): boolean => added.some((each) => each.id === id);
    properties.splice(0, properties.length, ...properties.filter((each) => !isAdded(each)), ...added);
  }
  const known = matches(base.attachments, attachments) ? base.attachments : undefined;
  const parts: MapiPart[] = [];
  for (const [number, attachment] of attachments.entries()) {
    const content =
      attachment.kind === 'file'
        ? binaryProperty(propertyIds.attachData, attachment.content)
        : await objectOf(attachment);
    const part = known?.[number];
    parts.push(
      part === undefined
        ? newAttachment(attachment, number, attachment.kind, content)
        : withData(part, content),
    );
  }
  const recipients = base.recipients.map((part) => ({
    ...part,
    properties: part.properties.filter((property) => !isEmpty(property)),
  }));
  return {
    ...base,
    properties,
    recipients,
    attachments: parts,
    header: headerOf(base.header, recipients, parts),
  };
}

const isBody = ({ id }: MapiProperty): boolean => Object.values(bodyIds).includes(id);

/** A value that should be in a stream and is not; empty ones may go without. */
function isEmpty({ type, streams, value, newStorage }: MapiProperty): boolean {
  if (!hasStream(type) || streams.length > 0 || newStorage !== undefined) return false;
  return new DataView(value.buffer, value.byteOffset).getUint32(0, true) > 2;
}

/** Whether the attachments of the model are those that the properties are of. */
const matches = (parts: readonly MapiPart[], attachments: readonly MailAttachment[]): boolean =>
  parts.length === attachments.length &&
  attachments.every(({ kind }, number) => {
    const object = parts[number]?.properties.some(
      ({ id, type }) => id === propertyIds.attachData && type === propertyTypes.object,
    );
    return object === (kind !== 'file');
  });

function withData(part: MapiPart, content: MapiProperty): MapiPart {
  const empty = content.newStorage === undefined && content.value.every((byte) => byte === 0);
  const place = part.properties.findIndex(
    ({ id, type }) => id === propertyIds.attachData && type === content.type,
  );
  // A reference to a file elsewhere has no content, and gets none.
  if (place < 0 && empty) return { ...part, properties: part.properties.filter((each) => !isEmpty(each)) };
  const properties = part.properties.filter((each, index) => index === place || !isEmpty(each));
  const at = place < 0 ? -1 : properties.indexOf(part.properties[place] as MapiProperty);
  const old = properties[at];
  if (old === undefined) return { ...part, properties: [...properties, content] };
  const value = old.value.slice();
  value.set(content.value.subarray(0, 4));
  const filled = {
    ...old,
    value,
    streams: content.streams,
    storage: undefined,
    newStorage: content.newStorage,
  };
  return { ...part, properties: properties.with(at, filled) };
}

/** What the header of a list of properties counts: recipients, attachments, and the numbers for the next ones. */
export function headerOf(
  old: Uint8Array,
  recipients: readonly MapiPart[],
  attachments: readonly MapiPart[],
): Uint8Array {
  const header = old.slice();
  const view = new DataView(header.buffer);
  const next = (parts: readonly MapiPart[], field: number): void => {
    const largest = Math.max(0, ...parts.map((part) => numberOf(part) + 1));
    view.setUint32(field, Math.max(view.getUint32(field, true), largest), true);
  };
  next(recipients, 8);
  next(attachments, 12);
  view.setUint32(16, recipients.length, true);
  view.setUint32(20, attachments.length, true);
  return header;
}

function numberOf({ storageName }: MapiPart): number {
  const number = Number.parseInt(storageName.slice(storageName.indexOf('#') + 1), 16);
  if (number >= 0 && number < 0xffff_ffff) return number;
  throw new SealwrightError(
    'MALFORMED_CONTAINER',
    'A recipient or an attachment of the message has no number. Save the message again as .msg.',
  );
}
