import type { WaitOptions } from '../../../../bytes/index.ts';
import type { CompoundFile, CompoundStorage } from '../../../compound-file/compound-file.ts';
import type { MailAttachment, MailMessage } from '../../mail-message.ts';
import { readMapiStorage } from '../../msg/index.ts';
import type { Supplement } from './supplement.ts';

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
