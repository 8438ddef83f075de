import { type ByteSink, type WaitOptions, wipe } from '../../../bytes/index.ts';
import type { SegmentEncryptor } from '../../../cipher/index.ts';
import type { PartCipher } from '../../document-format.ts';

/** Bytes that are encrypted at once, about. */
const windowLength = 1024 * 1024;

/** Encrypts what is written to it and writes that on. */
export interface EncryptingSink extends ByteSink {
  /** Encrypts the end. Nothing can be written any more. */
  end(options?: WaitOptions): Promise<void>;
  /** Overwrites keys and content that are still held. To be called however it ended. */
  wipe(): void;
}

/**
 * An {@link EncryptingSink} for one content.
 *
 * @param size bytes of the content, so that no more memory is taken for a small one
 * @param sink where it goes; what stands before the content is written to it already
 */
export async function encryptingSink(
  { mode, key, backend }: PartCipher,
  binding: Uint8Array,
  size: number,
  sink: ByteSink,
  randomBytes?: (length: number) => Uint8Array,
): Promise<EncryptingSink> {
  const encryptor: SegmentEncryptor = await mode.encryptor(key, {
    binding,
    backend,
    ...(randomBytes && { randomBytes }),
  });
  const segments = Math.max(1, Math.ceil(Math.min(windowLength, size) / mode.segmentLength));
  const window = new Uint8Array(segments * mode.segmentLength);
  // A little more than the segments, for padding or the tag of an empty one.
  const output = new Uint8Array(segments * mode.encryptedSegmentLength + 64);
  let held = 0;
  let segmentsDone = 0;
  let begun = false;

  async function pass(last: boolean, options: WaitOptions | undefined): Promise<void> {
    if (!begun && encryptor.preamble.length > 0) await sink.write(encryptor.preamble, options);
    begun = true;
    const written = await encryptor.encrypt(window.subarray(0, held), segmentsDone, last, output);
    segmentsDone += segments;
    held = 0;
    if (written > 0) await sink.write(output.subarray(0, written), options);
  }

  return {
    async write(bytes, options) {
      for (let at = 0; at < bytes.length; ) {
        // A full window waits for what follows, because the last one is encrypted otherwise.
        if (held === window.length) await pass(false, options);
        const part = bytes.subarray(at, at + window.length - held);
        window.set(part, held);
        held += part.length;
        at += part.length;
      }
    },
    end: (options) => pass(true, options),
    wipe() {
      encryptor.wipe();
      wipe(window);
    },
  };
}
