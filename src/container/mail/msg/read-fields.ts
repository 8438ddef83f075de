import { maxima, type WaitOptions } from '../../../bytes/index.ts';
import type { HeaderField } from '../mail-message.ts';
import { dateText, encodedText, mailboxText } from '../mime/index.ts';
import type { MapiMessage, MapiPart, PropertyList } from './mapi-message.ts';
import { propertySets } from './named-properties.ts';
import { mailboxesOf } from './one-off-entry.ts';
import { propertyIds, propertyTypes } from './property-tags.ts';
import { integerOf, streamBytes, type TextReader, timeOf } from './property-values.ts';
import { transportFields } from './transport-headers.ts';

const recipientFields = ['To', 'Cc', 'Bcc'] as const;

/**
 * The header fields of a message: those that it came with, and in their places the ones that only its properties
 * state. Encoded words and folds are as they are.
 */
export async function readFields(
  message: MapiMessage,
  texts: TextReader,
  options?: WaitOptions,
): Promise<readonly HeaderField[]> {
  const headers = await texts.text(message, propertyIds.transportHeaders);
  const fields = headers === undefined ? [] : transportFields(headers);
  const present = new Set(fields.map(({ name }) => name.toLowerCase()));
  const add = (name: string, value: string | undefined): void => {
    if (value === undefined || value === '' || present.has(name.toLowerCase())) return;
    present.add(name.toLowerCase());
    fields.push(Object.freeze({ name, value }));
  };

  const sender = await person(message, texts, senderIds);
  const author = (await person(message, texts, authorIds)) ?? sender;
  add('From', author);
  if (sender !== author) add('Sender', sender);
  const recipients = await recipientsByKind(message.recipients, texts);
  for (const [kind, name] of recipientFields.entries()) add(name, recipients[kind]?.join(',\r\n '));
  for (const [name, id] of textFields) {
    const text = await texts.text(message, id);
    add(name, text && encodedText(text));
  }
  add('Reply-To', await replyTo(message, texts, options));
  const date =
    timeOf(message, propertyIds.clientSubmitTime) ?? timeOf(message, propertyIds.messageDeliveryTime);
  add('Date', date && dateText(date));
  for (const [name, text] of await namedFields(message, texts)) add(name, encodedText(text));
  return Object.freeze(fields);
}

const textFields: readonly (readonly [name: string, id: number])[] = [
  ['Subject', propertyIds.subject],
  ['Message-ID', propertyIds.internetMessageId],
  ['In-Reply-To', propertyIds.inReplyTo],
  ['References', propertyIds.internetReferences],
];

interface PersonIds {
  readonly name: number;
  readonly addressType: number;
  readonly address: number;
  readonly smtpAddress: number;
}

const senderIds: PersonIds = {
  name: propertyIds.senderName,
  addressType: propertyIds.senderAddressType,
  address: propertyIds.senderAddress,
  smtpAddress: propertyIds.senderSmtpAddress,
};
const authorIds: PersonIds = {
  name: propertyIds.sentRepresentingName,
  addressType: propertyIds.sentRepresentingAddressType,
  address: propertyIds.sentRepresentingAddress,
  smtpAddress: propertyIds.sentRepresentingSmtpAddress,
};
const recipientIds: PersonIds = {
  name: propertyIds.displayName,
  addressType: propertyIds.addressType,
  address: propertyIds.emailAddress,
  smtpAddress: propertyIds.smtpAddress,
};

async function person(list: PropertyList, texts: TextReader, ids: PersonIds): Promise<string | undefined> {
  const name = await texts.text(list, ids.name);
  const smtp = await texts.text(list, ids.smtpAddress);
  // Addresses within Exchange mean nothing outside of it.
  const stated = smtp ?? (await texts.text(list, ids.address));
  const address = smtp !== undefined || stated?.includes('@') ? stated : undefined;
  return name === undefined && address === undefined ? undefined : mailboxText(name, address ?? '');
}

async function recipientsByKind(recipients: readonly MapiPart[], texts: TextReader): Promise<string[][]> {
  const kinds: string[][] = [[], [], []];
  for (const recipient of recipients) {
    // Bits above say that sending failed or is under way.
    const kind = ((integerOf(recipient, propertyIds.recipientType) ?? 1) & 0xf) - 1;
    const text = await person(recipient, texts, recipientIds);
    if (text !== undefined) kinds[kind]?.push(text);
  }
  return kinds;
}

/** Where replies go: the entries that stand for it, else the names. */
async function replyTo(
  message: MapiMessage,
  texts: TextReader,
  options: WaitOptions | undefined,
): Promise<string | undefined> {
  const property = message.properties.find(
    ({ id, type }) => id === propertyIds.replyRecipientEntries && type === propertyTypes.binary,
  );
  const bytes = property && (await streamBytes(property, maxima.mailTextBytes, options));
  const found = bytes === undefined ? [] : mailboxesOf(bytes, texts.codePage);
  if (found.length > 0) return found.map(({ name, address }) => mailboxText(name, address)).join(',\r\n ');
  const names = await texts.text(message, propertyIds.replyRecipientNames);
  return names && encodedText(names);
}

/** Fields that have properties of their own, named like them. */
async function namedFields(
  message: MapiMessage,
  texts: TextReader,
): Promise<readonly (readonly [name: string, text: string])[]> {
  const found: (readonly [string, string])[] = [];
  for (const { id, type } of message.properties) {
    if (id < propertyIds.firstNamed) continue;
    if (type !== propertyTypes.string && type !== propertyTypes.string8) continue;
    const known = message.names.names[id - propertyIds.firstNamed];
    if (known?.set !== propertySets.internetHeaders || typeof known.name !== 'string') continue;
    if (!/^[!-9;-~]{1,128}$/.test(known.name) || /^content-(?!class)/i.test(known.name)) continue;
    const text = await texts.text(message, id);
    if (text !== undefined) found.push([known.name, text]);
  }
  return found;
}
