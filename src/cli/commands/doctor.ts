import { readFile } from 'node:fs/promises';
import type { Command } from 'commander';
import { type CloudName, staticToken } from '../../licensing/index.ts';
import { networkFetch, resolveSrv } from '../../node/network/index.ts';
import { carryOut, type Outcome, type OutputOptions } from '../command-action.ts';
import { diagnose } from '../doctor/diagnose.ts';
import type { DiagnoseOptions } from '../doctor/examination.ts';
import type { Finding } from '../doctor/finding.ts';
import { findingLines, skippedLines, summaryLine, targetLine } from '../doctor/report.ts';
import { doctorTargets } from '../doctor/targets.ts';
import { addExamples } from '../examples-text.ts';
import { exitCodes } from '../exit-codes.ts';
import { trustOf } from '../service/remote-service.ts';
import { addServicePlaceOptions } from '../service/service-options.ts';
import { servicePlace } from '../service/service-place.ts';
import { profileTokens } from '../service/tokens.ts';
import { type Session, writeLine } from '../session.ts';
import { parseWholeNumber } from '../time-option.ts';
import { usageError } from '../usage-error.ts';

interface DoctorOptions extends OutputOptions {
  readonly service?: string;
  readonly profile?: string;
  readonly trust?: readonly string[];
  readonly as?: string;
  readonly cloud?: string;
  readonly all?: boolean;
  readonly explain?: boolean;
  readonly timeout?: string;
  readonly proxy?: string | undefined;
  readonly pac?: string | undefined;
  readonly ca?: string;
}

const clouds: readonly CloudName[] = ['commercial', 'us-government', 'china'];

/** `sealwright doctor`: finds out what keeps this machine from its licensing service. */
export function addDoctorCommand(program: Command, session: Session, outcome: Outcome): void {
  const command = program
    .command('doctor')
    .argument('[service]', 'the service, as with --service')
    .summary('find out why a service cannot be reached')
    .description(
      'Examines the way to a licensing service step by step: proxy, DNS, connection, TLS, certificate, answer, sign-in, clocks and, where you are signed in, one license. Says what was tried, what was seen, what it means and what to do. Exit code 0 if nothing failed, else 5.',
    );
  addServicePlaceOptions(command)
    .option('--as <email>', 'whose sign-in to use, where there are several')
    .option('--cloud <name>', `examine what a cloud needs: ${clouds.join(', ')}`)
    .option('--all', 'with --cloud: also what is needed for labels, audit and administration only')
    .option('--proxy <url>', 'proxy to use; by default that of the profile or the environment')
    .option('--pac <url-or-file>', 'proxy configuration script')
    .option('--ca <file>', 'further certificate authorities to trust, PEM')
    .option('--timeout <seconds>', 'how long one check may take', '10')
    .option('--explain', 'say of every check what was tried and what it means')
    .option('--json', 'one JSON object a finding, and one with the totals (spec/doctor.md)')
    .action((service: string | undefined, options: DoctorOptions) =>
      carryOut(session, outcome, options, async () => {
        if (service !== undefined && options.service !== undefined)
          throw usageError('The service is named twice: as an argument and with --service. Name one.');
        const named = service === undefined ? options : { ...options, service };
        const { plan, close } = await planOf(session, named);
        try {
          const failed = await tellAll(session, plan, options);
          return failed ? exitCodes.service : exitCodes.done;
        } finally {
          await close();
        }
      }),
    );
  addExamples(command, [
    ['the service you signed in to', 'sealwright doctor'],
    ['any service, before signing in', 'sealwright doctor https://rms.contoso.com'],
    [
      'what the cloud needs, through a proxy',
      'sealwright doctor --cloud commercial --proxy http://proxy:3128',
    ],
    ['for a script: what failed', 'sealwright doctor --json | grep \'"state":"failed"\''],
  ]);
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

interface Plan {
  readonly plan: DiagnoseOptions;
  close(): Promise<void>;
}

/** What to examine and with what: the command line, then the environment and the profile. */
async function planOf(session: Session, options: DoctorOptions): Promise<Plan> {
  const { env, signal } = session;
  const cloud = cloudOf(options.cloud);
  const onlyCloud = cloud !== undefined && options.service === undefined && options.profile === undefined;
  const place = onlyCloud ? undefined : await servicePlace(session, options);
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

async function readCertificates(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    throw usageError(
      `The certificates in ${path} cannot be read (${(error as NodeJS.ErrnoException).code}): check --ca.`,
    );
  }
}
