import type { ByteSource, WaitOptions } from '../../../bytes/index.ts';
import { defaultForm } from './body-form.ts';
import { charsetOf } from './charset.ts';
import type { TransferEncoding } from './mime-part.ts';
import type { LeafNode } from './mime-tree.ts';

const windowLength = 64 * 1024;
/** Characters of a line that is sent without an encoding; RFC 5322 2.1.1 recommends it. */
const longestLine = 78;
const [lineFeed, carriageReturn, dash, space, tab] = [10, 13, 45, 32, 9];

/** A text as a part: as it is where every mail server passes it on unchanged, else in the shorter of the two encodings. */
export async function textLeaf(
  subtype: 'plain' | 'html',
  content: ByteSource,
  codePage: number,
  options?: WaitOptions,
): Promise<LeafNode> {
  const encoding = await encodingFor(content, options);
  // A code page that mail has no name for is named as Windows does.
  const charset = charsetOf(codePage) ?? `windows-${codePage}`;
  return {
    kind: 'leaf',
    header:
      `Content-Type: text/${subtype}; charset="${charset}"\r\n` +
      `Content-Transfer-Encoding: ${encoding === 'identity' ? '7bit' : encoding}\r\n`,
    content: { source: content, form: defaultForm(encoding) },
  };
}

async function encodingFor(content: ByteSource, options: WaitOptions | undefined): Promise<TransferEncoding> {
  const size = content.size ?? 0;
  let [escapes, line, plain, before] = [0, 0, true, 0];
  for (let at = 0; at < size; at += windowLength) {
    options?.signal?.throwIfAborted();
    for (const byte of await content.read(at, Math.min(windowLength, size - at), options)) {
      if (byte === lineFeed && before === carriageReturn) {
        line = 0;
        escapes--;
      } else {
        // A lone half of a line break, and everything that is no printable character.
        if (before === carriageReturn) plain = false;
        if (byte === carriageReturn) escapes++;
        else if (byte > 126 || (byte < space && byte !== tab)) {
          escapes++;
          plain = false;
        }
        if (line === 1 && byte === dash && before === dash) plain = false;
        line += byte === carriageReturn ? 0 : 1;
        if (line > longestLine) plain = false;
      }
      before = byte;
    }
  }
  if (plain && before !== carriageReturn) return 'identity';
  return escapes * 6 <= size ? 'quoted-printable' : 'base64';
}
