import type { CompoundFile } from '../../container/index.ts';
import { SealwrightError } from '../../errors.ts';

/** How a compound file keeps labels: an Office file protected by rights management, or a document of its own. */
export type DocumentKind = 'protected' | 'document';

/** The storage beside whose transforms LabelInfo stands, [MS-OFFCRYPTO] 2.6.2. */
export const labelInfoPath = ['\x06DataSpaces', 'TransformInfo', 'LabelInfo'] as const;
export const summaryPath = '\x05DocumentSummaryInformation';

/** Streams with protected content, [MS-OFFCRYPTO] 2.2.10. */
const protectedStreams = ['EncryptedPackage', '\x09DRMContent'];
/** Streams of password encryption that take the properties along, [MS-OFFCRYPTO] 2.3.4 and 2.3.5.4. */
const passwordStreams = ['EncryptionInfo', 'encryption', 'EncryptedSummary'];
/** Digital signatures over the whole document, [MS-OFFCRYPTO] 2.5, and over a package of Windows Installer. */
const signatures = ['_signatures', '_xmlsignatures', '\x05DigitalSignature'];
/** Main streams of documents that can have properties of a user's own even where they have none yet. */
const mainStreams = ['WordDocument', 'Workbook', 'Book', 'PowerPoint Document', 'VisioDocument'];

/**
 * How this compound file takes labels.
 *
 * Throws `UNSUPPORTED_FORMAT` for one that does not: a document encrypted with a password or signed, a
 * file that is no document.
 */
export function documentKind(file: CompoundFile): DocumentKind {
  const hasAny = (names: readonly string[]): boolean => names.some((name) => file.find(name) !== undefined);
  if (hasAny(passwordStreams))
    throw unsupported(
      'The document is encrypted with a password, and so are its properties. Remove the password in its application, label the document, and set the password again.',
    );
  if (hasAny(protectedStreams) && file.find(...labelInfoPath.slice(0, 2))?.kind === 'storage')
    return 'protected';
  if (hasAny(signatures))
    throw unsupported(
      'The document is digitally signed, and a change of its labels would make the signature invalid. Remove the signature in Office, label the document, and sign it again.',
    );
  // Project, Publisher and others keep their content under names of their own; all of them have this stream.
  if (hasAny(mainStreams) || hasAny([summaryPath])) return 'document';
  throw unsupported(
    'The file is a compound file but no document, and has no place for labels. Protect it as a PFILE and label that.',
  );
}

const unsupported = (message: string): SealwrightError => new SealwrightError('UNSUPPORTED_FORMAT', message);
