import { type ContentInput, sourceOf, wipe } from '../bytes/index.ts';
import type { UseLicense } from '../licensing/index.ts';
import { openedContent } from './open-content.ts';
import { openedDocument } from './open-document.ts';
import type { OpenedContent } from './opened-content.ts';
import type { OpenOptions } from './options.ts';
import { isDocument, readContainer } from './read-container.ts';

/**
 * Opens protected content for the user the service acts for: asks for a use license and gives the rights
 * and the content. Refused users get `ACCESS_DENIED` with the rule that refused and whom to ask.
 *
 * @param input bytes, a Blob, a Web Stream, or a ByteSource; random access needs one of the seekable kinds
 * @param options the service, and the name of the file for the service's log
 * @returns rights, validity and content; call `close` when done, it wipes the key
 * @throws `NOT_PROTECTED`, `UNSUPPORTED_FORMAT`, `MALFORMED_CONTAINER`, `MALFORMED_LICENSE`, `UNTRUSTED_LICENSE`,
 *   `ACCESS_DENIED`, `UNSUPPORTED_CIPHER_MODE`, and while reading `DECRYPTION_FAILED`
 * @see spec/architecture.md, "Open"
 *
 * @example
 * ```ts
 * import { open } from 'sealwright';
 * const opened = await open(bytes, { service: authority.as('bob@contoso.com') });
 * opened.require('PRINT'); // throws ACCESS_DENIED unless Bob may print
 * const plaintext = await opened.bytes();
 * opened.close();
 * ```
 */
export async function open(input: ContentInput, options: OpenOptions): Promise<OpenedContent> {
  const source = sourceOf(input);
  // A stream that was handed in is ours to end; what else holds a source closes it.
  const release = source === input ? () => undefined : () => void source.close?.();
  let license: UseLicense | undefined;
  try {
    const found = await readContainer(source, options);
    license = await options.service.acquireUseLicense(found.container.publishingLicense, {
      contentName: options.name,
      signal: options.signal,
    });
    return isDocument(found)
      ? openedDocument(found, license, options, release)
      : openedContent(found, license, options, release);
  } catch (error) {
    wipe(license?.contentKey);
    release();
    throw error;
  }
}
