import type { WaitOptions } from '../bytes/index.ts';
import type { Settings } from './settings.ts';
import { readSignedIn, type SignedIn, writeSignedIn } from './signed-in.ts';

/** The sign-in of one session, in memory and in its store. */
export interface KeptSignIn {
  /** As it was last seen. */
  seen(): SignedIn | undefined;
  load(): Promise<SignedIn | undefined>;
  save(signedIn: SignedIn): Promise<void>;
  clear(): Promise<void>;
  /** Runs `work` while nobody else, here or in another process, renews this sign-in. */
  exclusively<T>(work: () => Promise<T>, options: WaitOptions): Promise<T>;
}

export function keptSignIn(settings: Settings): KeptSignIn {
  const { store } = settings;
  let seen: SignedIn | undefined;
  let last: Promise<unknown> = Promise.resolve();
  return {
    seen: () => seen,
    async load() {
      seen = readSignedIn(await store.read(), settings);
      return seen;
    },
    async save(signedIn) {
      // In memory first: if the store fails, this process at least still has the renewed tokens.
      seen = signedIn;
      await store.write(writeSignedIn(signedIn, settings));
    },
    async clear() {
      seen = undefined;
      await store.clear();
    },
    exclusively(work, options) {
      const turn = last.then(async () => {
        options.signal?.throwIfAborted();
        const release = await store.lock?.(options);
        try {
          return await work();
        } finally {
          await release?.();
        }
      });
      last = turn.catch(() => {});
      return turn;
    },
  };
}
