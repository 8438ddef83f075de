import type { ByteSource, WaitOptions } from '../../../bytes/index.ts';
import { labelText } from '../labels/label-field.ts';
import { labelsOfFields } from '../labels/mime-labels.ts';
import { findProtectedPart, readMime, restoredMessage } from '../mime/index.ts';
import type { OuterMessage } from './outer-message.ts';

/** A protected MIME message; `undefined` if there is no `message.rpmsg` in it. */
export async function outerMime(
  source: ByteSource,
  options?: WaitOptions,
): Promise<OuterMessage | undefined> {
  const found = await findProtectedPart(source, options);
  if (found === undefined) return undefined;
  return Object.freeze<OuterMessage>({
    form: 'eml',
    rpmsg: found.content,
    labels: labelText(labelsOfFields(found.message.fields)),
    message: (wait) => readMime(source, wait),
    restored: (inside) => restoredMessage(found.message, inside),
  });
}
