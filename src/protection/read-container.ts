import { type ByteSource, collectSource, maxima } from '../bytes/index.ts';
import {
  type AnyFormat,
  type ContainerFormat,
  type ContainerReadOptions,
  containerFormats,
  type DocumentFormat,
  detectionBytes,
  isCompoundFile,
  type ProtectedContainer,
  type ProtectedDocument,
  recognise,
} from '../container/index.ts';
import { SealwrightError } from '../errors.ts';
import type { OpenOptions } from './options.ts';

/** A container of one run of content, and its format. */
export interface FoundContainer {
  readonly container: ProtectedContainer;
  readonly format: ContainerFormat;
}

/** A document that is protected part by part, and its format. */
export interface FoundDocument {
  readonly container: ProtectedDocument;
  readonly format: DocumentFormat;
}

/** Whether `found` is protected part by part. */
export const isDocument = (found: FoundContainer | FoundDocument): found is FoundDocument =>
  found.format.encrypts === 'parts';

/** Reads the container that `source` is, or says what else it is. */
export async function readContainer(
  input: ByteSource,
  options: Pick<OpenOptions, 'name' | 'signal'>,
): Promise<FoundContainer | FoundDocument> {
  const head = new Uint8Array(await input.read(0, detectionBytes, options));
  const source = await withRandomAccess(input, head, options);
  const { kind, format, compoundFile, pdf } = await recognise(head, source, options);
  if (format === undefined) throw notOurs(kind, options.name);
  return readAs(format, source, { signal: options.signal, compoundFile, pdf });
}

/**
 * `source`, or what it holds in memory, if it is a stream of a kind that has to be looked at all over before
 * anything can be said of it.
 */
export async function withRandomAccess(
  source: ByteSource,
  head: Uint8Array,
  options: Pick<OpenOptions, 'name' | 'signal'>,
): Promise<ByteSource> {
  const needed =
    isCompoundFile(head) ||
    containerFormats.some((format) => format.encrypts === 'parts' && format.mayTake(head, options.name));
  return needed ? collectSource(source, maxima.collectedBytes, options) : source;
}

async function readAs(
  format: AnyFormat,
  source: ByteSource,
  options: ContainerReadOptions,
): Promise<FoundContainer | FoundDocument> {
  return format.encrypts === 'parts'
    ? { format, container: await format.read(source, options) }
    : { format, container: await format.read(source, options) };
}

const isProtectedName = (name: string): boolean =>
  containerFormats.some((format) => format.originalName(name, undefined) !== name);

/** The sentence for something that is not a container we read. */
export function notOurs(kind: string, name: string | undefined): SealwrightError {
  const subject = name === undefined ? 'The content' : `"${name}"`;
  switch (kind) {
    case 'office-password':
    case 'pdf-password':
      return new SealwrightError(
        'UNSUPPORTED_FORMAT',
        `${subject} is encrypted with a password, not with rights management. Open it in its application with the password, or remove the password first.`,
      );
    case 'damaged-compound-file':
      return new SealwrightError(
        'MALFORMED_CONTAINER',
        `${subject} is a compound file, as protected Office documents are, but its directory cannot be read: it was cut or is damaged. Get a fresh copy of the file.`,
      );
    default:
      return new SealwrightError(
        'NOT_PROTECTED',
        name !== undefined && isProtectedName(name)
          ? `${subject} is named like a protected file but is none, or its beginning is damaged. Get a fresh copy of the file.`
          : `${subject} is not a protected file. Nothing needs to be opened: use it as it is.`,
      );
  }
}
