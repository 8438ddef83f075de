import { type ByteSource, encodeUtf8, type WaitOptions } from '../../../bytes/index.ts';
import type { NewRoot } from '../../compound-file/layout.ts';
import type { PendingContent } from '../../compound-file/new-compound-file.ts';
import { utf8CodePage } from '../../property-set/code-page.ts';
import { type MailMessage, rpmsgContentClass, rpmsgContentType, rpmsgName } from '../mail-message.ts';
import { clearProperties, contentClassName, labelsName } from './clear-properties.ts';
import { headerOf } from './contents.ts';
import type { MapiMessage, MapiProperty } from './mapi-message.ts';
import { newMapi, renumbered, rootOf } from './message-entries.ts';
import { nameTable } from './named-properties.ts';
import { newAttachment } from './new-attachment.ts';
import { messageFlags, unicodeStore } from './new-fields.ts';
import {
  binaryProperty,
  booleanProperty,
  integerProperty,
  pendingProperty,
  textProperties,
} from './new-properties.ts';
import { readOriginal } from './original.ts';
import { propertyIds as ids } from './property-tags.ts';
import { integerOf, textReader } from './property-values.ts';
import { unicodeProperties } from './unicode-properties.ts';

/** What stands around the protected part of a message. */
export interface ProtectedMsgContents {
  /** What people read who cannot open it. */
  readonly stub: { readonly plain: string; readonly html?: string | undefined };
  /** The `message.rpmsg`; or how many bytes it will have, where it is written behind the layout. */
  readonly rpmsg: ByteSource | PendingContent;
  /** Labels to be stated in the clear, instead of those the message has. */
  readonly labels?: readonly (readonly [name: string, value: string])[] | undefined;
}

/**
 * The Outlook item around a protected message (spec/mail.md, "Outlook items"): subject, people, dates, header fields
 * and labels of the message, a stub for its body, and the `message.rpmsg`. Texts and bytes that are not known to be
 * harmless do not stand in it; `restoredMsgEntries` has them from the opened message.
 *
 * @returns what `layoutCompoundFile` lays out
 * @throws SealwrightError `MALFORMED_CONTAINER` if what was kept of an item is damaged; `LIMIT_EXCEEDED` for 4 GB
 *
 * @example
 * ```ts
 * const root = await protectedMsgEntries(message, { stub: { plain: 'Protected' }, rpmsg });
 * const source = compoundFileSource(layoutCompoundFile(root));
 * ```
 */
export async function protectedMsgEntries(
  message: MailMessage,
  { stub, rpmsg, labels }: ProtectedMsgContents,
  options?: WaitOptions,
): Promise<NewRoot> {
  const original = await readOriginal(message, options);
  const names = nameTable(original?.names);
  const clear =
    original === undefined
      ? newMapi({ ...message, attachments: [] }, names)
      : renumbered(await clearMapi(original, options), original.names, names);
  const isReplaced = new Set<number>([
    ids.messageFlags,
    ids.storeSupportMask,
    ids.hasAttachments,
    names.idOf(contentClassName),
    ...(labels === undefined ? [] : [names.idOf(labelsName)]),
  ]);
  const flags = integerOf(clear, ids.messageFlags) ?? messageFlags.read;
  const properties: MapiProperty[] = [
    ...clear.properties.filter(({ id }) => !isReplaced.has(id)),
    integerProperty(ids.messageFlags, flags | messageFlags.hasAttachments),
    booleanProperty(ids.hasAttachments, true),
    integerProperty(ids.storeSupportMask, unicodeStore),
    ...textProperties(names.idOf(contentClassName), rpmsgContentClass),
    ...(labels === undefined ? [] : textProperties(names.idOf(labelsName), labelText(labels))),
    ...textProperties(ids.body, stub.plain),
    ...(stub.html === undefined || stub.html === '' ? [] : [binaryProperty(ids.html, encodeUtf8(stub.html))]),
    integerProperty(ids.internetCodepage, utf8CodePage),
  ];
  const content =
    'pendingSize' in rpmsg
      ? pendingProperty(ids.attachData, rpmsg.pendingSize)
      : binaryProperty(ids.attachData, rpmsg);
  const attachments = [newAttachment(rpmsgFacts, 0, 'file', content)];
  const header = headerOf(emptyHeader(clear.header), clear.recipients, attachments);
  return rootOf({ ...clear, properties, attachments, header }, names);
}

const rpmsgFacts = {
  name: rpmsgName,
  contentType: rpmsgContentType,
  contentId: undefined,
  contentLocation: undefined,
  inline: false,
  created: undefined,
  modified: undefined,
};

/** What may be read by everybody, in Unicode. */
async function clearMapi(message: MapiMessage, options: WaitOptions | undefined): Promise<MapiMessage> {
  const { codePage } = textReader(message);
  const clear = { ...message, properties: clearProperties(message, message.names) };
  const recipients = [];
  for (const part of message.recipients)
    recipients.push({ ...part, properties: await unicodeProperties(part, codePage, options) });
  return { ...clear, properties: await unicodeProperties(clear, codePage, options), recipients };
}

/** The numbers of recipients go on, those of attachments begin anew. */
function emptyHeader(header: Uint8Array): Uint8Array {
  const other = header.slice();
  new DataView(other.buffer).setUint32(12, 0, true);
  return other;
}

/** Labels as header fields state them. */
const labelText = (labels: readonly (readonly [name: string, value: string])[]): string =>
  labels.map(([name, value]) => `${name}=${value}`).join('; ');
