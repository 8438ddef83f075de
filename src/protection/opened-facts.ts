import type { CipherMode } from '../cipher/index.ts';
import type { FileFormat, ProtectedFacts } from '../container/index.ts';
import { SealwrightError } from '../errors.ts';
import { readContainerLabels } from '../label/index.ts';
import type { UseLicense } from '../licensing/index.ts';
import { hasRight } from '../rights/index.ts';
import type { OpenedContent } from './opened-content.ts';
import type { OpenOptions } from './options.ts';

/** What an opened file tells before any of it is decrypted. */
type OpenedFacts = Omit<OpenedContent, 'size' | 'stream' | 'bytes' | 'read' | 'source' | 'writeTo' | 'close'>;

/** The facts of a file that `license` opens. */
export function openedFacts(
  format: FileFormat,
  container: ProtectedFacts,
  mode: CipherMode,
  license: UseLicense,
  { name }: OpenOptions,
): OpenedFacts {
  return {
    name: name === undefined ? undefined : format.originalName(name, container.originalExtension),
    format: container.format,
    formatVersion: container.formatVersion,
    cipherMode: mode.name,
    authenticated: mode.authenticated,
    contentId: license.contentId,
    templateId: license.templateId,
    owner: license.owner,
    issuedTo: license.issuedTo,
    rights: license.rights,
    contentValidUntil: license.contentValidUntil,
    licenseValidUntil: license.licenseValidUntil,
    onlineOnly: license.onlineOnly,
    policy: license.policy,
    signedApplicationData: license.signedApplicationData,
    encryptedApplicationData: license.encryptedApplicationData,
    labels: readContainerLabels(container),
    may: (right) => hasRight(license.rights, right),
    require(right) {
      if (!hasRight(license.rights, right)) throw rightMissing(right, license);
    },
  };
}

function rightMissing(right: string, license: UseLicense): SealwrightError {
  const ask = license.referrer ?? license.owner;
  return new SealwrightError(
    'ACCESS_DENIED',
    `${license.issuedTo} does not have the right ${right.toUpperCase()} (granted: ${license.rights.join(', ')}). Ask ${ask} for it.`,
    { rule: 'right-not-granted', right: right.toUpperCase(), referrer: ask },
  );
}

/** Whether content may still be read; `close` ends that. */
export interface Admission {
  /** Throws once the content is closed or has expired. */
  check(): void;
  close(): void;
}

/** The admission that `license` gives. */
export function admissionOf(license: UseLicense, options: OpenOptions): Admission {
  const now = options.now ?? (() => new Date());
  let closed = false;
  return {
    check() {
      if (closed)
        throw new SealwrightError(
          'INVALID_ARGUMENT',
          'The content was closed and its key is wiped. Open it again.',
        );
      const until = license.contentValidUntil;
      if (until !== undefined && now() >= until)
        throw new SealwrightError('ACCESS_DENIED', `The content expired at ${until.toISOString()}.`, {
          rule: 'expired',
        });
    },
    close() {
      closed = true;
    },
  };
}
