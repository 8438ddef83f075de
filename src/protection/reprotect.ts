import { type ContentInput, streamSource } from '../bytes/index.ts';
import { withCarriedLabels } from '../label/index.ts';
import { mayReplaceProtection } from '../rights/index.ts';
import { chooseFormat, readableDocument, startOfDocument } from './choose-format.ts';
import { open } from './open.ts';
import type { OpenedContent } from './opened-content.ts';
import { operationDenied } from './operation-denied.ts';
import type { ReprotectOptions } from './options.ts';
import { protectChosen } from './protect.ts';
import type { ProtectedContent } from './protected-content.ts';

/**
 * Gives protected content another policy. The content is decrypted and encrypted again window by window,
 * under a new content key; the plaintext is never written anywhere. Whoever does this becomes the issuer and,
 * unless stated otherwise, the owner.
 *
 * @throws `ACCESS_DENIED` without `EXPORT` or `OWNER`, and everything `open` and `protect` throw
 * @see spec/rights.md, "Removing protection"
 *
 * @example
 * ```ts
 * import { reprotect } from 'sealwright';
 * const file = await reprotect(bytes, { service, policy: { grants: [{ to: 'contoso.com', rights: 'Viewer' }] } });
 * ```
 */
export async function reprotect(input: ContentInput, options: ReprotectOptions): Promise<ProtectedContent> {
  const opened = await open(input, options);
  try {
    if (!mayReplaceProtection(opened.rights))
      throw operationDenied(opened, 'replace its protection', 'EXPORT');
    const seekable = await opened.source().catch(() => undefined);
    const plaintext = seekable ?? streamSource(opened.stream());
    // People know the file by its name, and so it keeps its format unless told otherwise.
    const format = options.format ?? opened.format;
    const { name, labels } = opened;
    const settings = { ...options, format, name };
    const document = await readableDocument(plaintext, settings);
    const source = await withCarriedLabels(document.source, labels, options);
    const start = source === document.source ? document : await startOfDocument(source, options);
    const chosen = await chooseFormat(start, settings).catch((error: unknown) => {
      // A protected document that somebody renamed is the same document: then its content alone decides.
      if (format !== opened.format || name === undefined) throw error;
      return chooseFormat(start, { ...settings, name: undefined });
    });
    const file = await protectChosen(chosen, settings, undefined, labels);
    return closing(file, opened);
  } catch (error) {
    opened.close();
    throw error;
  }
}

/** The old content's key is needed until the new file is written. */
function closing(file: ProtectedContent, opened: OpenedContent): ProtectedContent {
  return Object.freeze({
    ...file,
    stream: (transfer) => {
      const stream = file.stream(transfer).getReader();
      return new ReadableStream<Uint8Array>(
        {
          async pull(controller) {
            try {
              const { value, done } = await stream.read();
              if (!done) return controller.enqueue(value);
              opened.close();
              controller.close();
            } catch (error) {
              opened.close();
              throw error;
            }
          },
          cancel(reason) {
            opened.close();
            return stream.cancel(reason);
          },
        },
        { highWaterMark: 0 },
      );
    },
    bytes: (transfer) => file.bytes(transfer).finally(opened.close),
    writeTo: (sink, transfer) => file.writeTo(sink, transfer).finally(opened.close),
    discard: () => {
      file.discard();
      opened.close();
    },
  } satisfies ProtectedContent);
}
