import { resolve } from 'node:path';
import { SealwrightError } from '../../errors.ts';
import { allowedServices, type ServerFactsMessage } from '../../licensing/index.ts';
import { columns } from '../columns.ts';
import type { OutputOptions } from '../command-action.ts';
import { openBrowser } from '../open-browser.ts';
import { printable } from '../printable.ts';
import { readProfiles, writeProfiles } from '../profile/config-file.ts';
import { type Profile, type Profiles, shownProfile } from '../profile/profile.ts';
import { askServer } from '../profile/server-facts.ts';
import { timeText } from '../quantity.ts';
import { isLoopbackUrl } from '../service/loopback.ts';
import { networkFor } from '../service/network-options.ts';
import type { ServiceOptions } from '../service/service-options.ts';
import { serviceUrl } from '../service/service-place.ts';
import { openProfileSession } from '../service/tokens.ts';
import { type Session, writeLine } from '../session.ts';
import { usageError } from '../usage-error.ts';

/** What `login` takes. */
export interface LoginOptions extends OutputOptions, Pick<ServiceOptions, 'service' | 'profile' | 'trust'> {
  readonly as?: string;
  readonly issuer?: string;
  readonly clientId?: string;
  readonly scope?: string;
  readonly resource?: string;
  readonly device?: boolean;
  readonly proxy?: string;
  readonly pac?: string;
  readonly ca?: string;
}

/** Signs in, and keeps the profile. */
export async function login(session: Session, options: LoginOptions): Promise<void> {
  const { env } = session;
  const profiles = await readProfiles(env);
  const before = profiles.profiles[options.profile ?? env.SEALWRIGHT_PROFILE ?? profiles.current ?? ''];
  const named = options.service ?? env.SEALWRIGHT_SERVICE ?? before?.service;
  if (!named) throw usageError('Which service? Add --service URL, such as https://rms.contoso.com.');
  const service = serviceUrl(named);
  if (service.startsWith('http:') && !isLoopbackUrl(service))
    throw usageError(
      `${printable(service)} is not protected on the way: whoever is in between could say where you sign in. Use https://.`,
    );
  const reach = reachOf(options);
  const network = await networkFor(session, reach);
  try {
    const server = await askServer(service, network, session.signal);
    // A Sealwright server is a whole origin; a path behind it was typed by mistake.
    const address = server === undefined ? service : new URL(service).origin;
    const pinned = keyPinnedFor(address, profiles, profileName(session, service, options));
    if (pinned !== undefined && server !== undefined && server.KeySha256 !== pinned)
      throw new SealwrightError(
        'UNTRUSTED_SERVICE',
        `${service} shows another licensor key than the one pinned when you first signed in: SHA-256 ${server.KeySha256} instead of ${pinned}. Ask who runs the service; if its key was replaced, type "sealwright logout" for this profile and sign in again.`,
        { reason: 'key-not-pinned', host: new URL(service).host },
      );
    const draft: Profile & SignInSettings = {
      service: address,
      ...signInSettings(service, server, options),
      ...reach,
      trust: options.trust,
      keySha256: server?.KeySha256 ?? pinned,
    };
    await signIn(session, options, draft, server, network);
  } finally {
    await network.close();
  }
}

/** How the network is reached, as a profile can remember it: the next command may be typed in another folder. */
function reachOf({ proxy, pac, ca }: LoginOptions): Pick<Profile, 'proxy' | 'pac' | 'ca'> {
  const script = pac === undefined || URL.canParse(pac) ? pac : resolve(pac);
  return { proxy, pac: script, ca: ca === undefined ? undefined : resolve(ca) };
}

/** The name under which a sign-in is kept. */
const profileName = ({ env }: Session, service: string, options: LoginOptions): string =>
  options.profile ?? env.SEALWRIGHT_PROFILE ?? options.as ?? new URL(service).host;

/** The key that was pinned when this profile was made: signing in anew does not make another one right. */
function keyPinnedFor(service: string, { profiles }: Profiles, name: string): string | undefined {
  const profile = Object.hasOwn(profiles, name) ? profiles[name] : undefined;
  const known = profile?.service ?? '';
  const isSame = URL.canParse(known) && new URL(known).origin === new URL(service).origin;
  return isSame ? profile?.keySha256 : undefined;
}

type SignInSettings = Pick<Profile, 'scope' | 'resource'> & {
  readonly issuer: string;
  readonly clientId: string;
};

/** What the command line says about signing in, completed by what the server says. */
function signInSettings(
  service: string,
  server: ServerFactsMessage | undefined,
  options: LoginOptions,
): SignInSettings {
  const offered = server?.Issuers.find(({ Issuer, ClientId }) =>
    options.issuer === undefined ? ClientId !== undefined : Issuer === options.issuer,
  );
  const issuer = options.issuer ?? offered?.Issuer;
  const clientId = options.clientId ?? offered?.ClientId;
  if (issuer === undefined || clientId === undefined) {
    throw usageError(
      `${service} does not say how to sign in: add --issuer URL and --client-id ID (and --resource or --scope, as the service wants). Who runs the service knows them.`,
    );
  }
  // What the server says about itself must not have a person get tokens that open something of the clouds' operator.
  const allowed = allowedServices({ named: [service] });
  if (options.scope === undefined) allowed.audience(offered?.Scope, new URL(service));
  if (options.resource === undefined) allowed.audience(offered?.Resource, new URL(service));
  return {
    issuer,
    clientId,
    scope: options.scope ?? offered?.Scope,
    resource: options.resource ?? offered?.Resource,
  };
}

async function signIn(
  session: Session,
  options: LoginOptions,
  draft: Profile & SignInSettings,
  server: ServerFactsMessage | undefined,
  fetch: typeof globalThis.fetch,
): Promise<void> {
  const { env, out, err, stdout, stderr } = session;
  const name = profileName(session, draft.service ?? '', options);
  const tokens = openProfileSession(session, name, draft, fetch);
  const account = await tokens.signIn({
    as: options.as,
    signal: session.signal,
    ...(options.device
      ? {
          device: async ({ verificationUri, userCode }) => {
            await writeLine(
              stderr,
              `Open ${err.bold(printable(verificationUri))} on any device and enter ${err.bold(printable(userCode))}`,
            );
          },
        }
      : {
          browser: async (url: string) => {
            await writeLine(
              stderr,
              `Sign in in your browser. If none opens, open this address there, or stop and add --device:\n  ${printable(url)}`,
            );
            await openBrowser(url);
          },
        }),
  });
  const profile: Profile = { ...draft, user: account.email ?? options.as };
  const { profiles } = await readProfiles(env);
  await writeProfiles(env, { current: name, profiles: { ...profiles, [name]: profile } });
  if (options.json) {
    await writeLine(
      stdout,
      JSON.stringify({ profile: name, ...shownProfile(profile), expiresAt: account.expiresAt ?? null }),
    );
    return;
  }
  await writeLine(
    stdout,
    `${out.green('Signed in')} as ${out.bold(printable(profile.user ?? account.subject))} to ${printable(server?.Name ?? draft.service ?? '')}`,
  );
  const rows = [
    [out.dim('service'), printable(draft.service ?? '')],
    [out.dim('issuer'), printable(draft.issuer)],
    ...(draft.keySha256 === undefined ? [] : [[out.dim('key'), `SHA-256 ${draft.keySha256} (pinned)`]]),
    ...(account.expiresAt === undefined
      ? []
      : [[out.dim('until'), `${timeText(account.expiresAt)}; renewed by itself where the issuer allows`]]),
  ];
  for (const line of columns(rows, '  ')) await writeLine(stdout, line);
}
