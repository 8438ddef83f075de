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
  /** The document; collected in memory if it came as a stream and the format needs random access. */
  readonly source: ByteSource;
}

/**
 * Picks the container format by content and name: Office documents keep their own, everything else becomes
 * a PFILE; `options.format` overrides (spec/architecture.md, "Protect").
 *
 * @throws SealwrightError `UNSUPPORTED_FORMAT` if the format that was asked for takes no such document;
 * `LIMIT_EXCEEDED` for a stream that is too large to be collected
 */
export async function chooseFormat(
  input: ByteSource,
  options: Pick<ProtectOptions, 'format' | 'name' | 'signal'>,
): Promise<ChosenFormat> {
  const { name } = options;
  let source = input;
  const head = new Uint8Array(await source.read(0, detectionBytes, options));
  for (const format of containerFormats) {
    if (options.format !== undefined && format.name !== options.format) continue;
    if (!format.mayTake(head, name)) continue;
    if (format.needsRandomAccess) source = await collectSource(source, maxima.collectedBytes, options);
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
      ? `${subject} is not a Word, Excel, PowerPoint or Visio document that Office protects in its own format. Leave the format out, and it becomes a PFILE.`
      : `${subject} cannot be protected in the format ${format}.`,
  );
}
