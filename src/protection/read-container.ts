import { type ByteSource, collectSource, maxima } from '../bytes/index.ts';
import {
  type ContainerFormat,
  containerFormats,
  detectionBytes,
  isCompoundFile,
  type ProtectedContainer,
  recognise,
} from '../container/index.ts';
import { SealwrightError } from '../errors.ts';
import type { OpenOptions } from './options.ts';

/** A container and the format it is of. */
export interface FoundContainer {
  readonly container: ProtectedContainer;
  readonly format: ContainerFormat;
}

/** Reads the container that `source` is, or says what else it is. */
export async function readContainer(
  input: ByteSource,
  options: Pick<OpenOptions, 'name' | 'signal'>,
): Promise<FoundContainer> {
  let source = input;
  const head = new Uint8Array(await source.read(0, detectionBytes, options));
  // What is inside a compound file stands anywhere in it.
  if (isCompoundFile(head)) source = await collectSource(source, maxima.collectedBytes, options);
  const { kind, format, compoundFile } = await recognise(head, source, options);
  if (format === undefined) throw notOurs(kind, options.name);
  return { container: await format.read(source, { signal: options.signal, compoundFile }), format };
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
    case 'pdf-rights-managed':
    case 'rpmsg':
      return new SealwrightError(
        'UNSUPPORTED_FORMAT',
        `${subject} is rights-managed in its own format (${kind}), which this version does not open. Open it in its application.`,
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
