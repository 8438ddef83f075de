import { cipherMode } from '../../cipher/index.ts';
import { SealwrightError } from '../../errors.ts';
import {
  normalizeAddress,
  normalizeGuid,
  ownerPrincipal,
  type Policy,
  quoteBriefly,
  tagOfLocale,
} from '../../rights/index.ts';
import type { PublishRequest } from '../licensing-service.ts';
import type { PublishingLicenseRequest } from './messages.ts';

/** Who is asked for a publishing license, and by whom. */
export interface PublishingSituation {
  /** Whether it is a server of ours, to which everything can be said. */
  readonly sealwright: boolean;
  readonly user?: string | undefined;
  readonly host: string;
}

/** Days for which a license may be kept, as the protocol's older servers take "yes". */
const offlineByDefault = 30;

/** Characters of a content's name that a server of ours takes for its log. */
export const longestContentName = 1024;

/**
 * The request for a publishing license (spec/rest.md, "Publishing"). What the protocol has no word for goes to a
 * server of ours in a member of its own; any other service is never sent less than what was asked.
 *
 * @throws `UNSUPPORTED_BY_SERVICE` with what cannot be said, `UNSUPPORTED_CIPHER_MODE`, `INVALID_ARGUMENT`
 */
export function publishingRequest(
  request: PublishRequest,
  situation: PublishingSituation,
): PublishingLicenseRequest {
  const { policy } = request;
  const grants = policy?.grants ?? [];
  const mode = request.cipherMode === undefined ? undefined : cipherMode(request.cipherMode).name;
  const signed = policy === undefined ? request.signedApplicationData : policy.signedApplicationData;
  const beyond = {
    ...(mode === undefined ? {} : { CipherMode: mode }),
    ...ownerBeyond(request.owner, situation.user),
    ...(request.contentName === undefined
      ? {}
      : { ContentName: request.contentName.slice(0, longestContentName) }),
    ...(policy && policyBeyond(policy)),
  };
  if (!situation.sealwright) refuseUnsayable(request, mode, beyond, situation.host);
  return {
    PreferDeprecatedAlgorithms: mode === 'MICROSOFT.ECB',
    AllowAuditedExtraction:
      grants.length > 0 && grants.every(({ rights }) => rights.includes('AUDITEDEXTRACT')),
    ...(policy === undefined ? { TemplateId: normalizeGuid(request.templateId ?? '', 'template id') } : {}),
    ...(policy?.referrer === undefined ? {} : { ReferralInfo: policy.referrer }),
    ...(isEmpty(signed) ? {} : { SignedApplicationData: signed }),
    ...(policy && { Policy: policyMessage(policy, situation.sealwright) }),
    // Also where there is nothing in it: it tells a server of ours that its own cipher mode is understood.
    ...(situation.sealwright ? { Sealwright: beyond } : {}),
  };
}

function policyMessage(policy: Policy, sealwright: boolean): NonNullable<PublishingLicenseRequest['Policy']> {
  const { grants, validUntil, offlineDays, encryptedApplicationData } = policy;
  const userRights = grants.map(({ to, rights }) => ({ Users: [to], Rights: rights }));
  // Each entry needs a user and a right: "only me" is said with the name that stands for the owner.
  const onlyMe = [{ Users: [ownerPrincipal], Rights: ['OWNER'] }];
  return {
    ...(sealwright ? {} : descriptors(policy)),
    UserRights: userRights.length === 0 && !sealwright ? onlyMe : userRights,
    allowOfflineAccess: offlineDays !== 0,
    IntervalTimeInDays: offlineDays === -1 ? offlineByDefault : offlineDays,
    ...(validUntil === undefined ? {} : { LicenseValidUntil: toTheSecond(validUntil) }),
    ...(isEmpty(encryptedApplicationData) ? {} : { EncryptedApplicationData: encryptedApplicationData }),
  };
}

/** Name, description and language are said together or not at all. */
function descriptors({ names }: Policy) {
  const [first] = names;
  const language = first && tagOfLocale(first.lcid);
  if (first === undefined || language === undefined) return {};
  return { Descriptors: [{ Name: first.name, Description: first.description, Language: language }] };
}

function ownerBeyond(owner: string | undefined, user: string | undefined): { readonly Owner?: string } {
  if (owner === undefined) return {};
  const address = normalizeAddress(owner, 'owner');
  return user !== undefined && normalizeAddress(user, 'user address') === address ? {} : { Owner: address };
}

function policyBeyond({ validFrom, offlineDays, names }: Policy) {
  return {
    ...(validFrom === undefined ? {} : { ValidFrom: toTheSecond(validFrom) }),
    OfflineDays: offlineDays,
    ...(names.length === 0
      ? {}
      : {
          Names: names.map((each) => ({ Lcid: each.lcid, Name: each.name, Description: each.description })),
        }),
  };
}

function refuseUnsayable(
  { policy }: PublishRequest,
  mode: string | undefined,
  beyond: { readonly Owner?: string },
  host: string,
): void {
  const days = policy?.offlineDays ?? -1;
  const unsayable = [
    mode?.startsWith('SEALWRIGHT.') ? `the cipher mode ${mode}` : undefined,
    beyond.Owner === undefined
      ? undefined
      : `an owner other than who protects (${quoteBriefly(beyond.Owner)})`,
    policy?.validFrom === undefined ? undefined : 'a start of validity',
    [-1, 0, offlineByDefault].includes(days) ? undefined : `offline use for ${days} days`,
    policy === undefined ? undefined : unsayableNames(policy),
  ].filter((each) => each !== undefined);
  if (unsayable.length === 0) return;
  throw new SealwrightError(
    'UNSUPPORTED_BY_SERVICE',
    `The protocol of ${host} has no word for ${unsayable.join(', ')}. Leave it out, or use a Sealwright server.`,
    { reason: 'not-in-protocol', host },
  );
}

function unsayableNames({ names }: Policy): string | undefined {
  const [first] = names;
  if (first === undefined) return undefined;
  if (names.length > 1) return 'names in several languages';
  if (first.description === '') return 'a name without a description';
  return tagOfLocale(first.lcid) === undefined ? `a name in the language ${first.lcid}` : undefined;
}

const isEmpty = (pairs: Readonly<Record<string, string>> | undefined): pairs is undefined =>
  pairs === undefined || Object.keys(pairs).length === 0;

/** `2026-01-31T10:00:00Z`. */
const toTheSecond = (date: Date): string => `${date.toISOString().slice(0, 19)}Z`;
