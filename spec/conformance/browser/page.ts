import {
  type Authority,
  createAuthority,
  createMemoryStore,
  readArchive,
} from '../../../src/authority/index.ts';
import { nobleBackend, webcryptoBackend } from '../../../src/cipher/index.ts';
import { open, protect } from '../../../src/index.ts';
import { custodianFromPkcs8 } from '../../../src/license/index.ts';

const backends = { webcrypto: webcryptoBackend, noble: nobleBackend };

/** Which AES the page uses; `undefined` lets the library choose. */
export type PageBackend = keyof typeof backends | undefined;

let authority: Authority;

/** Where the page runs, and whether it has the WebCrypto of a secure context. */
export function surroundings(): {
  readonly secure: boolean;
  readonly webcrypto: boolean;
  readonly node: boolean;
} {
  return {
    secure: globalThis.isSecureContext,
    webcrypto: typeof globalThis.crypto?.subtle === 'object',
    node: 'process' in globalThis || 'Buffer' in globalThis,
  };
}

/** Brings an authority that was exported in Node to life in the page. */
export async function restoreAuthority(archive: Uint8Array, passphrase: string): Promise<string> {
  const stream = new Blob([archive as Uint8Array<ArrayBuffer>]).stream();
  const { privateKey, records } = await readArchive(stream, passphrase);
  const store = createMemoryStore();
  await store.importRecords(records);
  authority = await createAuthority({ store, custodian: await custodianFromPkcs8(privateKey) });
  return authority.facts.id;
}

/** Protects content for Bob in the page. */
export async function protectInPage(
  content: Uint8Array,
  cipherMode: 'SEALWRIGHT.GCM64K' | 'MICROSOFT.CBC4K',
  backend: PageBackend,
): Promise<Uint8Array> {
  const file = await protect(new Blob([content as Uint8Array<ArrayBuffer>]), {
    service: authority.as('alice@contoso.com'),
    policy: { grants: [{ to: 'bob@contoso.com', rights: ['VIEW', 'PRINT'] }] },
    name: 'from-the-page.bin',
    cipherMode,
    backend: backend && backends[backend],
  });
  return file.bytes();
}

/** Opens a protected file as Bob in the page: whole, and a few bytes of it by random access. */
export async function openInPage(file: Uint8Array, backend: PageBackend) {
  const opened = await open(new Blob([file as Uint8Array<ArrayBuffer>]), {
    service: authority.as('bob@contoso.com'),
    backend: backend && backends[backend],
  });
  const piece = (await opened.read(70_000, 16)).slice();
  return { content: await opened.bytes(), piece, rights: [...opened.rights] };
}

/** The code of the refusal that a person without rights gets in the page. */
export async function refusalInPage(file: Uint8Array): Promise<string> {
  try {
    await open(file, { service: authority.as('mallory@example.net') });
    return 'none';
  } catch (error) {
    return (error as { code: string }).code;
  }
}
