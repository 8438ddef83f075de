import { type WaitOptions, writtenBytes } from '../bytes/index.ts';
import type { DocumentWriter, MailOutput } from '../container/index.ts';
import type { WrittenMessage } from './opened-message.ts';
import { writtenStream } from './written-stream.ts';

/** A message that `write` prepares each time it is taken. */
export function writtenMessage(
  form: MailOutput,
  write: () => Promise<DocumentWriter>,
  options: WaitOptions,
): WrittenMessage {
  const { signal } = options;
  const message: WrittenMessage = {
    extension: `.${form}`,
    stream: (transfer) => writtenStream((sink) => message.writeTo(sink, transfer)),
    bytes: (transfer) => writtenBytes((sink) => message.writeTo(sink, transfer)),
    writeTo: async (sink, transfer) => (await write()).writeTo(sink, { signal, ...transfer }),
  };
  return Object.freeze(message);
}
