export type {
  CompoundEntry,
  CompoundFile,
  CompoundStorage,
  CompoundStream,
} from './compound-file/compound-file.ts';
export { type ReadCompoundFileOptions, readCompoundFile } from './compound-file/read.ts';
export { type CompoundFileChanges, rewriteCompoundFile } from './compound-file/rewrite.ts';
export { isCompoundFile } from './compound-file/signature.ts';
export {
  type ContainerContents,
  type ContainerFormat,
  type ContainerHeader,
  type ContainerName,
  type ContainerReadOptions,
  type ContentInsertion,
  type DocumentInput,
  detectionBytes,
  type FileFormat,
  type ProtectedContainer,
  type ProtectedFacts,
} from './container-format.ts';
export type {
  DocumentContents,
  DocumentFormat,
  DocumentPart,
  DocumentSettings,
  DocumentTransferOptions,
  DocumentWriter,
  OpenDocumentOptions,
  PartCipher,
  ProtectedDocument,
  WrittenPart,
} from './document-format.ts';
export { type MailFormat, mailFormat, mailModule, type OpenMail, type ProtectedMail } from './mail/format.ts';
export { labelPairs, labelText } from './mail/labels/label-field.ts';
export type {
  AttachmentFacts,
  FileAttachment,
  HeaderField,
  MailAttachment,
  MailBody,
  MailMessage,
  MessageAttachment,
  StorageAttachment,
} from './mail/mail-message.ts';
export type { MailParticipants } from './mail/participants.ts';
export type { MailOutput, MailSettings, MailStub } from './mail/settings.ts';
export type { OfficeDocument } from './office/document-parts.ts';
export { checkModifiable } from './office/find-protected.ts';
export { type OfficeContainer, type OfficeFormat, officeFormat } from './office/format.ts';
export type { OfficeContents, StoredUseLicense } from './office/office-container.ts';
export { pdfFormat, pdfModule } from './pdf/format.ts';
export type { PdfMetadata } from './pdf/metadata/document-metadata.ts';
export type {
  PdfDictionary,
  PdfDocument,
  PdfObject,
  PdfReference,
  PdfString,
  PdfValue,
} from './pdf/pdf-document.ts';
export type { CoverLanguage, CoverText, PdfCover, PdfSettings } from './pdf/settings.ts';
export type { PdfUpdate, UpdatedObject as UpdatedPdfObject } from './pdf/update/append-update.ts';
export { extensionOf } from './pfile/extension.ts';
export { type PfileFormat, pfileFormat } from './pfile/format.ts';
export { type PfileHeader, type PfilePart, serializePfileHeader } from './pfile/header.ts';
export type { PfileContainer } from './pfile/read.ts';
export { type UserProperty, userProperties, withUserProperties } from './property-set/user-properties.ts';
export { isMimeMessage, isOutlookItem } from './recognise/mail.ts';
export { type RecognisedInput, type Recognition, recognise } from './recognise/recognise.ts';
export { type AnyFormat, containerFormats } from './registry.ts';
export type { ZipArchive, ZipEntry, ZipLayout } from './zip/archive.ts';
export { editZip } from './zip/edit.ts';
export { isZip, type ReadZipOptions, readZip } from './zip/read.ts';
