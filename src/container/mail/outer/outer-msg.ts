import type { WaitOptions } from '../../../bytes/index.ts';
import type { CompoundFile } from '../../compound-file/compound-file.ts';
import { compoundFileSource, layoutCompoundFile } from '../../compound-file/layout.ts';
import { labelText } from '../labels/label-field.ts';
import { readItemLabels } from '../labels/msg-labels.ts';
import { restoredMessage } from '../mime/index.ts';
import { findProtectedPart, readMsg, restoredMsgEntries } from '../msg/index.ts';
import type { OuterMessage } from './outer-message.ts';
import { sourceWriter } from './source-writer.ts';

/** A protected Outlook item; `undefined` if there is no `message.rpmsg` in it. */
export async function outerMsg(file: CompoundFile, options?: WaitOptions): Promise<OuterMessage | undefined> {
  const found = await findProtectedPart(file, options);
  if (found === undefined) return undefined;
  const outer = await readMsg(file, options);
  return Object.freeze<OuterMessage>({
    form: 'msg',
    rpmsg: found.source,
    labels: labelText(await readItemLabels(file, options)),
    message: async () => outer,
    restored: (inside) => restoredMessage(outer, inside),
    writeRestored: async (inside, wait) =>
      sourceWriter(compoundFileSource(layoutCompoundFile(await restoredMsgEntries(file, inside, wait)))),
  });
}
