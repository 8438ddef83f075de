import type { HeaderField } from '../mail-message.ts';
import { parseMailboxes } from '../mime/index.ts';
import { fieldOf, fieldText } from '../view.ts';
import type { MapiPart, MapiProperty } from './mapi-message.ts';
import { type NameTable, propertySets } from './named-properties.ts';
import {
  binaryProperty,
  booleanProperty,
  integerProperty,
  textProperties,
  timeProperties,
} from './new-properties.ts';
import { entryList, type Mailbox, oneOffEntry } from './one-off-entry.ts';
import { listHeaders } from './property-stream.ts';
import { hex, propertyIds as ids, itemNames } from './property-tags.ts';

/** Fields that become properties of their own and are named like them. */
const namedFields = ['content-class', 'msip_labels'];
/** Mailboxes that are taken out of a header; no more than an item may have recipients. */
const mostMailboxes = 16_384;

/** A message's header fields as properties of an Outlook item. */
export function newFieldProperties(fields: readonly HeaderField[], names: NameTable): MapiProperty[] {
  const value = (name: string): string | undefined => fieldOf(fields, name);
  const subject = fieldText(fields, 'subject') ?? '';
  const [, prefix, rest] = /^([^:\d]{1,3}: )(.*)$/s.exec(subject) ?? [undefined, '', subject];
  const author = mailboxes(value('from'))[0];
  const sender = mailboxes(value('sender'))[0] ?? author;
  const replyTo = mailboxes(value('reply-to'));
  const date = dateOf(value('date'));
  return [
    ...textProperties(ids.subject, subject),
    ...textProperties(ids.subjectPrefix, prefix),
    ...textProperties(ids.normalizedSubject, rest),
    ...textProperties(ids.conversationTopic, rest),
    ...personProperties(author, {
      name: ids.sentRepresentingName,
      addressType: ids.sentRepresentingAddressType,
      address: ids.sentRepresentingAddress,
      smtpAddress: ids.sentRepresentingSmtpAddress,
      entryId: ids.sentRepresentingEntryId,
    }),
    ...personProperties(sender, {
      name: ids.senderName,
      addressType: ids.senderAddressType,
      address: ids.senderAddress,
      smtpAddress: ids.senderSmtpAddress,
      entryId: ids.senderEntryId,
    }),
    ...replyProperties(replyTo),
    ...textProperties(ids.displayTo, displayList(value('to'))),
    ...textProperties(ids.displayCc, displayList(value('cc'))),
    ...textProperties(ids.displayBcc, displayList(value('bcc'))),
    ...timeProperties(ids.clientSubmitTime, date),
    ...timeProperties(ids.messageDeliveryTime, date),
    ...timeProperties(ids.creationTime, date),
    ...timeProperties(ids.lastModificationTime, date),
    ...textProperties(ids.internetMessageId, value('message-id')),
    ...textProperties(ids.inReplyTo, value('in-reply-to')),
    ...textProperties(ids.internetReferences, value('references')),
    ...importance(value('importance')),
    ...sensitivity(value('sensitivity')),
    ...textProperties(ids.transportHeaders, fields.map(transportLine).join('')),
    ...namedFields.flatMap((name) =>
      textProperties(names.idOf({ set: propertySets.internetHeaders, name }), fieldText(fields, name)),
    ),
  ];
}

/** A field as it is, each of its lines but the first a fold: none of them may begin another field. */
const transportLine = ({ name, value }: HeaderField): string =>
  `${name}: ${value.replace(/(?:\r\n|\r|\n)+([ \t])?/g, (_, blank = ' ') => `\r\n${blank}`)}\r\n`;

/** The recipients of a message, as its header fields have them. */
export function newRecipients(fields: readonly HeaderField[]): MapiPart[] {
  const kinds = ['to', 'cc', 'bcc'].map((name) => fieldOf(fields, name));
  const all = kinds.flatMap((value, kind) =>
    mailboxes(value).map((mailbox) => ({ mailbox, kind: kind + 1 })),
  );
  return all.slice(0, mostMailboxes).map(({ mailbox, kind }, row) => ({
    storageName: `${itemNames.recipient}${hex(row, 8)}`,
    header: new Uint8Array(listHeaders.part),
    properties: [
      integerProperty(ids.rowId, row),
      integerProperty(ids.recipientType, kind),
      integerProperty(ids.objectType, 6),
      integerProperty(ids.displayType, 0),
      ...personProperties(mailbox, {
        name: ids.displayName,
        addressType: ids.addressType,
        address: ids.emailAddress,
        smtpAddress: ids.smtpAddress,
        entryId: ids.entryId,
      }),
    ],
  }));
}

interface PersonIds {
  readonly name: number;
  readonly addressType: number;
  readonly address: number;
  readonly smtpAddress: number;
  readonly entryId: number;
}

function personProperties(mailbox: Mailbox | undefined, to: PersonIds): MapiProperty[] {
  if (mailbox === undefined) return [];
  const { name, address } = mailbox;
  if (address === '') return textProperties(to.name, name);
  return [
    ...textProperties(to.name, name ?? address),
    ...textProperties(to.addressType, 'SMTP'),
    ...textProperties(to.address, address),
    ...textProperties(to.smtpAddress, address),
    binaryProperty(to.entryId, oneOffEntry(mailbox)),
  ];
}

function replyProperties(mailboxes: readonly Mailbox[]): MapiProperty[] {
  const known = mailboxes.filter(({ address }) => address !== '');
  if (known.length === 0) return [];
  return [
    binaryProperty(ids.replyRecipientEntries, entryList(known.map(oneOffEntry))),
    ...textProperties(ids.replyRecipientNames, namesOf(known)),
  ];
}

const namesOf = (list: readonly Mailbox[]): string =>
  list.map(({ name, address }) => name ?? address).join('; ');

const displayList = (value: string | undefined): string => namesOf(mailboxes(value));

const mailboxes = (value: string | undefined): Mailbox[] =>
  parseMailboxes(value ?? '').map(({ name, address }) => ({ name: name === '' ? undefined : name, address }));

function dateOf(value: string | undefined): Date | undefined {
  // What stands in brackets is a remark, most often the name of the time zone.
  const date = new Date((value ?? '').replace(/\([^()]*\)/g, ''));
  return Number.isNaN(date.getTime()) ? undefined : date;
}

function importance(value: string | undefined): MapiProperty[] {
  const level = { low: 0, normal: 1, high: 2 }[value?.toLowerCase() ?? ''];
  return level === undefined ? [] : [integerProperty(ids.importance, level)];
}

function sensitivity(value: string | undefined): MapiProperty[] {
  const level = { personal: 1, private: 2, 'company-confidential': 3 }[value?.toLowerCase() ?? ''];
  return level === undefined ? [] : [integerProperty(ids.sensitivity, level)];
}

/** That a message was read and has attachments, and that all its texts are Unicode. */
export const newStateProperties = (attachments: number): MapiProperty[] => [
  ...textProperties(ids.messageClass, 'IPM.Note'),
  integerProperty(ids.messageFlags, messageFlags.read | (attachments > 0 ? messageFlags.hasAttachments : 0)),
  booleanProperty(ids.hasAttachments, attachments > 0),
  integerProperty(ids.storeSupportMask, unicodeStore),
];

/** PidTagMessageFlags, [MS-OXCMSG] 2.2.1.6. */
export const messageFlags = { read: 1, hasAttachments: 0x10 } as const;
/** PidTagStoreSupportMask, with the bit that says that texts are Unicode. */
export const unicodeStore = 0x0004_0e79;
