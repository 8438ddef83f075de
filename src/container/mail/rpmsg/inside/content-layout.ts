import type { ByteSource, WaitOptions } from '../../../../bytes/index.ts';
import { layoutCompoundFile } from '../../../compound-file/layout.ts';
import type { CompoundFileLayout } from '../../../compound-file/new-compound-file.ts';
import type { WrittenPart } from '../../../document-format.ts';
import type { MailMessage } from '../../mail-message.ts';
import type { RpmsgContents } from '../rpmsg-writer.ts';
import { bodyStreams } from './body-streams.ts';

/** The compound file inside, laid out. */
export interface ContentLayout {
  readonly layout: CompoundFileLayout;
  /** By the piece that keeps its place, what writes itself. */
  readonly pushed: ReadonlyMap<ByteSource, WrittenPart>;
}

/** Lays out the compound file inside a `message.rpmsg`. Throws `INVALID_ARGUMENT`, `LIMIT_EXCEEDED`. */
export async function contentLayout(
  message: MailMessage,
  _contents: RpmsgContents,
  options: WaitOptions,
): Promise<ContentLayout> {
  const pushed = new Map<ByteSource, WrittenPart>();
  const body = await bodyStreams(message.body, options);
  return { layout: layoutCompoundFile({ entries: body.streams }), pushed };
}
