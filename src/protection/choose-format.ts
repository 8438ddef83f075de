import { type ByteSource, collectSource, maxima } from '../bytes/index.ts';
import {
  type AnyFormat,
  type ContainerName,
  containerFormats,
  detectionBytes,
  mailFormat,
  type Recognition,
  recognise,
} from '../container/index.ts';
import { SealwrightError } from '../errors.ts';
import type { ProtectOptions } from './options.ts';

/** A document and what its beginning tells, so that nothing of it is read twice. */
export interface DocumentStart {
  readonly source: ByteSource;
  /** The first bytes, a copy: `detectionBytes` of them or the whole document. */
  readonly head: Uint8Array;
  /** Absent where the document is known to be plaintext. */
  readonly recognition?: Recognition | undefined;
}

/** The format a document is to be protected in. */
export interface ChosenFormat extends DocumentStart {
  readonly format: AnyFormat;
  /** What the format wants to know of the document when it is written. */
  readonly document: object;
}

type FormatOptions = Pick<ProtectOptions, 'format' | 'name' | 'signal'>;

/** The formats that are left to choose from. */
const candidates = ({ format }: FormatOptions): readonly AnyFormat[] =>
  format === undefined ? containerFormats : containerFormats.filter(({ name }) => name === format);

/** Reads the start of a document. */
export async function startOfDocument(source: ByteSource, options: FormatOptions): Promise<DocumentStart> {
  const read = source.read(0, detectionBytes, options);
  return { source, head: new Uint8Array(read instanceof Promise ? await read : read) };
}

/**
 * The document itself, or, if it came as a stream and may be one for a format that needs random access, what
 * the stream holds, in memory. `LIMIT_EXCEEDED` for a stream that is too large for that.
 */
export async function readableDocument(source: ByteSource, options: FormatOptions): Promise<DocumentStart> {
  const start = await startOfDocument(source, options);
  if (source.seekable) return start;
  const needed = candidates(options).some(
    (format) => format.needsRandomAccess && format.mayTake(start.head, options.name),
  );
  return needed ? { ...start, source: await collectSource(source, maxima.collectedBytes, options) } : start;
}

/** Reads the start of a document that is to be protected and tells what it is. */
export async function recogniseDocument(source: ByteSource, options: FormatOptions): Promise<DocumentStart> {
  const start = await readableDocument(source, options);
  const seekable = start.source.seekable ? start.source : undefined;
  const recognition = await recognise(start.head, seekable, options);
  return { ...start, recognition: (await onlyClaims(start, recognition, options)) ? plain : recognition };
}

const plain: Recognition = Object.freeze({
  kind: 'plain',
  format: undefined,
  compoundFile: undefined,
  pdf: undefined,
});

/** Whether a message says that it is protected and is not: nobody else would protect it. */
async function onlyClaims(
  { head, source }: DocumentStart,
  { kind, compoundFile }: Recognition,
  { signal }: FormatOptions,
): Promise<boolean> {
  if (kind !== 'mail' || compoundFile !== undefined || !source.seekable) return false;
  return (await mailFormat.examine({ head, source, name: undefined }, { signal })) !== undefined;
}

/** What is protected already, by us or in a format of its own, is not wrapped once more. */
const protectedKinds: ReadonlySet<string> = new Set(['pfile', 'office', 'mail', 'pdf']);

/** Refuses a document that is protected already with `ALREADY_PROTECTED`. */
export function refuseProtected({ recognition }: DocumentStart, name: string | undefined): void {
  if (protectedKinds.has(recognition?.kind ?? 'plain'))
    throw new SealwrightError(
      'ALREADY_PROTECTED',
      `${name === undefined ? 'The content' : `"${name}"`} is protected already. Use reprotect to give it another policy.`,
    );
}

/**
 * Picks the container format by content and name: Office documents keep their own, everything else becomes
 * a PFILE; `options.format` overrides (spec/architecture.md, "Protect").
 *
 * @param start as {@link readableDocument} or {@link recogniseDocument} gives it
 * @throws SealwrightError `UNSUPPORTED_FORMAT` if the format that was asked for takes no such document
 */
export async function chooseFormat(start: DocumentStart, options: FormatOptions): Promise<ChosenFormat> {
  const { name } = options;
  const { head, source, recognition } = start;
  for (const format of candidates(options)) {
    if (!format.mayTake(head, name) || (format.needsRandomAccess && !source.seekable)) continue;
    const { compoundFile, pdf } = recognition ?? {};
    const document = await format.examine({ head, source, name, compoundFile, pdf }, options);
    if (document !== undefined) return { ...start, format, document };
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
