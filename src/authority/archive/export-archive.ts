import { encodeBase64, encodeUtf8, wipe } from '../../bytes/index.ts';
import { cipherMode, encryptStream } from '../../cipher/index.ts';
import { SealwrightError } from '../../errors.ts';
import type { RandomBytes } from '../../rights/index.ts';
import type { AuthorityStore } from '../store/authority-store.ts';
import { archiveKey, exportIterations, writeArchiveHeader } from './archive-header.ts';

/**
 * Everything an authority is, as one stream: a header, then `SEALWRIGHT.GCM64K` over lines of JSON, the
 * private key on the first (spec/authority.md, "Export").
 */
export function exportArchive(
  store: AuthorityStore,
  exportKey: (() => Promise<Uint8Array>) | undefined,
  passphrase: string,
  randomBytes: RandomBytes,
): ReadableStream<Uint8Array> {
  const header = { iterations: exportIterations, salt: randomBytes(16) };
  const binding = writeArchiveHeader(header);
  let reader: ReadableStreamDefaultReader<Uint8Array> | undefined;
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        if (reader === undefined) {
          if (exportKey === undefined)
            throw new SealwrightError(
              'INVALID_ARGUMENT',
              'The private key of this authority cannot leave its keeper, so the authority cannot be exported.',
            );
          const key = await archiveKey(passphrase, header);
          const encrypted = lines(store, exportKey).pipeThrough(
            encryptStream(cipherMode('SEALWRIGHT.GCM64K'), key, { binding }),
          );
          wipe(key); // encryptStream has copied it
          reader = encrypted.getReader();
          return controller.enqueue(binding);
        }
        const { value, done } = await reader.read();
        if (done) controller.close();
        else controller.enqueue(value);
      },
      cancel: (reason) => reader?.cancel(reason),
    },
    { highWaterMark: 0 },
  );
}

function lines(store: AuthorityStore, exportKey: () => Promise<Uint8Array>): ReadableStream<Uint8Array> {
  const line = (value: unknown): Uint8Array => encodeUtf8(`${JSON.stringify(value)}\n`);
  async function* all(): AsyncGenerator<Uint8Array> {
    const pkcs8 = await exportKey();
    const first = line({ kind: 'key', pkcs8: encodeBase64(pkcs8) });
    wipe(pkcs8); // before it is given: whoever takes it may stop there
    yield first;
    for await (const record of store.exportRecords()) yield line(record);
  }
  const iterator = all();
  return new ReadableStream({
    async pull(controller) {
      const { value, done } = await iterator.next();
      if (done === true) controller.close();
      else controller.enqueue(value);
    },
    async cancel() {
      await iterator.return(undefined);
    },
  });
}
