import { signInFailure } from '../failure.ts';
import type { Issuer } from '../issuer.ts';
import type { OpenBrowser } from '../open-id-options.ts';
import type { Settings } from '../settings.ts';
import type { Answer } from '../signed-in.ts';
import type { TokenNeed } from '../token-need.ts';
import { beginAuthorization } from './authorization.ts';
import { listenOnLoopback } from './loopback-listener.ts';

/** Signs in with the person's browser, which comes back to a port of this machine (spec/sign-in.md, "Browser"). */
export async function signInWithBrowser(
  issuer: Issuer,
  settings: Settings,
  need: TokenNeed,
  open: OpenBrowser,
  as: string | undefined,
  signal: AbortSignal,
): Promise<Answer> {
  const listener = await listenOnLoopback(settings.redirectUri);
  try {
    const authorization = await beginAuthorization(
      issuer,
      settings,
      need,
      listener.redirectUri,
      as === undefined ? {} : { login_hint: as },
      signal,
    );
    const opened = (async () => open(authorization.url, { signal }))().catch((cause: unknown) => {
      signal.throwIfAborted();
      throw signInFailure(
        'browser-not-opened',
        'The browser could not be opened to sign in. Sign in with a code on another device.',
        { cause },
      );
    });
    // The browser may well be back before the call that opened it is.
    const arrival = await until(
      signal,
      Promise.race([listener.arrival, opened.then(() => listener.arrival)]),
    );
    try {
      const answer = await authorization.redeem(arrival.url);
      arrival.show(true);
      return answer;
    } catch (error) {
      arrival.show(false);
      throw error;
    }
  } finally {
    listener.close();
  }
}

function until<T>(signal: AbortSignal, work: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const leave = () => reject(signal.reason);
    if (signal.aborted) return leave();
    signal.addEventListener('abort', leave, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', leave));
  });
}
