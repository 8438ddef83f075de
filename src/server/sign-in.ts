import { SealwrightError } from '../errors.ts';
import type { Answer } from './answer.ts';
import type { Caller } from './caller.ts';
import { bearerToken, challengeAnswer } from './challenge.ts';
import type { Served } from './served.ts';
import type { ServerContext } from './server-context.ts';

/**
 * Who sent the request, or the answer that says how to sign in. Throws `THROTTLED`, and what kept it from finding out.
 *
 * @param cost - as how many requests it counts
 */
export async function signIn(context: ServerContext, served: Served, cost = 1): Promise<Caller | Answer> {
  const { challenges, verifyToken, metrics } = context;
  const header = served.request.headers.get('authorization');
  let token: string | undefined;
  try {
    token = bearerToken(header);
    if (token === undefined) {
      metrics.refusedToken('token-missing');
      return challengeAnswer(challenges, { email: emailOf(served.request.url) });
    }
    served.caller = await verifyToken(token);
  } catch (error) {
    if (!(error instanceof SealwrightError) || error.code !== 'AUTHENTICATION_FAILED') throw error;
    served.code = error.code;
    served.reason = error.details.reason ?? 'token-refused';
    metrics.refusedToken(served.reason);
    return challengeAnswer(challenges, { token, email: emailOf(served.request.url) }, error);
  }
  const { caller } = served;
  // As of now: finding out may have taken long, and time that was counted must not count again.
  context.callers.take(`${caller.issuer} ${caller.subject}`, performance.now(), cost);
  return caller;
}

/** For whom a client looks for a service, if it says so. */
function emailOf(url: string): string | undefined {
  const query = url.indexOf('?');
  if (query < 0) return undefined;
  return new URLSearchParams(url.slice(query)).get('email') ?? undefined;
}

/** Whether {@link signIn} gave an answer, not a caller. */
export const isAnswer = (found: Caller | Answer): found is Answer => 'status' in found;
