import { type ByteSource, collectSource, maxima } from '../bytes/index.ts';
import {
  type ContainerFormat,
  type ContainerName,
  containerFormats,
  detectionBytes,
} from '../container/index.ts';
import { SealwrightError } from '../errors.ts';
import type { ProtectOptions } from './options.ts';

/** The format a document is to be protected in. */
export interface ChosenFormat {
  readonly format: ContainerFormat;
  /** What the format wants to know of the document when it is written. */
  readonly document: object;
  readonly source: ByteSource;
}

type FormatOptions = Pick<ProtectOptions, 'format' | 'name' | 'signal'>;

/** The formats that are left to choose from. */
const candidates = ({ format }: FormatOptions): readonly ContainerFormat[] =>
  containerFormats.filter(({ name }) => format === undefined || name === format);

/**
 * The document itself, or, if it came as a stream and may be one for a format that needs random access, what
 * the stream holds, in memory. `LIMIT_EXCEEDED` for a stream that is too large for that.
 */
export async function readableDocument(source: ByteSource, options: FormatOptions): Promise<ByteSource> {
  if (source.seekable) return source;
  const head = new Uint8Array(await source.read(0, detectionBytes, options));
  const needed = candidates(options).some(
    (format) => format.needsRandomAccess && format.mayTake(head, options.name),
  );
  return needed ? collectSource(source, maxima.collectedBytes, options) : source;
}

/**
 * Picks the container format by content and name: Office documents keep their own, everything else becomes
 * a PFILE; `options.format` overrides (spec/architecture.md, "Protect").
 *
 * @param source as {@link readableDocument} gives it
 * @throws SealwrightError `UNSUPPORTED_FORMAT` if the format that was asked for takes no such document
 */
export async function chooseFormat(source: ByteSource, options: FormatOptions): Promise<ChosenFormat> {
  const { name } = options;
  const head = new Uint8Array(await source.read(0, detectionBytes, options));
  for (const format of candidates(options)) {
    if (!format.mayTake(head, name) || (format.needsRandomAccess && !source.seekable)) continue;
    const document = await format.examine({ head, source, name }, options);
    if (document !== undefined) return { format, document, source };
  }
  throw notTaken(options.format, name);
}

function notTaken(format: ContainerName | undefined, name: string | undefined): SealwrightError {
  const subject = name === undefined ? 'The content' : `"${name}"`;
  return new SealwrightError(
    'UNSUPPORTED_FORMAT',
    format === 'office'
      ? `${subject} is not a Word, Excel, PowerPoint or Visio document that Office protects in its own format. Choose the format pfile for it.`
      : `${subject} cannot be protected in the format ${format}.`,
  );
}
