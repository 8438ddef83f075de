/** Types of properties, [MS-OXCDATA] 2.11.1, the second half of a tag. */
export const propertyTypes = {
  integer32: 0x0003,
  boolean: 0x000b,
  object: 0x000d,
  string8: 0x001e,
  string: 0x001f,
  time: 0x0040,
  guid: 0x0048,
  binary: 0x0102,
  /** Set where a property has several values. */
  multiple: 0x1000,
} as const;

/** The first half of the tags that mean something here, [MS-OXPROPS]. */
export const propertyIds = {
  importance: 0x0017,
  messageClass: 0x001a,
  sensitivity: 0x0036,
  subject: 0x0037,
  clientSubmitTime: 0x0039,
  subjectPrefix: 0x003d,
  sentRepresentingName: 0x0042,
  sentRepresentingEntryId: 0x0041,
  replyRecipientEntries: 0x004f,
  replyRecipientNames: 0x0050,
  sentRepresentingAddressType: 0x0064,
  sentRepresentingAddress: 0x0065,
  conversationTopic: 0x0070,
  transportHeaders: 0x007d,
  recipientType: 0x0c15,
  senderEntryId: 0x0c19,
  senderName: 0x0c1a,
  senderAddressType: 0x0c1e,
  senderAddress: 0x0c1f,
  displayBcc: 0x0e02,
  displayCc: 0x0e03,
  displayTo: 0x0e04,
  messageDeliveryTime: 0x0e06,
  messageFlags: 0x0e07,
  messageSize: 0x0e08,
  hasAttachments: 0x0e1b,
  normalizedSubject: 0x0e1d,
  rtfInSync: 0x0e1f,
  attachNumber: 0x0e21,
  objectType: 0x0ffe,
  entryId: 0x0fff,
  body: 0x1000,
  rtfSyncBodyCrc: 0x1006,
  rtfSyncBodyCount: 0x1007,
  rtfSyncBodyTag: 0x1008,
  rtfCompressed: 0x1009,
  rtfSyncPrefixCount: 0x1010,
  rtfSyncTrailingCount: 0x1011,
  html: 0x1013,
  nativeBody: 0x1016,
  internetMessageId: 0x1035,
  internetReferences: 0x1039,
  inReplyTo: 0x1042,
  rowId: 0x3000,
  displayName: 0x3001,
  addressType: 0x3002,
  emailAddress: 0x3003,
  creationTime: 0x3007,
  lastModificationTime: 0x3008,
  storeSupportMask: 0x340d,
  attachData: 0x3701,
  attachExtension: 0x3703,
  attachFilename: 0x3704,
  attachMethod: 0x3705,
  attachLongFilename: 0x3707,
  renderingPosition: 0x370b,
  attachMimeTag: 0x370e,
  attachContentId: 0x3712,
  attachContentLocation: 0x3713,
  attachFlags: 0x3714,
  displayType: 0x3900,
  smtpAddress: 0x39fe,
  internetCodepage: 0x3fde,
  messageCodepage: 0x3ffd,
  senderSmtpAddress: 0x5d01,
  sentRepresentingSmtpAddress: 0x5d02,
  attachmentHidden: 0x7ffe,
  /** Properties from here on have a name instead of a number of their own. */
  firstNamed: 0x8000,
} as const;

/** How an attachment is carried, [MS-OXCMSG] 2.2.2.9. */
export const attachMethods = { byValue: 1, embeddedMessage: 5, storage: 6 } as const;

/** Names of storages and streams, [MS-OXMSG] 2.2 to 2.4. */
export const itemNames = {
  properties: '__properties_version1.0',
  nameMapping: '__nameid_version1.0',
  recipient: '__recip_version1.0_#',
  attachment: '__attach_version1.0_#',
  substorage: '__substg1.0_',
} as const;

/** Name of the stream or storage that holds a property: `__substg1.0_0037001F`. */
export const streamName = (id: number, type: number): string =>
  `${itemNames.substorage}${hex(id, 4)}${hex(type, 4)}`;

/** A number in upper-case hexadecimal digits. */
export const hex = (number: number, digits: number): string =>
  number.toString(16).toUpperCase().padStart(digits, '0');
