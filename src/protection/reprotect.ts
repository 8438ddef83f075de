import { streamSource } from '../bytes/index.ts';
import { SealwrightError } from '../errors.ts';
import { mayRemoveProtection, mayReplaceProtection } from '../rights/index.ts';
import type { ContentInput } from './content-input.ts';
import { open } from './open.ts';
import type { OpenedContent } from './opened-content.ts';
import type { OpenOptions, ReprotectOptions } from './options.ts';
import { protectSource } from './protect.ts';
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
    if (!mayReplaceProtection(opened.rights)) throw denied(opened, 'replace its protection', 'EXPORT');
    const seekable = await opened.source().catch(() => undefined);
    const source = seekable ?? streamSource(opened.stream());
    // People know the file by its name, and so it keeps its format unless told otherwise.
    const format = options.format ?? opened.format;
    const file = await protectSource(source, { ...options, format, name: opened.name });
    return closing(file, opened);
  } catch (error) {
    opened.close();
    throw error;
  }
}

/**
 * Opens protected content in order to keep it unprotected. The same as `open`, for those who may do that.
 *
 * @throws `ACCESS_DENIED` without one of `EXPORT`, `EXTRACT` and `OWNER`, and everything `open` throws
 * @see spec/rights.md, "Removing protection"
 */
export async function removeProtection(input: ContentInput, options: OpenOptions): Promise<OpenedContent> {
  const opened = await open(input, options);
  if (mayRemoveProtection(opened.rights)) return opened;
  opened.close();
  throw denied(opened, 'remove its protection', 'EXPORT');
}

function denied(opened: OpenedContent, operation: string, right: string): SealwrightError {
  return new SealwrightError(
    'ACCESS_DENIED',
    `${opened.issuedTo} may open this content but not ${operation} (granted: ${opened.rights.join(', ')}). Ask ${opened.owner} for the right ${right}.`,
    { rule: 'right-not-granted', right, referrer: opened.owner },
  );
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
