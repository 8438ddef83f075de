/** Streams and storages of the compound file inside, [MS-OXORMMS] 2.2.4.4.1. */
export const bodyInfoStream = 'OutlookBodyStreamInfo';
/** The plain text or the HTML; beside RTF its HTML rendering. */
export const bodyStream = 'BodyPT-HTML';
/** HTML rendering of a plain text. */
export const plainAsHtmlStream = 'BodyPTAsHTML';
export const rtfStream = 'BodyRTF';
export const storageInfoStream = 'RpmsgStorageInfo';
export const attachmentsStorage = 'Attachment List';
export const attachmentsInfoStream = 'Attachment Info';
/** With the attachment's number behind. */
export const attachmentPrefix = 'MailAttachment ';
export const descriptionStream = 'AttachDesc';
export const iconStream = 'AttachPres';
export const contentsStream = 'AttachContents';
export const embeddedStorage = 'MAPIMessage';
/** Of ours: what an object holds whose streams have the names of those above. */
export const objectStorage = 'SealwrightObject';

/** What we keep of a message that the format has no place for (spec/mail.md, "Inside"). No reader known looks at it. */
export const supplementStorage = 'SealwrightMessage';
/** JSON: what kind the original is, which bodies are made up, facts of attachments. */
export const supplementFactsStream = 'Facts';
/** The structure of the original, as its form keeps it. */
export const supplementOriginalStream = 'Original';
/** The plain text beside HTML or RTF. */
export const supplementPlainStream = 'PlainText';
/** With the attachment's number behind: the supplement of an embedded message. */
export const supplementEmbeddedPrefix = 'Embedded ';
