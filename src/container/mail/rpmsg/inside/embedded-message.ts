import type { WaitOptions } from '../../../../bytes/index.ts';
import { SealwrightError } from '../../../../errors.ts';
import type { CompoundFile, CompoundStorage } from '../../../compound-file/compound-file.ts';
import type { NewStorage, NewStream } from '../../../compound-file/new-compound-file.ts';
import type { MailAttachment, MailMessage } from '../../mail-message.ts';
import { readMapiStorage } from '../../msg/read-message.ts';
import type { Supplement } from './supplement.ts';

/** What the storage of an embedded message holds (spec/mail.md, "Attachments"). */
export function embeddedEntries(
  _message: MailMessage,
  _options?: WaitOptions,
): Promise<readonly (NewStorage | NewStream)[]> {
  throw new SealwrightError('UNSUPPORTED_FORMAT', 'Messages within a message cannot be protected yet.');
}

/** Reads an embedded message, and gives it back the structure that was kept of it. */
export async function readEmbedded(
  file: CompoundFile,
  storage: CompoundStorage,
  supplement: Supplement | undefined,
  options?: WaitOptions,
): Promise<MailMessage> {
  return supplemented(await readMapiStorage(file, storage, undefined, options), supplement);
}

function supplemented(message: MailMessage, supplement: Supplement | undefined): MailMessage {
  if (supplement === undefined) return message;
  const attachments = message.attachments.map((attachment, index): MailAttachment => {
    const inner = supplement.embedded.get(index);
    return attachment.kind === 'message' && inner !== undefined
      ? Object.freeze({ ...attachment, message: supplemented(attachment.message, inner) })
      : attachment;
  });
  const { original = message.original } = supplement;
  return Object.freeze({ ...message, attachments: Object.freeze(attachments), original });
}
