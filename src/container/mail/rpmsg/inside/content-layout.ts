import type { WaitOptions } from '../../../../bytes/index.ts';
import { layoutCompoundFile } from '../../../compound-file/layout.ts';
import type { CompoundFileLayout } from '../../../compound-file/new-compound-file.ts';
import type { MailMessage } from '../../mail-message.ts';
import type { PushedPieces } from '../pieces-writer.ts';
import type { RpmsgContents } from '../rpmsg-writer.ts';
import { bodyStreams } from './body-streams.ts';
import { supplementEntries } from './supplement.ts';
import { attachmentEntries } from './write-attachments.ts';

/** The compound file inside, laid out. */
export interface ContentLayout {
  readonly layout: CompoundFileLayout;
  /** By the piece that keeps its place, what writes itself. */
  readonly pushed: PushedPieces;
}

/** Lays out the compound file inside a `message.rpmsg`. Throws `INVALID_ARGUMENT`, `LIMIT_EXCEEDED`. */
export async function contentLayout(
  message: MailMessage,
  { protectedParts, supplement = true }: RpmsgContents,
  options: WaitOptions,
): Promise<ContentLayout> {
  const body = await bodyStreams(message.body, options);
  const { storages, pushed } = await attachmentEntries(message, protectedParts, options);
  const kept = supplement ? supplementEntries(message, body.madeUp, body.plainBeside) : [];
  return { layout: layoutCompoundFile({ entries: [...body.streams, ...storages, ...kept] }), pushed };
}
