import { concatBytes, encodeUtf8 } from '../../../bytes/index.ts';
import type { HeaderField } from '../mail-message.ts';
import { fieldLine } from './encoded-words.ts';
import { hasEmptyLine, parseHeaderBlock, type RawField, unfolded } from './header-block.ts';
import { isEncodingField } from './mail-fields.ts';

/** What two fields have in common that say the same: folds and their white space do not count. */
export const fieldKey = ({ name, value }: HeaderField): string =>
  `${name.toLowerCase()}:${unfolded(value)
    .replace(/[ \t]+/g, ' ')
    .trim()}`;

/** Whether `fields` ends with `last`. */
export function endsWith(fields: readonly HeaderField[], last: readonly HeaderField[]): boolean {
  const from = fields.length - last.length;
  return (
    from >= 0 &&
    last.every((field, index) => fieldKey(field) === fieldKey(fields[from + index] as HeaderField))
  );
}

const [lineFeed, carriageReturn] = [10, 13];

/** Bytes with the line breaks of mail. */
export function withMailBreaks(bytes: Uint8Array): Uint8Array {
  const lone = bytes.reduce(
    (sum, byte, at) => sum + (byte === lineFeed && bytes[at - 1] !== carriageReturn ? 1 : 0),
    0,
  );
  if (lone === 0) return bytes;
  const target = new Uint8Array(bytes.length + lone);
  let to = 0;
  for (const [at, byte] of bytes.entries()) {
    if (byte === lineFeed && bytes[at - 1] !== carriageReturn) target[to++] = carriageReturn;
    target[to++] = byte;
  }
  return target;
}

/** Fields as they stand in a block where they do, each under its key. */
function rawFields(block: Uint8Array): {
  readonly all: readonly RawField[];
  take(field: HeaderField): Uint8Array;
} {
  const all = parseHeaderBlock(block);
  const known = new Map<string, RawField>();
  for (const field of all) known.set(fieldKey(field), field);
  return {
    all,
    take(field) {
      const raw = known.get(fieldKey(field));
      if (raw === undefined) return encodeUtf8(fieldLine(field.name, field.value));
      const bytes = block.subarray(raw.start, raw.end);
      if (bytes.at(-1) === lineFeed) return bytes;
      // The last line of a header that was cut has no line break, or half of one.
      return concatBytes([
        bytes.at(-1) === carriageReturn ? bytes.subarray(0, -1) : bytes,
        encodeUtf8('\r\n'),
      ]);
    },
  };
}

/** Fields with the line breaks of mail; those that stand in `block` byte for byte. */
export function headerOfFields(fields: readonly HeaderField[], block: Uint8Array): Uint8Array {
  const raw = rawFields(block);
  return withMailBreaks(concatBytes(fields.map((field) => raw.take(field))));
}

/**
 * A header that has exactly these fields of the message, and those of the encoding as they stand in `block`. Where the
 * block says the same already, and where fields only came in front, it stays as it is byte for byte.
 */
export function mergedHeader(block: Uint8Array, fields: readonly HeaderField[]): Uint8Array {
  const raw = rawFields(block);
  const own = raw.all.filter((field) => !isEncodingField(field));
  const inLineFeeds = block.at(-1) === lineFeed && block.at(-2) !== carriageReturn;
  const join = (parts: readonly Uint8Array[]): Uint8Array => {
    const bytes = withMailBreaks(concatBytes(parts));
    return inLineFeeds
      ? bytes.filter((byte, at) => byte !== carriageReturn || bytes[at + 1] !== lineFeed)
      : bytes;
  };
  if (endsWith(fields, own)) {
    const added = fields.slice(0, fields.length - own.length);
    if (added.length === 0) return block;
    // Not in front of the line that a mailbox file may have before the first field.
    const rest = block.subarray(raw.all[0]?.start ?? 0);
    const end = hasEmptyLine(block) ? [] : [encodeUtf8('\r\n')];
    return concatBytes([
      join(added.map((field) => raw.take(field))),
      rest,
      ...end.map((line) => join([line])),
    ]);
  }
  const encoding = raw.all.filter(isEncodingField);
  return join([...[...fields, ...encoding].map((field) => raw.take(field)), encodeUtf8('\r\n')]);
}
