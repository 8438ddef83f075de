import type { ByteSink, ByteSource, WaitOptions } from '../../../bytes/index.ts';
import { SealwrightError } from '../../../errors.ts';
import type { DocumentWriter } from '../../document-format.ts';
import type { BodyEncoder } from './body-encoder.ts';
import type { BodyForm } from './body-form.ts';
import { base64Encoder, base64Size } from './encode-base64.ts';
import { quotedPrintableEncoder } from './encode-quoted-printable.ts';

/** A content to be encoded and written. */
export interface PlannedContent {
  readonly kind: 'content';
  /** A source, or what writes itself. */
  readonly content: ByteSource | DocumentWriter;
  readonly form: BodyForm;
}

/** A message as a row of what is written, one after the other. */
export interface MessagePlan {
  readonly pieces: readonly ({ readonly kind: 'literal'; readonly bytes: Uint8Array } | PlannedContent)[];
  /** Whether there may be bytes above 127 in it. */
  readonly eightBit: boolean;
}

const windowLength = 48 * 1024;

/** Writes a plan forward, a window at a time. */
export function planWriter({ pieces }: MessagePlan): DocumentWriter {
  const size = plannedSize(pieces);
  return {
    size,
    async writeTo(sink, options) {
      let done = 0;
      const write = async (bytes: Uint8Array): Promise<void> => {
        if (bytes.length === 0) return;
        options?.signal?.throwIfAborted();
        await sink.write(bytes, options);
        done += bytes.length;
        options?.onProgress?.(done, size);
      };
      for (const piece of pieces)
        if (piece.kind === 'literal') await write(piece.bytes);
        else await writeContent(piece, write, options);
      return done;
    },
  };
}

async function writeContent(
  { content, form }: PlannedContent,
  write: (bytes: Uint8Array) => Promise<void>,
  options: WaitOptions | undefined,
): Promise<void> {
  const encoder = encoderFor(form);
  const sink: ByteSink = { write: (bytes) => write(encoder.encode(bytes)) };
  if ('writeTo' in content) await content.writeTo(sink, { signal: options?.signal });
  else {
    const size = content.size ?? 0;
    for (let at = 0; at < size; ) {
      options?.signal?.throwIfAborted();
      const bytes = await content.read(at, Math.min(windowLength, size - at), options);
      if (bytes.length === 0)
        throw new SealwrightError(
          'IO_FAILED',
          'The message ended early: it was changed while it was read. Try again.',
          { offset: at },
        );
      await sink.write(bytes, options);
      at += bytes.length;
    }
  }
  await write(encoder.end());
}

const asItIs: BodyEncoder = { encode: (bytes) => bytes, end: () => new Uint8Array(0) };

function encoderFor(form: BodyForm): BodyEncoder {
  if (form.encoding === 'base64') return base64Encoder(form);
  return form.encoding === 'quoted-printable' ? quotedPrintableEncoder(form) : asItIs;
}

/** Bytes of the message, where they follow from the sizes of the contents. */
function plannedSize(pieces: MessagePlan['pieces']): number | undefined {
  let total = 0;
  for (const piece of pieces) {
    if (piece.kind === 'literal') {
      total += piece.bytes.length;
      continue;
    }
    const { size } = piece.content;
    if (size === undefined || piece.form.encoding === 'quoted-printable') return undefined;
    total += piece.form.encoding === 'base64' ? base64Size(size, piece.form) : size;
  }
  return total;
}
