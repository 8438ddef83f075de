import { type ByteSink, encodeUtf8, type WaitOptions } from '../../../bytes/index.ts';

/** Bytes gathered before the sink is called. */
const bufferLength = 64 * 1024;

/** Writes a PDF from its first byte to its last and knows where it is. */
export interface PdfOutput extends Pick<ByteSink, 'write'> {
  /** Bytes written so far: the file offset of what is written next. */
  readonly position: number;
  /** Writes bytes; small ones are gathered. */
  write(bytes: Uint8Array): Promise<void> | undefined;
  /** Writes ASCII text. */
  text(text: string): Promise<void> | undefined;
  /** Hands on what was gathered. */
  flush(): Promise<void> | undefined;
}

/** A {@link PdfOutput} in front of `sink`. What it gives to wait for is to be waited for. */
export function pdfOutput(sink: ByteSink, options?: WaitOptions): PdfOutput {
  const buffer = new Uint8Array(bufferLength);
  let held = 0;
  let position = 0;

  const handOn = (bytes: Uint8Array): Promise<void> | undefined => {
    options?.signal?.throwIfAborted();
    const writing = sink.write(bytes, options);
    return writing instanceof Promise ? writing : undefined;
  };
  const keep = (bytes: Uint8Array): void => {
    buffer.set(bytes, held);
    held += bytes.length;
  };
  const output: PdfOutput = {
    get position() {
      return position;
    },
    write(bytes) {
      position += bytes.length;
      if (bytes.length <= bufferLength - held) return keep(bytes) as undefined;
      const flushing = output.flush();
      const rest = (): Promise<void> | undefined =>
        bytes.length < bufferLength ? (keep(bytes) as undefined) : handOn(bytes);
      return flushing === undefined ? rest() : flushing.then(rest);
    },
    text(text) {
      if (text.length > bufferLength - held) return output.write(encodeUtf8(text));
      // Most texts are a few characters of ASCII: nothing is made for them.
      for (let i = 0; i < text.length; i++) buffer[held + i] = text.charCodeAt(i);
      held += text.length;
      position += text.length;
      return undefined;
    },
    flush() {
      if (held === 0) return undefined;
      const bytes = buffer.subarray(0, held);
      held = 0;
      return handOn(bytes);
    },
  };
  return output;
}
