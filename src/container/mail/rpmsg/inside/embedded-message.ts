import type { WaitOptions } from '../../../../bytes/index.ts';
import type { CompoundFile, CompoundStorage } from '../../../compound-file/compound-file.ts';
import type { MailAttachment, MailBody, MailMessage } from '../../mail-message.ts';
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
  const body = bodyOf(message.body, supplement);
  return Object.freeze({ ...message, body, attachments: Object.freeze(attachments), original });
}

/** The body with its plain text as it was, in its own code page. */
function bodyOf(body: MailBody | undefined, { plain, codePage }: Supplement): MailBody | undefined {
  if (plain === undefined || codePage === undefined) return body;
  // HTML that is in another code page than what was kept did not come with it.
  if (body?.html !== undefined && body.codePage !== codePage) return body;
  return Object.freeze({ ...(body ?? { native: 'plain' }), codePage, plain });
}
