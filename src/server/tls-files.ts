import { readFile, stat } from 'node:fs/promises';
import { createSecureContext } from 'node:tls';
import { SealwrightError } from '../errors.ts';

/** Where certificate and key are. */
export interface TlsFiles {
  /** PEM: the server's certificate, then those of its issuers. */
  readonly certificate: string;
  /** PEM of the private key. */
  readonly key: string;
  /** Of the key, if it is encrypted. */
  readonly passphrase?: string | undefined;
}

/** What a TLS server is given: nothing older than TLS 1.2. */
export interface TlsContext {
  readonly cert: Buffer;
  readonly key: Buffer;
  readonly passphrase?: string;
  readonly minVersion: 'TLSv1.2';
}

/** Reads certificate and key and makes sure that they belong together. Throws `FILE_NOT_FOUND`, `MALFORMED_KEY`. */
export async function readTlsFiles({ certificate, key, passphrase }: TlsFiles): Promise<TlsContext> {
  const context: TlsContext = {
    cert: await readPem(certificate),
    key: await readPem(key),
    ...(passphrase !== undefined && { passphrase }),
    minVersion: 'TLSv1.2',
  };
  try {
    createSecureContext(context);
  } catch (cause) {
    throw new SealwrightError(
      'MALFORMED_KEY',
      `The certificate ${certificate} and the key ${key} cannot be used: both have to be PEM, and belong together.`,
      { path: certificate, cause },
    );
  }
  return context;
}

/**
 * Calls `changed` with what the files hold whenever they have changed, and `failed` where that cannot be used. Files are looked
 * at instead of watched: renewals replace links and folders, which watchers miss.
 *
 * @param interval - milliseconds
 * @returns a function that ends it
 */
export function followTlsFiles(
  files: TlsFiles,
  interval: number,
  changed: (context: TlsContext) => void,
  failed: (error: unknown) => void,
): () => void {
  let last: string | undefined;
  let busy = false;
  const look = async (): Promise<void> => {
    if (busy) return;
    busy = true;
    try {
      const now = await traceOf(files);
      if (now === last) return;
      const first = last === undefined;
      last = now;
      if (!first) changed(await readTlsFiles(files));
    } catch (error) {
      failed(error);
    } finally {
      busy = false;
    }
  };
  void look();
  const timer = setInterval(() => void look(), interval);
  timer.unref();
  return () => clearInterval(timer);
}

async function traceOf({ certificate, key }: TlsFiles): Promise<string> {
  const [a, b] = await Promise.all([stat(certificate), stat(key)]);
  return [a.mtimeMs, a.size, a.ino, b.mtimeMs, b.size, b.ino].join(' ');
}

async function readPem(path: string): Promise<Buffer> {
  try {
    return await readFile(path);
  } catch (cause) {
    throw new SealwrightError(
      'FILE_NOT_FOUND',
      `${path} cannot be read: check the path and who may read it.`,
      {
        path,
        cause,
      },
    );
  }
}
