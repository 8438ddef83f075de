import { maxima, type WaitOptions } from '../../../bytes/index.ts';
import { SealwrightError } from '../../../errors.ts';
import type { CompoundFile, CompoundStorage, CompoundStream } from '../../compound-file/compound-file.ts';
import type { MailAttachment, MailMessage } from '../mail-message.ts';
import { isInBody } from './body-properties.ts';
import type { MapiMessage, MapiPart } from './mapi-message.ts';
import type { PropertyNames } from './named-properties.ts';
import { type OriginalBudget, originalBudget, originalOf } from './original.ts';
import { type TextReader, textReader } from './property-values.ts';
import { attachedBytes, attachedStorage, readAttachmentFacts } from './read-attachment.ts';
import { readBody } from './read-body.ts';
import { readFields } from './read-fields.ts';
import { isMapiMessage, readMapiMessage } from './read-mapi.ts';

/**
 * The message of an Outlook item file, `.msg` (spec/mail.md, "Outlook items"). Contents of attachments and bodies
 * that are bytes already are read when asked for, so the file's source must stay open as long as the message is
 * used.
 *
 * @param file the item as `readCompoundFile` gives it
 * @returns header fields, body, attachments, messages within to a depth of `maxima.mailDepth`; frozen. Its `original`
 * holds every other property, at most `maxima.mailOriginalBytes` together with those of the messages within
 * @throws SealwrightError `MALFORMED_CONTAINER` for a file that is no item, or a damaged one; `LIMIT_EXCEEDED`
 *
 * @example
 * ```ts
 * const message = await readMsg(await readCompoundFile(memorySource(bytes)));
 * console.log(message.fields.find(({ name }) => name === 'Subject')?.value, message.attachments.length);
 * ```
 */
export function readMsg(file: CompoundFile, options?: WaitOptions): Promise<MailMessage> {
  return readMapiStorage(file, file.root, undefined, options);
}

/**
 * A message that is a storage of a compound file, as in an attachment of a message (spec/mail.md, "Outlook items").
 *
 * @param file the file that the storage is of
 * @param storage the storage that holds the message's list of properties
 * @param names what its named properties are called, where the storage does not say so itself: those of the file
 * @throws SealwrightError as `readMsg`
 *
 * @example
 * ```ts
 * const storage = file.find('Attachment List', 'MailAttachment 0', 'MAPIMessage');
 * if (storage?.kind === 'storage') console.log((await readMapiStorage(file, storage)).fields);
 * ```
 */
export function readMapiStorage(
  file: CompoundFile,
  storage: CompoundStorage,
  names?: PropertyNames,
  options?: WaitOptions,
): Promise<MailMessage> {
  return messageOf({ file, budget: originalBudget(), options }, storage, names, 0);
}

interface Reading {
  readonly file: CompoundFile;
  readonly budget: OriginalBudget;
  readonly options: WaitOptions | undefined;
}

async function messageOf(
  reading: Reading,
  storage: CompoundStorage,
  names: PropertyNames | undefined,
  depth: number,
): Promise<MailMessage> {
  const { file, options } = reading;
  if (depth > maxima.mailDepth)
    throw new SealwrightError(
      'LIMIT_EXCEEDED',
      `The message has messages within messages more than ${maxima.mailDepth} deep. Save the inner ones on their own.`,
    );
  const mapi = await readMapiMessage(file, storage, names, options);
  const texts = textReader(mapi, options);
  const body = await readBody(mapi, texts, options);
  const fields = await readFields(mapi, texts, options);
  const inBody = await isInBody(mapi, body, texts, options);
  const original = await originalOf(mapi, inBody, reading.budget, options);
  const attachments: MailAttachment[] = [];
  for (const part of mapi.attachments)
    attachments.push(await attachmentOf(reading, mapi, part, texts, depth));
  return Object.freeze({ fields, body, attachments: Object.freeze(attachments), original });
}

async function attachmentOf(
  reading: Reading,
  message: MapiMessage,
  part: MapiPart,
  texts: TextReader,
  depth: number,
): Promise<MailAttachment> {
  const facts = await readAttachmentFacts(part, texts);
  const storage = attachedStorage(part);
  if (storage === undefined) return Object.freeze({ ...facts, kind: 'file', content: attachedBytes(part) });
  if (!isMapiMessage(storage))
    return Object.freeze({
      ...facts,
      kind: 'storage',
      storage,
      open: (stream: CompoundStream) => reading.file.open(stream),
    });
  const inner = await messageOf(reading, storage, message.names, depth + 1);
  return Object.freeze({ ...facts, kind: 'message', message: inner });
}
