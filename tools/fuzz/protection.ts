import type { CipherModeName } from '../../src/cipher/index.ts';
import type { ContainerName, DocumentSettings } from '../../src/container/index.ts';
import { open, protect, SealwrightError } from '../../src/index.ts';
import { instantService } from './instant-service.ts';
import { must } from './target.ts';

const policy = { grants: [{ to: 'bob@contoso.com', rights: ['VIEW'] }] };

/** How an input is protected. */
export interface Wanted {
  readonly name: string;
  readonly format: ContainerName;
  readonly cipherMode?: CipherModeName | undefined;
  readonly settings?: DocumentSettings;
}

/** A sink that only counts. */
function counter() {
  const sink = {
    count: 0,
    write(bytes: Uint8Array): void {
      sink.count += bytes.length;
    },
  };
  return sink;
}

const protecting = (input: Uint8Array, wanted: Wanted) =>
  protect(input, { ...wanted, service: instantService, policy });

/** Protects an input and counts what comes; the bytes go nowhere. */
export async function protectedLength(input: Uint8Array, wanted: Wanted): Promise<number> {
  const sink = counter();
  const stated = await (await protecting(input, wanted)).writeTo(sink);
  must(stated === sink.count, 'another size is stated than was written');
  return stated;
}

/** Opens an input and counts what comes. */
export async function openedLength(input: Uint8Array, name: string): Promise<number> {
  const opened = await open(input, { service: instantService, name });
  try {
    const sink = counter();
    const stated = await opened.writeTo(sink);
    must(stated === sink.count, 'another size is stated than was written');
    return stated;
  } finally {
    opened.close();
  }
}

export async function opened(input: Uint8Array, name: string, mailAs?: 'eml' | 'msg'): Promise<Uint8Array> {
  const content = await open(input, { service: instantService, name, mailAs });
  try {
    return await content.bytes();
  } finally {
    content.close();
  }
}

export async function protectedFile(input: Uint8Array, wanted: Wanted): Promise<Uint8Array> {
  return (await protecting(input, wanted)).bytes();
}

/** Protects an input, and gives what it is when it was opened again. What could be protected must open. */
export async function protectedAndOpened(input: Uint8Array, wanted: Wanted): Promise<Uint8Array> {
  const file = await protectedFile(input, wanted);
  try {
    return await opened(file, wanted.name);
  } catch (error) {
    if (!(error instanceof SealwrightError)) throw error;
    throw new Error(`what was protected does not open: ${error.code}`, { cause: error });
  }
}
