import { concatBytes, decodeBase64, decodeUtf8, streamSource, wipe } from '../../bytes/index.ts';
import { cipherMode, decryptStream } from '../../cipher/index.ts';
import { SealwrightError } from '../../errors.ts';
import { archiveHeaderLength, archiveKey, readArchiveHeader } from './archive-header.ts';

/** Bytes of one line of an export; a template in forty languages has some 20 KB. */
const maximumLineBytes = 1024 * 1024;

/** Levels of one record; a template has five. */
const maximumDepth = 32;

/** An export that is being read: the private key, then the records one by one. */
export interface OpenedArchive {
  /** PKCS#8. Wipe it when it is stored. */
  readonly privateKey: Uint8Array;
  readonly records: AsyncIterable<unknown>;
}

/**
 * Reads what `exportArchive` wrote. Each record is authentic when it is given; that the export is whole is
 * known when the last one was.
 *
 * @throws `MALFORMED_ARCHIVE`, `UNSUPPORTED_VERSION`, `LIMIT_EXCEEDED`, and `DECRYPTION_FAILED` for a wrong
 *   passphrase as for a changed or cut file
 */
export async function readArchive(
  archive: ReadableStream<Uint8Array>,
  passphrase: string,
): Promise<OpenedArchive> {
  const source = streamSource(archive);
  try {
    const binding = (await source.read(0, archiveHeaderLength)).slice();
    const header = readArchiveHeader(binding);
    const key = await archiveKey(passphrase, header);
    const decryption = decryptStream(cipherMode('SEALWRIGHT.GCM64K'), key, { binding });
    wipe(key); // decryptStream has copied it
    const records = lines(rest(source).pipeThrough(decryption));
    const first = await records.next();
    const pkcs8 = first.done === true ? undefined : privateKeyOf(first.value);
    if (pkcs8 !== undefined) return { privateKey: pkcs8, records };
    await records.return(undefined);
    throw malformed('it does not start with a key');
  } catch (error) {
    await source.close?.();
    throw error;
  }
}

function rest(source: ReturnType<typeof streamSource>): ReadableStream<Uint8Array> {
  let offset = archiveHeaderLength;
  return new ReadableStream({
    async pull(controller) {
      const bytes = await source.read(offset, 64 * 1024);
      offset += bytes.length;
      if (bytes.length > 0) controller.enqueue(bytes.slice());
      else controller.close();
    },
    cancel: () => source.close?.(),
  });
}

async function* lines(stream: ReadableStream<Uint8Array>): AsyncGenerator<unknown> {
  const reader = stream.getReader();
  let pending: Uint8Array[] = [];
  let length = 0;
  try {
    for (;;) {
      const { value, done } = await reader.read().catch(explain);
      if (done) break;
      let start = 0;
      for (let end = value.indexOf(10); end >= 0; end = value.indexOf(10, start)) {
        yield parse([...pending, value.subarray(start, end)]);
        pending = [];
        length = 0;
        start = end + 1;
      }
      length += value.length - start;
      if (length > maximumLineBytes)
        throw new SealwrightError(
          'LIMIT_EXCEEDED',
          `The authority export has a record of more than ${maximumLineBytes} bytes.`,
        );
      if (start < value.length) pending.push(value.slice(start));
    }
    if (length > 0) throw malformed('it ends inside a record');
  } finally {
    await reader.cancel().catch(() => undefined);
  }
}

function parse(parts: readonly Uint8Array[]): unknown {
  let record: unknown;
  try {
    record = JSON.parse(decodeUtf8(concatBytes(parts)));
  } catch (cause) {
    throw malformed('a record is not JSON', cause);
  }
  if (isDeeperThan(record, maximumDepth)) throw malformed('a record is nested too deeply');
  return record;
}

/** Whatever writes JSON calls itself for each level, and thousands of them would end the stack. */
function isDeeperThan(value: unknown, levels: number): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return levels === 0 || Object.values(value).some((member) => isDeeperThan(member, levels - 1));
}

function privateKeyOf(record: unknown): Uint8Array | undefined {
  const { kind, pkcs8 } = (record ?? {}) as { kind?: unknown; pkcs8?: unknown };
  return kind === 'key' && typeof pkcs8 === 'string' ? decodeBase64(pkcs8) : undefined;
}

function explain(cause: unknown): never {
  if (!(cause instanceof SealwrightError) || cause.code !== 'DECRYPTION_FAILED') throw cause;
  throw new SealwrightError(
    'DECRYPTION_FAILED',
    'The authority export could not be decrypted: the passphrase is wrong, or the file was changed or cut.',
    { cause },
  );
}

const malformed = (problem: string, cause?: unknown): SealwrightError =>
  new SealwrightError('MALFORMED_ARCHIVE', `The authority export is damaged: ${problem}. Export it again.`, {
    cause,
  });
