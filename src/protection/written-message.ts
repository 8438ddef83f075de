import { type ByteSink, type WaitOptions, writtenBytes } from '../bytes/index.ts';
import type { DocumentWriter, MailOutput } from '../container/index.ts';
import type { WrittenMessage } from './opened-message.ts';
import { writtenStream } from './written-stream.ts';

/**
 * A message that `write` prepares each time it is taken.
 *
 * @param check throws once nothing of it may be given out any more; asked before each piece
 */
export function writtenMessage(
  form: MailOutput,
  write: () => Promise<DocumentWriter>,
  options: WaitOptions,
  check: () => void = () => undefined,
): WrittenMessage {
  const { signal } = options;
  const message: WrittenMessage = {
    extension: `.${form}`,
    stream: (transfer) => writtenStream((sink) => message.writeTo(sink, transfer)),
    bytes: (transfer) => writtenBytes((sink) => message.writeTo(sink, transfer)),
    async writeTo(sink, transfer) {
      check();
      const admitted: ByteSink = {
        write(bytes, wait) {
          check();
          return sink.write(bytes, wait);
        },
      };
      return (await write()).writeTo(admitted, { signal, ...transfer });
    },
  };
  return Object.freeze(message);
}
