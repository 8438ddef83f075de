import { SealwrightError } from '../../errors.ts';
import type { Passage } from '../../node/network/index.ts';
import type { Examination } from './examination.ts';
import { type Finding, finding } from './finding.ts';
import type { Verdict } from './verdicts.ts';

const proxyVerdicts: Readonly<Record<string, Verdict>> = {
  'proxy-authentication-required': 'proxy-wants-sign-in',
  'proxy-credentials-refused': 'proxy-wants-sign-in',
  'proxy-refused': 'proxy-refuses',
  'proxy-cannot-connect': 'proxy-refuses',
  'proxy-unreachable': 'proxy-unreachable',
};

/** Which way leads to the target; through a proxy, the connection itself. */
export async function checkPath(
  examination: Examination,
): Promise<{ readonly finding: Finding; readonly passage: Passage | undefined }> {
  const { target, network, limit, place } = examination;
  const tried = `ask the settings for the way to ${place}`;
  try {
    const passage = await network.findPassage(target.url, { signal: limit() });
    const { because, proxy } = passage;
    return proxy === undefined
      ? { passage, finding: finding(target, 'path-direct', { tried, seen: `straight: ${because}` }) }
      : {
          passage,
          finding: finding(target, 'path-proxy', {
            tried: `connect to ${place} through the proxy ${proxy}`,
            seen: `through the proxy ${proxy}, named by ${because}`,
            facts: { proxy },
          }),
        };
  } catch (error) {
    examination.options.signal?.throwIfAborted();
    const details = error instanceof SealwrightError ? error.details : {};
    const verdict = proxyVerdicts[details.reason ?? ''] ?? 'proxy-unusable';
    const seen = seenOf(error);
    const facts = {
      ...(details.host !== undefined && { proxy: details.host }),
      ...(details.status !== undefined && { status: details.status }),
    };
    const through = details.host === undefined ? '' : ` through the proxy ${details.host}`;
    return {
      passage: undefined,
      finding: finding(target, verdict, { tried: `connect to ${place}${through}`, seen, facts }),
    };
  }
}

/** The advice of the message is the verdict's own. */
function seenOf(error: unknown): string {
  if (!(error instanceof SealwrightError)) return 'no way was found';
  const { status } = error.details;
  if (status === undefined) return error.message;
  const offers = /It offers: ([^.]*)\./.exec(error.message)?.[1];
  return `the proxy answers ${status}${offers === undefined ? '' : ` and offers ${offers}`}`;
}
