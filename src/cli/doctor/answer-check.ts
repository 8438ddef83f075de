import { SealwrightError } from '../../errors.ts';
import { type AllowedServices, allowedServices } from '../../licensing/index.ts';
import { codeOf, type Examination, span } from './examination.ts';
import { type Finding, finding } from './finding.ts';
import type { Verdict } from './verdicts.ts';

/** What the service answered to somebody without a token. */
export interface Answered {
  readonly url: URL;
  readonly status: number;
  readonly headers: Headers;
  /** Halfway between question and answer. */
  readonly at: Date;
}

const mostRedirects = 5;
const longestLook = 4_096;

/** Where discovery is, whether the address names the host, a version, or discovery itself. */
export function discoveryAddress(url: URL): URL {
  const [, path = '', version = 'v2'] =
    /^(.*?)(?:\/my\/(v[12]))?(?:\/servicediscovery)?\/*$/i.exec(url.pathname) ?? [];
  return new URL(`${url.origin}${path.replace(/\/+$/, '')}/my/${version.toLowerCase()}/servicediscovery`);
}

/** Asks as the protocol begins: without a token, which has to give 401 and a challenge. */
export async function checkAnswer(
  examination: Examination,
): Promise<{ readonly finding: Finding; readonly answered: Answered | undefined }> {
  const { target, options } = examination;
  const first = discoveryAddress(target.url);
  const tried = `GET ${first.pathname} without a token; 401 is the right answer`;
  const allowed = allowedServices({ trust: options.trust, named: [target.url] });
  const visited = new Set<string>();
  let url = first;
  for (;;) {
    const asked = await ask(examination, url);
    if ('verdict' in asked)
      return { answered: undefined, finding: finding(target, asked.verdict, { tried, ...asked }) };
    const { answered, page } = asked;
    visited.add(url.href);
    const next = redirectTarget(answered);
    const facts = { status: answered.status, url: url.href };
    const tell = (verdict: Verdict, seen: string) => ({
      answered,
      finding: finding(target, verdict, { tried, seen, facts }),
    });
    if (next === undefined) {
      const { verdict, seen } = judge(answered, page);
      return tell(verdict, url === first ? seen : `${seen}, after a redirect to ${url.origin}`);
    }
    if (visited.has(next.href) || visited.size > mostRedirects)
      return tell('redirect-loop', `${answered.status}, back to ${next.href.slice(0, 100)}`);
    if (!isAllowed(allowed, next))
      return tell('captive-portal', `${answered.status}, on to ${next.origin}, a host with no part in this`);
    url = next;
  }
}

type Asked =
  | { readonly answered: Answered; readonly page: string }
  | { readonly verdict: Verdict; readonly seen: string };

async function ask(examination: Examination, url: URL): Promise<Asked> {
  const { network, limit, now, options, timeout } = examination;
  const before = now().getTime();
  try {
    const response = await network.fetch(url, {
      headers: { accept: 'application/json' },
      redirect: 'manual',
      signal: limit(),
    });
    const at = new Date((before + now().getTime()) / 2);
    const { status, headers } = response;
    return { answered: { url, status, headers, at }, page: await beginning(response) };
  } catch (error) {
    options.signal?.throwIfAborted();
    if (error instanceof SealwrightError) {
      const inTheWay = error.details.reason === 'proxy-in-the-way';
      return {
        verdict: inTheWay ? 'answer-of-a-proxy' : 'no-answer',
        seen: inTheWay ? '407' : error.message,
      };
    }
    const code = codeOf(error);
    const silent = code === '' || /TIMEOUT|ABORT/i.test(code);
    return { verdict: 'no-answer', seen: silent ? `nothing within ${span(timeout)}` : code };
  }
}

/** As much of the body as tells a web page from anything else. */
async function beginning(response: Response): Promise<string> {
  const reader = response.body?.getReader();
  if (reader === undefined) return '';
  const decoder = new TextDecoder();
  let text = '';
  try {
    while (text.length < longestLook) {
      const { done, value } = await reader.read();
      if (done) break;
      text += decoder.decode(value, { stream: true });
    }
  } catch {
    // The head of the answer says enough.
  }
  await reader.cancel().catch(() => {});
  return text.slice(0, longestLook);
}

function redirectTarget({ status, headers, url }: Answered): URL | undefined {
  const location = headers.get('location');
  if (status < 300 || status > 399 || location === null || !URL.canParse(location, url.href))
    return undefined;
  return new URL(location, url);
}

function isAllowed(allowed: AllowedServices, url: URL): boolean {
  try {
    allowed.service(url, 'A redirect');
    return true;
  } catch {
    return false;
  }
}

function judge({ status, headers }: Answered, page: string): { verdict: Verdict; seen: string } {
  const isPage = /text\/html/i.test(headers.get('content-type') ?? '') || /^\s*<(!doctype|html)/i.test(page);
  const what = isPage ? `${status} and a web page` : `${status}`;
  if (status === 401) return { verdict: 'answer-asks-who', seen: '401, it asks who is there' };
  if (status === 511) return { verdict: 'captive-portal', seen: '511, the network wants a sign-in' };
  if (status === 403) return { verdict: 'answer-forbidden', seen: what };
  if (status === 429) {
    const wait = headers.get('retry-after');
    return {
      verdict: 'throttled',
      seen: `429${wait === null ? '' : `, ask again after ${wait.slice(0, 40)} s`}`,
    };
  }
  if (status >= 500) return { verdict: 'service-in-trouble', seen: what };
  if (status >= 400) return { verdict: 'no-service-there', seen: what };
  return { verdict: isPage ? 'captive-portal' : 'answer-without-sign-in', seen: what };
}
