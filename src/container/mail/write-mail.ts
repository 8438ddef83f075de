import type { WaitOptions } from '../../bytes/index.ts';
import { compoundFileSource, layoutCompoundFile } from '../compound-file/layout.ts';
import type { DocumentWriter } from '../document-format.ts';
import type { MailMessage } from './mail-message.ts';
import { mimeWriter } from './mime/index.ts';
import { msgEntries } from './msg/index.ts';
import { sourceWriter } from './outer/source-writer.ts';
import type { MailOutput } from './settings.ts';

/** A message in one of its forms; contents are read while it is written. Throws `LIMIT_EXCEEDED`. */
export async function writeMail(
  message: MailMessage,
  form: MailOutput,
  options?: WaitOptions,
): Promise<DocumentWriter> {
  if (form === 'eml') return mimeWriter(message, options);
  return sourceWriter(compoundFileSource(layoutCompoundFile(await msgEntries(message, options))));
}
