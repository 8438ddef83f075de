import { type ByteSink, equalBytes } from '../../../bytes/index.ts';
import type { OpenedContent } from '../../../protection/index.ts';
import type { TaskContext } from '../task-context.ts';
import type { StoredSource } from './file-storage.ts';

/** Whether what is stored as `plain` is, to the byte, what was protected: before one of the two is removed for the other. */
export async function isContent(
  opened: OpenedContent,
  plain: StoredSource,
  { signal }: TaskContext,
): Promise<boolean> {
  let length = 0;
  let same = opened.size === undefined || opened.size === plain.size;
  if (!same) return false;
  const sink: ByteSink = {
    async write(bytes) {
      const at = length;
      length += bytes.length;
      if (same) same = equalBytes(bytes, await plain.read(at, bytes.length, { signal }));
    },
  };
  await opened.writeTo(sink, { signal });
  return same && length === plain.size;
}
