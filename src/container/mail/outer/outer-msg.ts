import type { WaitOptions } from '../../../bytes/index.ts';
import type { CompoundFile } from '../../compound-file/compound-file.ts';
import { restoredMessage } from '../mime/index.ts';
import { readMsg } from '../msg/index.ts';
import type { OuterMessage } from './outer-message.ts';
import { findRpmsg } from './rpmsg-attachment.ts';

/** A protected Outlook item; `undefined` if there is no `message.rpmsg` in it. */
export async function outerMsg(file: CompoundFile, options?: WaitOptions): Promise<OuterMessage | undefined> {
  const outer = await readMsg(file, options);
  const rpmsg = findRpmsg(outer.attachments);
  if (rpmsg === undefined) return undefined;
  return Object.freeze<OuterMessage>({
    form: 'msg',
    rpmsg: rpmsg.content,
    message: async () => outer,
    restored: (inside) => restoredMessage(outer, inside),
  });
}
