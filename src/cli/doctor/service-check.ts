import { wipe } from '../../bytes/index.ts';
import { SealwrightError } from '../../errors.ts';
import {
  type DiscoveryStep,
  type LicensingService,
  restLicensingService,
  type TokenChallenge,
  type TokenProvider,
} from '../../licensing/index.ts';
import { definePolicy } from '../../rights/index.ts';
import { countOf } from '../quantity.ts';
import { type Examination, span } from './examination.ts';
import { type Finding, finding } from './finding.ts';
import type { Verdict } from './verdicts.ts';

const hour = 3_600_000;

/** Whether the sign-in gives a token. It is not shown to anybody here. */
export async function checkToken(
  { target, limit, options }: Examination,
  challenge: TokenChallenge,
  tokens: TokenProvider,
): Promise<Finding> {
  const tried = `ask the sign-in for a token of ${challenge.authority}`;
  try {
    await tokens(challenge, { signal: limit() });
    return finding(target, 'token-given', {
      tried,
      seen: `a token${options.user ? ` for ${options.user}` : ''}`,
    });
  } catch (error) {
    options.signal?.throwIfAborted();
    return finding(target, 'token-not-given', { tried, seen: sentenceOf(error) });
  }
}

/** Signs in for real, finds the endpoints, then protects nothing at all for oneself and opens it. */
export async function* checkService(
  examination: Examination,
  tokens: TokenProvider,
): AsyncGenerator<Finding> {
  const { target, options, network, timeout } = examination;
  const steps: DiscoveryStep[] = [];
  const service = restLicensingService({
    url: target.url,
    tokens,
    fetch: network.fetch,
    onDiscovery: (step) => void steps.push(step),
    retries: { count: 0 },
    timeouts: { head: timeout, idle: timeout, attempt: timeout, total: 2 * timeout },
    ...(options.user !== undefined && { user: options.user }),
    ...(options.trust !== undefined && { trust: options.trust }),
    ...(options.resolveSrv !== undefined && { resolveSrv: options.resolveSrv }),
    ...(options.now !== undefined && { now: options.now }),
  });
  const discovered = await checkDiscovery(examination, service, steps);
  yield discovered;
  if (discovered.state === 'ok') yield await checkLicense(examination, service);
  else yield finding(target, 'not-tried', { tried: 'protect and open', seen: '' }, 'license');
}

async function checkDiscovery(
  { target, limit, options }: Examination,
  service: LicensingService,
  steps: readonly DiscoveryStep[],
): Promise<Finding> {
  const tried = 'sign in and ask for the endpoints';
  const explain = () => steps.map(({ subject, outcome }) => `${subject}: ${outcome}`);
  try {
    const templates = await service.listTemplates({ signal: limit() });
    const seen = `the endpoints, and ${countOf(templates.length, 'template')} on offer`;
    return finding(target, 'discovery-found', { tried, seen, facts: { steps: explain() } });
  } catch (error) {
    options.signal?.throwIfAborted();
    const facts = { steps: explain(), ...(error instanceof SealwrightError && { code: error.code }) };
    return finding(target, discoveryVerdict(error), { tried, seen: sentenceOf(error), facts });
  }
}

function discoveryVerdict(error: unknown): Verdict {
  if (!(error instanceof SealwrightError)) return 'discovery-failed';
  const { code, details, message } = error;
  if (details.reason === 'redirect-loop') return 'discovery-loop';
  if (code === 'MALFORMED_ANSWER' && /circles/.test(message)) return 'discovery-loop';
  if (code === 'UNTRUSTED_SERVICE') return 'discovery-untrusted';
  return code === 'AUTHENTICATION_FAILED' ? 'discovery-token-refused' : 'discovery-failed';
}

async function checkLicense({ target, limit, options, now }: Examination, service: LicensingService) {
  const tried = 'protect nothing for yourself alone, and open it';
  const started = performance.now();
  const keys: Uint8Array[] = [];
  try {
    const policy = definePolicy({ grants: [], validUntil: new Date(now().getTime() + hour), offlineDays: 0 });
    const published = await service.publish({ policy, contentName: 'doctor' }, { signal: limit() });
    keys.push(published.contentKey);
    const use = await service.acquireUseLicense(published.publishingLicense, {
      contentName: 'doctor',
      signal: limit(),
    });
    keys.push(use.contentKey);
    if (Buffer.compare(published.contentKey, use.contentKey) !== 0) {
      return finding(target, 'license-wrong-key', { tried, seen: 'two different keys' });
    }
    const seen = `the same key twice, after ${span(performance.now() - started)}`;
    return finding(target, 'license-round-trip', { tried, seen, facts: { contentId: published.contentId } });
  } catch (error) {
    options.signal?.throwIfAborted();
    const code = error instanceof SealwrightError ? error.code : '';
    const refused =
      code === 'ACCESS_DENIED' || code === 'SERVICE_REFUSED' || code === 'AUTHENTICATION_FAILED';
    const verdict = refused ? 'license-refused' : 'license-failed';
    return finding(target, verdict, { tried, seen: sentenceOf(error), ...(code && { facts: { code } }) });
  } finally {
    for (const key of keys) wipe(key);
  }
}

const sentenceOf = (error: unknown): string =>
  error instanceof SealwrightError ? error.message : error instanceof Error ? error.message : 'it failed';
