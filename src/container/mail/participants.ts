import type { ByteSource, WaitOptions } from '../../bytes/index.ts';
import { SealwrightError } from '../../errors.ts';
import { readCompoundFile } from '../compound-file/read.ts';
import { isCompoundFile } from '../compound-file/signature.ts';
import { detectionBytes } from '../container-format.ts';
import { isMimeMessage, isOutlookItem } from '../recognise/mail.ts';
import type { HeaderField } from './mail-message.ts';
import { recipientsOf, splitMime } from './mime/index.ts';
import { mimeLimits } from './mime/limits.ts';
import { readMsg } from './msg/index.ts';

/** Who writes a message to whom; addresses alone. */
export interface MailParticipants {
  /** Who wrote it (From), else who sent it (Sender). */
  readonly sender: string | undefined;
  /** To, Cc and Bcc, each once, in that order. */
  readonly recipients: readonly string[];
}

/** Most addresses that a policy has room for, and then some. */
const mostRecipients = 4096;

/**
 * Who writes a message to whom, as its clear header says; `undefined` for what is no message. Nobody vouches for it.
 *
 * @param source seekable and of known size
 * @throws SealwrightError `LIMIT_EXCEEDED`, `MALFORMED_CONTAINER`
 */
export async function mailParticipants(
  source: ByteSource,
  options?: WaitOptions,
): Promise<MailParticipants | undefined> {
  const fields = await headerFields(source, options);
  return fields === undefined ? undefined : participantsOf(fields);
}

async function headerFields(
  source: ByteSource,
  options: WaitOptions | undefined,
): Promise<readonly HeaderField[] | undefined> {
  const head = new Uint8Array(await source.read(0, detectionBytes, options));
  if (isMimeMessage(head, 1))
    return (await splitMime(source.slice(0, mimeLimits.headerBytes), options)).fields;
  if (!isCompoundFile(head)) return undefined;
  const file = await readCompoundFile(source, { ...options, head });
  return isOutlookItem(file) ? (await readMsg(file, options)).fields : undefined;
}

/** The same of fields that were read. */
export function participantsOf(fields: readonly HeaderField[]): MailParticipants {
  const { from, sender, to, cc, bcc } = recipientsOf({ fields });
  const recipients = new Map([...to, ...cc, ...bcc].map((address) => [address.toLowerCase(), address]));
  if (recipients.size > mostRecipients)
    throw new SealwrightError(
      'LIMIT_EXCEEDED',
      `The message goes to more than ${mostRecipients} addresses, too many for one policy. Write to groups instead.`,
    );
  return Object.freeze({ sender: from[0] ?? sender[0], recipients: Object.freeze([...recipients.values()]) });
}
