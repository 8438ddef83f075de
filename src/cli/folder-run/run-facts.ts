import type { ReportFact } from '../../node/index.ts';
import { authorityFiles } from '../authority-guard.ts';
import { type MailPolicyOptions, mailPolicyFlag } from '../mail-policy.ts';
import type { PolicyOptions } from '../policy-options.ts';
import type { ServicePlace } from '../service/service-place.ts';
import type { Session } from '../session.ts';

/** What reports say of who asked whom. */
export function placeFacts(session: Session, place: ServicePlace): readonly ReportFact[] {
  const user = place.user ?? (session.env.SEALWRIGHT_USER || undefined);
  return [
    ...(user === undefined ? [] : [['Acting as', user] as const]),
    place.kind === 'authority' ? ['Authority', place.folder] : ['Service', place.url],
  ];
}

/** What reports say of the policy. */
export function policyFacts(
  options: PolicyOptions & MailPolicyOptions & { readonly rules?: string },
): readonly ReportFact[] {
  const { rules, template, grant = [], onlyMe, validFrom, validUntil, owner } = options;
  if (rules !== undefined) return [['Rules', rules]];
  if (template !== undefined) return [['Template', template]];
  return [
    ['May open it', onlyMe ? 'nobody but the owner' : whoMay(options, grant)],
    ...(validFrom === undefined ? [] : [['Not before', validFrom] as const]),
    ...(validUntil === undefined ? [] : [['Until', validUntil] as const]),
    ...(owner === undefined ? [] : [['Owner', owner] as const]),
  ];
}

const whoMay = (options: MailPolicyOptions, grant: readonly string[]): string => {
  const flag = mailPolicyFlag(options);
  if (flag === undefined) return grant.join('; ');
  return `${options.recipient?.join('; ') ?? 'whom each message is sent to'} (${flag.slice(2)})`;
};

/** Files that a run must leave alone, though they may lie in a folder that is named: without them nothing could be opened any more. */
export function neverTouched(
  session: Session,
  authority: string | undefined,
  files: readonly (string | undefined)[],
): readonly string[] {
  const { SEALWRIGHT_PASSPHRASE_FILE: passphraseFile } = session.env;
  return [
    ...(authority === undefined ? [] : authorityFiles(authority)),
    ...[...files, passphraseFile].filter((path): path is string => path !== undefined && path !== ''),
  ];
}
