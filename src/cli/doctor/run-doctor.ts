import { type CloudName, staticToken } from '../../licensing/index.ts';
import { networkFetch, resolveSrv } from '../../node/network/index.ts';
import { readCertificates } from '../service/network-options.ts';
import { trustOf } from '../service/remote-service.ts';
import { servicePlace } from '../service/service-place.ts';
import { profileTokens } from '../service/tokens.ts';
import { type Session, writeLine } from '../session.ts';
import { parseWholeNumber } from '../time-option.ts';
import { usageError } from '../usage-error.ts';
import { diagnose } from './diagnose.ts';
import { clouds, type DoctorOptions } from './doctor-options.ts';
import type { DiagnoseOptions } from './examination.ts';
import type { Finding } from './finding.ts';
import { findingLines, skippedLines, summaryLine, targetLine } from './report.ts';
import { doctorTargets } from './targets.ts';

/** Examines what the command line names; whether anything failed. */
export async function runDoctor(session: Session, options: DoctorOptions): Promise<boolean> {
  const { plan, close } = await planOf(session, options);
  try {
    return await tellAll(session, plan, options);
  } finally {
    await close();
  }
}

/** Prints findings as they come; whether anything failed. */
async function tellAll(session: Session, plan: DiagnoseOptions, options: DoctorOptions): Promise<boolean> {
  const { out, stdout } = session;
  const findings: Finding[] = [];
  let skipped: Finding[] = [];
  const tellSkipped = async () => {
    for (const line of skippedLines(skipped, out)) await writeLine(stdout, line);
    skipped = [];
  };
  let target = '';
  for await (const found of diagnose(plan)) {
    findings.push(found);
    if (options.json) {
      await writeLine(stdout, JSON.stringify({ ...found, advice: found.advice ?? null }));
      continue;
    }
    const [before] = skipped;
    if (before?.target !== found.target || before.verdict !== found.verdict) await tellSkipped();
    if (found.target !== target) {
      const about = plan.targets.find(({ url }) => url.origin === found.target);
      if (target !== '') await writeLine(stdout);
      if (about !== undefined) await writeLine(stdout, targetLine(about, out));
      target = found.target;
    }
    if (found.state === 'skipped') {
      skipped.push(found);
      continue;
    }
    for (const line of findingLines(found, out, { explain: options.explain === true }))
      await writeLine(stdout, line);
  }
  if (options.json) {
    const count = (state: string) => findings.filter((found) => found.state === state).length;
    const totals = {
      ok: count('ok'),
      warning: count('warning'),
      failed: count('failed'),
      skipped: count('skipped'),
    };
    await writeLine(stdout, JSON.stringify({ totals }));
  } else {
    await tellSkipped();
    await writeLine(stdout);
    await writeLine(stdout, summaryLine(findings, out));
  }
  return findings.some(({ state }) => state === 'failed');
}

const nothingNamed =
  'Which service? Name one, such as "sealwright doctor https://rms.contoso.com", or a cloud with --cloud commercial.';

interface Plan {
  readonly plan: DiagnoseOptions;
  close(): Promise<void>;
}

/** What to examine and with what: the command line, then the environment and the profile. */
async function planOf(session: Session, options: DoctorOptions): Promise<Plan> {
  const { env, signal } = session;
  const cloud = cloudOf(options.cloud);
  const onlyCloud = cloud !== undefined && options.service === undefined && options.profile === undefined;
  const place = onlyCloud ? undefined : await servicePlace(session, options, nothingNamed);
  if (place?.kind === 'authority') {
    throw usageError(
      'An authority in a folder is not on the network: there is nothing to examine. Name a service with --service URL, or a cloud with --cloud commercial.',
    );
  }
  const profile = place?.profile ?? {};
  const reach = { ...profile, ...reachOf(options) };
  const network = {
    env,
    proxy: reach.proxy,
    pac: reach.pac,
    certificateAuthorities: reach.ca === undefined ? undefined : [await readCertificates(reach.ca)],
  };
  const common = {
    targets: doctorTargets(place === undefined ? undefined : new URL(place.url), cloud, {
      all: options.all === true,
    }),
    network,
    timeout: parseWholeNumber(options.timeout ?? '10', '--timeout', 1, 600) * 1000,
    signal,
    resolveSrv,
  };
  if (place === undefined) return { plan: common, close: async () => {} };
  const signedIn = place.name !== undefined && profile.issuer !== undefined && profile.clientId !== undefined;
  const signIn = networkFetch(network);
  const tokens = env.SEALWRIGHT_TOKEN
    ? staticToken(env.SEALWRIGHT_TOKEN)
    : signedIn
      ? profileTokens(session, place.name, profile, signIn)
      : undefined;
  const plan = { ...common, tokens, user: place.user, trust: trustOf(place, options) };
  return { plan, close: () => signIn.close() };
}

/** A proxy named here takes the place of what the profile says about proxies, and so does a script. */
function reachOf({ proxy, pac, ca }: DoctorOptions): Pick<DoctorOptions, 'proxy' | 'pac' | 'ca'> {
  return {
    ...(proxy !== undefined && { proxy, pac: undefined }),
    ...(pac !== undefined && { pac, proxy: undefined }),
    ...(ca !== undefined && { ca }),
  };
}

function cloudOf(name: string | undefined): CloudName | undefined {
  const cloud = clouds.find((each) => each === name);
  if (name === undefined || cloud !== undefined) return cloud;
  throw usageError(`--cloud takes ${clouds.join(', ')}, not "${name}".`);
}
