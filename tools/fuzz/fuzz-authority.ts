import { readArchive } from '../../src/authority/archive/read-archive.ts';
import { type Authority, createAuthority, createMemoryStore } from '../../src/authority/index.ts';
import { custodianFromPkcs8, type KeyCustodian } from '../../src/license/index.ts';
import { corpusFile } from './samples.ts';
import { passphrase, sealedArchive } from './seal-archive.ts';

/** The key that everything in the corpus was made with. It protects nothing. */
export const fuzzCustodian = (): Promise<KeyCustodian> => custodianFromPkcs8(corpusFile('key.pk8'));

/** The authority that everything in the corpus was made by, as it was then. */
export async function fuzzAuthority(): Promise<Authority> {
  const store = createMemoryStore();
  const archive = await sealedArchive(corpusFile('authority.jsonl'));
  const { records } = await readArchive(new Blob([archive as Uint8Array<ArrayBuffer>]).stream(), passphrase);
  await store.importRecords(records);
  // Its log grows with each file that is opened: nobody reads it here.
  const forgetful = { ...store, appendUsage: async () => undefined, insertContent: async () => true };
  return createAuthority({
    store: { ...forgetful, transaction: (work) => work(forgetful) },
    custodian: await fuzzCustodian(),
    now: () => new Date('2026-05-04T11:00:00Z'),
  });
}
