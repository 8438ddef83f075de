import {
  type ByteSource,
  concatBytes,
  concatenatedSource,
  encodeUtf8,
  type WaitOptions,
} from '../../../bytes/index.ts';
import { SealwrightError } from '../../../errors.ts';
import type { HeaderField } from '../mail-message.ts';
import { encodedText } from '../mime/encoded-words.ts';
import { parseHeaderBlock } from '../mime/header-block.ts';
import { mimeLimits } from '../mime/limits.ts';
import { splitMime } from '../mime/split.ts';
import { fieldText } from '../view.ts';
import { type LabelPair, labelFieldName, labelPairs } from './label-field.ts';

/**
 * The facts of labels that a MIME message states in its header, protected or not; several fields count as one.
 *
 * @throws SealwrightError `LIMIT_EXCEEDED` for more header than any message has
 */
export async function readLabelField(
  source: ByteSource,
  options?: WaitOptions,
): Promise<readonly LabelPair[]> {
  return labelPairsOf(await headerBlock(source, options));
}

/**
 * The message with its labels stated so. Nothing else of it changes: the field stays in its place, and a new one comes first,
 * where whatever happens to a message on its way is added.
 *
 * @param pairs none takes the field out
 */
export async function withLabelField(
  source: ByteSource,
  pairs: readonly LabelPair[],
  options?: WaitOptions,
): Promise<ByteSource> {
  const block = await headerBlock(source, options);
  const changed = headerWithLabels(block, pairs);
  if (changed.length > mimeLimits.headerBytes && changed.length > block.length)
    throw new SealwrightError(
      'LIMIT_EXCEEDED',
      `With this label the header of the message would have ${changed.length} bytes, more than the ${mimeLimits.headerBytes} that are read of one.`,
    );
  return concatenatedSource([changed, source.slice(block.length)]);
}

/** The facts of labels in a header block. */
export const labelPairsOf = (block: Uint8Array): readonly LabelPair[] =>
  labelsOfFields(parseHeaderBlock(block));

/** The facts of labels in header fields. */
export const labelsOfFields = (fields: readonly HeaderField[]): readonly LabelPair[] =>
  labelPairs(
    labelFields(fields)
      .map((field) => fieldText([field], field.name) ?? '')
      .join(';'),
  );

/** A header block whose labels are `pairs`. */
export function headerWithLabels(block: Uint8Array, pairs: readonly LabelPair[]): Uint8Array {
  const fields = parseHeaderBlock(block);
  const [stated, ...others] = labelFields(fields);
  const at = fields[0]?.start ?? 0;
  const { start, end } = stated ?? { start: at, end: at };
  const lineBreak = block.includes(10) && !block.includes(13) ? '\n' : '\r\n';
  const parts = [
    block.subarray(0, start),
    encodeUtf8(fieldOf(stated?.name ?? labelFieldName, pairs, lineBreak)),
  ];
  let from = end;
  for (const other of others) {
    parts.push(block.subarray(from, other.start));
    from = other.end;
  }
  return concatBytes([...parts, block.subarray(from)]);
}

const labelFields = <T extends HeaderField>(fields: readonly T[]): readonly T[] =>
  fields.filter(({ name }) => name.toLowerCase() === labelFieldName);

/** Characters of a line, RFC 5322 2.1.1. */
const usualLine = 78;

/**
 * The field, folded between facts. A fact that is not ASCII is an encoded word for itself, so that programs find the others as
 * they stand.
 */
function fieldOf(name: string, pairs: readonly LabelPair[], lineBreak: string): string {
  if (pairs.length === 0) return '';
  const lines: string[] = [];
  let line = `${name}:`;
  for (const [index, [fact, value]] of pairs.entries()) {
    const text = encodedText(`${fact}=${value}${index < pairs.length - 1 ? ';' : ''}`);
    if (line !== `${name}:` && line.length + 1 + text.length > usualLine) {
      lines.push(line);
      line = '';
    }
    line += ` ${text}`;
  }
  return `${[...lines, line].join('\r\n').replaceAll('\r\n', lineBreak)}${lineBreak}`;
}

/** The header of a message, up to its body. */
async function headerBlock(source: ByteSource, options: WaitOptions | undefined): Promise<Uint8Array> {
  // Of the rest nothing has to be known.
  const { header } = await splitMime(source.slice(0, 2 * mimeLimits.headerBytes), options);
  return new Uint8Array(await source.read(0, header.end, options));
}
