import { type ByteSource, type ContentInput, copySource } from '../bytes/index.ts';
import { withCarriedLabels } from '../label/index.ts';
import { mayRemoveProtection } from '../rights/index.ts';
import { open } from './open.ts';
import type { OpenedContent } from './opened-content.ts';
import { operationDenied } from './operation-denied.ts';
import type { OpenOptions } from './options.ts';

/**
 * Opens protected content in order to keep it unprotected. The same as `open`, for those who may do that. Where
 * the labels of the protected file were changed since it was protected, the document gets the new ones.
 *
 * @throws `ACCESS_DENIED` without one of `EXPORT`, `EXTRACT` and `OWNER`, and everything `open` throws
 * @see spec/rights.md, "Removing protection"; spec/labels.md, "Through protection"
 */
export async function removeProtection(input: ContentInput, options: OpenOptions): Promise<OpenedContent> {
  const opened = await open(input, options);
  try {
    if (!mayRemoveProtection(opened.rights)) throw operationDenied(opened, 'remove its protection', 'EXPORT');
    if (opened.labels.length === 0) return opened;
    // Labels are found by random access; content that came as a stream stays as it is.
    const plaintext = await opened.source().catch(() => undefined);
    if (plaintext === undefined) return opened;
    const labelled = await withCarriedLabels(plaintext, opened.labels, options);
    return labelled === plaintext ? opened : withContent(opened, labelled, options);
  } catch (error) {
    opened.close();
    throw error;
  }
}

/** `opened` with other bytes; the rights, and who wipes the key, stay. */
function withContent(opened: OpenedContent, source: ByteSource, options: OpenOptions): OpenedContent {
  const { signal } = options;
  const content: OpenedContent = {
    ...opened,
    size: source.size,
    source: async () => source,
    read: async (offset, length, wait) => source.read(offset, length, wait),
    stream(transfer) {
      const wait = { signal, ...transfer };
      let offset = 0;
      return new ReadableStream<Uint8Array>(
        {
          async pull(controller) {
            const bytes = new Uint8Array(await source.read(offset, chunkLength, wait));
            offset += bytes.length;
            transfer?.onProgress?.(offset, source.size);
            if (bytes.length > 0) controller.enqueue(bytes);
            if (offset >= (source.size ?? 0)) controller.close();
          },
        },
        { highWaterMark: 0 },
      );
    },
    async bytes(transfer) {
      return new Uint8Array(
        await new Response(content.stream(transfer) as ReadableStream<Uint8Array<ArrayBuffer>>).arrayBuffer(),
      );
    },
    async writeTo(sink, transfer) {
      const length = await copySource(source, sink, { signal, ...transfer });
      transfer?.onProgress?.(length, length);
      return length;
    },
  };
  return Object.freeze(content);
}

const chunkLength = 1024 * 1024;
