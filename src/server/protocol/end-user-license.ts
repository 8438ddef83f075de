import { wipe } from '../../bytes/index.ts';
import { SealwrightError } from '../../errors.ts';
import type { EndUserLicenseMessage, PolicyMessage, UseLicense } from '../../licensing/index.ts';
import { nameInBestLanguage, type Policy } from '../../rights/index.ts';
import { type Answer, json } from '../answer.ts';
import { type Call, serviceFor } from './call.ts';
import { keyMessage } from './key-message.ts';
import { acceptedLocales } from './languages.ts';
import { auditedExtraction } from './policy-input.ts';
import { readBase64, writeData, writeOptionalTime, writeTime } from './wire-values.ts';

/** `POST /enduserlicenses`: a publishing license in, key and rights out. Refused is an answer too, not an HTTP error. */
export async function acquire(call: Call): Promise<Answer> {
  const { license, contentName } = readRequest(call.body);
  let use: UseLicense;
  try {
    use = await serviceFor(call).acquireUseLicense(license, { contentName });
  } catch (error) {
    if (!(error instanceof SealwrightError) || error.code !== 'ACCESS_DENIED') throw error;
    call.decided(error.details.rule ?? 'refused');
    return json(denied(error, call));
  }
  try {
    call.decided('granted');
    return json(granted(use, call.request.headers.get('accept-language')));
  } finally {
    wipe(use.contentKey);
  }
}

/** By hand and not by schema, which has the same rules: this is what most requests are. */
function readRequest(body: unknown): { license: Uint8Array; contentName: string | undefined } {
  const { SerializedPublishingLicense: serialized, Sealwright: extension } = (body ?? {}) as Readonly<
    Record<string, unknown>
  >;
  if (typeof serialized !== 'string') throw invalid('SerializedPublishingLicense', 'a string');
  const license = readBase64(serialized, 'SerializedPublishingLicense');
  if (extension === undefined || extension === null) return { license, contentName: undefined };
  if (typeof extension !== 'object' || Array.isArray(extension)) throw invalid('Sealwright', 'an object');
  const { ContentName: name } = extension as Readonly<Record<string, unknown>>;
  if (name === undefined || name === null) return { license, contentName: undefined };
  if (typeof name !== 'string' || name.length > 1024)
    throw invalid('Sealwright.ContentName', 'a string of at most 1024 characters');
  return { license, contentName: name };
}

const invalid = (field: string, expected: string): SealwrightError =>
  new SealwrightError('INVALID_ARGUMENT', `${field}: expected ${expected}.`, { field });

function granted(use: UseLicense, acceptLanguage: string | null): EndUserLicenseMessage {
  const { policy } = use;
  const name =
    policy === undefined || policy.names.length === 0
      ? undefined
      : nameInBestLanguage(policy.names, acceptedLocales(acceptLanguage));
  return {
    AccessStatus: 'AccessGranted',
    Id: use.templateId ?? null,
    Name: name?.name ?? null,
    Description: name?.description ?? null,
    Referrer: use.referrer ?? null,
    Owner: use.owner,
    IssuedTo: use.issuedTo,
    ContentId: use.contentId,
    Key: keyMessage(use),
    Rights: use.rights,
    Roles: null,
    ContentValidUntil: writeOptionalTime(use.contentValidUntil),
    LicenseValidUntil: writeOptionalTime(use.licenseValidUntil),
    FromTemplate: use.templateId !== undefined,
    allowOfflineAccess: !use.onlineOnly,
    OnlineAccessOnly: use.onlineOnly,
    Policy: policy === undefined ? null : policyMessage(policy),
    SignedApplicationData: writeData(use.signedApplicationData),
    EncryptedApplicationData: writeData(use.encryptedApplicationData),
    ErrorMessage: null,
    ...(policy !== undefined && {
      Sealwright: {
        ...(policy.validFrom !== undefined && { ValidFrom: writeTime(policy.validFrom) }),
        OfflineDays: policy.offlineDays,
        Names: policy.names.map((each) => ({
          Lcid: each.lcid,
          Name: each.name,
          Description: each.description,
        })),
      },
    }),
  };
}

/** Clients take an interval that is not positive for "never offline", so that unlimited is the longest one there is. */
const longestInterval = 9999;

function policyMessage({ grants, offlineDays, validUntil }: Policy): PolicyMessage {
  return {
    AllowAuditedExtraction:
      grants.length > 0 && grants.every(({ rights }) => rights.includes(auditedExtraction)),
    UserRights: grants.map(({ to, rights }) => ({ Users: [to], Rights: rights })),
    UserRoles: null,
    IntervalTimeInDays: offlineDays < 0 ? longestInterval : offlineDays,
    LicenseValidUntil: writeOptionalTime(validUntil),
  };
}

function denied({ message, details }: SealwrightError, { caller }: Call): EndUserLicenseMessage {
  return {
    AccessStatus: details.rule === 'expired' ? 'ContentExpired' : 'AccessDenied',
    Id: null,
    Name: null,
    Description: null,
    Referrer: details.referrer ?? null,
    Owner: null,
    IssuedTo: caller.identity.email,
    ContentId: null,
    Key: null,
    Rights: [],
    Roles: null,
    ContentValidUntil: null,
    LicenseValidUntil: null,
    FromTemplate: false,
    allowOfflineAccess: false,
    OnlineAccessOnly: true,
    Policy: null,
    SignedApplicationData: null,
    EncryptedApplicationData: null,
    ErrorMessage: message,
    ...(details.rule !== undefined && { Sealwright: { Rule: details.rule } }),
  };
}
