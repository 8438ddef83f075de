import { type ByteSource, encodeUtf8, type WaitOptions } from '../../../bytes/index.ts';
import { fieldValue, headerLine, parseHeaderBlock } from './header-block.ts';
import { mimeLimits } from './limits.ts';
import { type MimePart, type TransferEncoding, tooLarge } from './mime-part.ts';
import { parseContentType } from './structured-field.ts';

/** Bytes looked at together; more than the longest header. */
const windowLength = mimeLimits.headerBytes + 64 * 1024;
const [lineFeed, carriageReturn, dash, space, tab] = [10, 13, 45, 32, 9];
/** Bytes of a line that may be a boundary: two dashes at either end, and white space that was put behind it on its way. */
const longestDelimiter = mimeLimits.boundaryCharacters + 1024;

/** A part whose end is not known yet. */
interface OpenPart {
  readonly part: { -readonly [Key in keyof MimePart]: MimePart[Key] };
  readonly children: MimePart[];
  /** `--boundary`, until it was closed. */
  delimiter: Uint8Array | undefined;
}

/**
 * Finds the parts of a message, in one pass from its beginning to its end and a window at a time. Nothing is decoded and
 * nothing is lost: the parts say where they stand. A missing last boundary, missing line breaks and either kind of
 * line break are taken as they come.
 *
 * @param source the message, of known size; to read its parts later it must be seekable
 * @returns the message as a part, with the parts within it
 * @throws SealwrightError `LIMIT_EXCEEDED` for more parts, depth or header than any message has
 *
 * @example
 * ```ts
 * const message = await splitMime(memorySource(bytes));
 * for (const part of message.children) console.log(part.contentType.value, part.body);
 * ```
 */
export async function splitMime(source: ByteSource, options?: WaitOptions): Promise<MimePart> {
  const splitter = createSplitter(source);
  for (let at = 0; ; ) {
    options?.signal?.throwIfAborted();
    const window = await source.read(at, windowLength, options);
    const last = window.length < windowLength;
    if (splitter.settled && source.size !== undefined) return splitter.end(source.size);
    at += splitter.push(window, at, last);
    if (last) return splitter.end(at);
  }
}

interface Splitter {
  /** No line that follows can change anything. */
  readonly settled: boolean;
  /** Takes what it can of a window that begins at `offset`, and gives how much that was. */
  push(window: Uint8Array, offset: number, last: boolean): number;
  end(size: number): MimePart;
}

function createSplitter(source: ByteSource): Splitter {
  /** From the message to the innermost part that is open. */
  const open: OpenPart[] = [];
  let [parts, headerBytes] = [0, 0];
  let inHeader = true;
  /** In the middle of a line that is too long to be looked at as a whole. */
  let inLine = false;
  /** Bytes of the line break before the line at hand. */
  let lastBreak = 0;
  let root: MimePart | undefined;

  function begin(start: number, inherited: string): void {
    if (++parts > mimeLimits.parts) throw tooLarge('parts', mimeLimits.parts, start);
    if (open.length >= mimeLimits.depth) throw tooLarge('parts within each other', mimeLimits.depth, start);
    const children: MimePart[] = [];
    const part: OpenPart['part'] = {
      source,
      header: { start, end: start },
      body: { start, end: start },
      fields: [],
      contentType: parseContentType(undefined, inherited),
      encoding: 'identity',
      children,
    };
    (open.at(-1)?.children ?? []).push(part);
    root ??= part;
    open.push({ part, children, delimiter: undefined });
    inHeader = true;
  }

  /** The header of the innermost part is over; `bytes` is its block, with the empty line. */
  function closeHeader(bytes: Uint8Array, end: number): void {
    const innermost = open.at(-1) as OpenPart;
    const { part } = innermost;
    headerBytes += bytes.length;
    if (headerBytes > mimeLimits.allHeaderBytes)
      throw tooLarge('bytes of header fields', mimeLimits.allHeaderBytes, end);
    part.header = { start: part.header.start, end };
    part.body = { start: end, end };
    part.fields = parseHeaderBlock(bytes);
    part.contentType = parseContentType(fieldValue(part.fields, 'content-type'), part.contentType.value);
    part.encoding = transferEncoding(fieldValue(part.fields, 'content-transfer-encoding'));
    inHeader = false;
    if (part.contentType.boundary !== undefined)
      innermost.delimiter = encodeUtf8(`--${part.contentType.boundary}`);
    else if (part.contentType.value === 'message/rfc822' && part.encoding === 'identity')
      begin(end, 'text/plain');
  }

  /** Ends all parts within `open[depth]`. The line break before a boundary is none of theirs. */
  function closeDownTo(depth: number, end: number): void {
    for (const { part } of open.splice(depth + 1))
      part.body = { start: part.body.start, end: Math.max(part.body.start, end) };
  }

  /** Whether the line is a boundary of a part that is open; then it is dealt with. */
  function delimited(window: Uint8Array, start: number, end: number, offset: number): boolean {
    for (let depth = open.length - 1; depth >= 0; depth--) {
      const { delimiter, part } = open[depth] as OpenPart;
      const kind = delimiter === undefined ? undefined : delimiterAt(window, start, end, delimiter);
      if (kind === undefined) continue;
      if (inHeader) closeHeader(window.subarray(headerStart(offset), start), offset + start);
      closeDownTo(depth, offset + start - lastBreak);
      inHeader = false;
      if (kind === 'close') (open[depth] as OpenPart).delimiter = undefined;
      else
        begin(offset + end, part.contentType.value === 'multipart/digest' ? 'message/rfc822' : 'text/plain');
      return true;
    }
    return false;
  }

  const headerStart = (offset: number): number => (open.at(-1) as OpenPart).part.header.start - offset;

  begin(0, 'text/plain');
  return {
    get settled() {
      return !inHeader && open.every(({ delimiter }) => delimiter === undefined);
    },
    push(window, offset, last) {
      let at = 0;
      while (at < window.length) {
        const found = window.indexOf(lineFeed, at);
        const whole = found >= 0;
        let end = whole ? found + 1 : window.length;
        if (inHeader) {
          if (end - headerStart(offset) > mimeLimits.headerBytes)
            throw tooLarge('bytes of header fields in one part', mimeLimits.headerBytes, offset + at);
          // The block is taken as a whole from one window: the next one begins where it does.
          if (!whole && !last) return headerStart(offset);
          if (!delimited(window, at, end, offset)) {
            const kind = headerLine(window, at, end, at === headerStart(offset));
            if (kind === 'end') closeHeader(window.subarray(headerStart(offset), end), offset + end);
            else if (kind === 'other') {
              closeHeader(window.subarray(headerStart(offset), at), offset + at);
              // The line is the body's first, or the header's first of the message within.
              continue;
            }
          }
        } else if (!inLine) {
          if (!whole && !last && end - at <= longestDelimiter) return at;
          if (window[at] === dash && window[at + 1] === dash) delimited(window, at, end, offset);
        }
        // A line break is not to be cut in two.
        if (!whole && !last && window[end - 1] === carriageReturn) end--;
        if (end === at) return at;
        lastBreak = whole ? (end - 2 >= at && window[end - 2] === carriageReturn ? 2 : 1) : 0;
        inLine = !whole;
        at = end;
      }
      while (last && inHeader) closeHeader(window.subarray(headerStart(offset)), offset + at);
      // A header that goes on is read again with what follows.
      return inHeader ? headerStart(offset) : at;
    },
    end(size) {
      closeDownTo(-1, size);
      return root as MimePart;
    },
  };
}

/** Whether a line is a boundary, and which; white space behind it does not count, RFC 2046 5.1.1. */
function delimiterAt(
  line: Uint8Array,
  start: number,
  end: number,
  delimiter: Uint8Array,
): 'open' | 'close' | undefined {
  let at = start + delimiter.length;
  if (at > end || end - start > longestDelimiter) return undefined;
  for (let index = 0; index < delimiter.length; index++)
    if (line[start + index] !== delimiter[index]) return undefined;
  const close = at + 1 < end && line[at] === dash && line[at + 1] === dash;
  if (close) at += 2;
  for (; at < end; at++) {
    const byte = line[at];
    if (byte !== space && byte !== tab && byte !== carriageReturn && byte !== lineFeed) return undefined;
  }
  return close ? 'close' : 'open';
}

/** `7bit`, `8bit`, `8-bit`, `binary` and what nobody knows leave the bytes as they are. */
function transferEncoding(value: string | undefined): TransferEncoding {
  const name = value
    ?.slice(0, mimeLimits.tokenCharacters)
    .replace(/\(.*?\)/gs, '')
    .replace(/;.*/s, '')
    .trim()
    .toLowerCase();
  return name === 'base64' || name === 'quoted-printable' ? name : 'identity';
}
