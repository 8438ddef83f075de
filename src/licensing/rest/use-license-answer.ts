import { wipe } from '../../bytes/index.ts';
import { SealwrightError } from '../../errors.ts';
import type { PublishingLicenseFacts } from '../../license/index.ts';
import {
  bracedGuid,
  describeRefusal,
  hasRight,
  type LocalizedName,
  localeOfTag,
  parseGuid,
  type RefusalRule,
} from '../../rights/index.ts';
import type { ServiceAnswer } from '../exchange/exchange.ts';
import { withoutLongWords } from '../exchange/printable.ts';
import type { UseLicense } from '../licensing-service.ts';
import { type AnswerFields, answerFields } from './answer-fields.ts';
import { readKey } from './key-answer.ts';
import { readPolicy, readPolicyExtension } from './policy-answer.ts';
import { isPrintable, saneReferrer, saneSentence } from './sane-text.ts';

/** What is known before the service answers. */
export interface UseLicenseRequestFacts {
  readonly license: PublishingLicenseFacts;
  readonly now: Date;
  readonly user?: string | undefined;
  readonly languages?: readonly string[] | undefined;
}

/**
 * Reads the answer to a request for a use license (spec/rest.md, "Use licenses").
 *
 * @throws `ACCESS_DENIED` where the service refuses, or grants without the right to view; `MALFORMED_ANSWER`,
 * `UNSUPPORTED_CIPHER_MODE`
 */
export function readUseLicense(answer: ServiceAnswer, asked: UseLicenseRequestFacts): UseLicense {
  const fields = answerFields(answer.json, answer);
  const issuedTo = addressOf(fields, 'IssuedTo') ?? asked.user ?? '';
  const owner = addressOf(fields, 'Owner') ?? asked.license.owner ?? '';
  const referrer = saneReferrer(fields.text('Referrer'));
  const rights = Object.freeze((fields.texts('Rights') ?? []).map(upperCase));
  fields.texts('Roles');
  const rule = refusalIn(fields, rights);
  if (rule !== undefined)
    throw refused(answer, fields, rule, { who: issuedTo, referrer: referrer ?? saneReferrer(owner) });

  const key = readKey(fields, answer);
  try {
    const isOwner = owner !== '' && owner.toLowerCase() === issuedTo.toLowerCase();
    const stated = fields.date('ContentValidUntil');
    // A service says when the content ends also to its owner, whom the end does not concern.
    const contentValidUntil = isOwner ? undefined : stated;
    const licenseValidUntil = fields.date('LicenseValidUntil');
    const onlineOnly = isOnlineOnly(fields, licenseValidUntil, asked.now);
    const sealwright = fields.object('Sealwright');
    const signedApplicationData =
      fields.pairs('SignedApplicationData') ?? asked.license.signedApplicationData;
    const encryptedApplicationData = fields.pairs('EncryptedApplicationData') ?? Object.freeze({});
    const policy = fields.object('Policy');
    const name = nameOf(fields, asked.languages);
    return Object.freeze({
      ...key,
      rights,
      owner,
      issuedTo,
      contentId: contentIdOf(fields, asked.license),
      templateId: templateIdOf(fields),
      contentValidUntil,
      licenseValidUntil,
      onlineOnly,
      referrer,
      policy:
        policy &&
        readPolicy(policy, {
          extension: readPolicyExtension(sealwright),
          onlineOnly,
          contentValidUntil: stated,
          referrer,
          name,
          signedApplicationData,
          encryptedApplicationData,
        }),
      signedApplicationData,
      encryptedApplicationData,
    });
  } catch (error) {
    wipe(key.contentKey);
    throw error;
  }
}

function addressOf(fields: AnswerFields, name: string): string | undefined {
  const text = fields.text(name, 320)?.trim();
  if (text !== undefined && !isPrintable(text)) throw fields.malformed(name, 'holds what no address has');
  return text === '' ? undefined : text;
}

/** The rule that refuses, or `undefined` if access is granted. */
function refusalIn(fields: AnswerFields, rights: readonly string[]): RefusalRule | undefined {
  const status = fields.text('AccessStatus', 64)?.trim().toLowerCase();
  const stated = fields.object('Sealwright')?.text('Rule', 64);
  switch (status) {
    case 'accessgranted':
      return hasRight(rights, 'VIEW') ? undefined : 'no-view-right';
    case undefined:
      // Some services leave the status out and mean what the key says.
      if (fields.object('Key') === undefined) return 'no-grant';
      return hasRight(rights, 'VIEW') ? undefined : 'no-view-right';
    case 'accessdenied':
      return refusalRules.find((rule) => rule === stated) ?? 'no-grant';
    case 'contentexpired':
      return 'expired';
    default:
      throw fields.malformed('AccessStatus', 'is none of AccessGranted, AccessDenied and ContentExpired');
  }
}

const refusalRules: readonly RefusalRule[] = [
  'revoked',
  'revoked-for-user',
  'template-deleted',
  'not-yet-valid',
  'expired',
  'no-grant',
  'no-view-right',
];

function refused(
  answer: ServiceAnswer,
  fields: AnswerFields,
  rule: RefusalRule,
  { who, referrer }: { who: string; referrer: string | undefined },
): SealwrightError {
  const until = fields.date('ContentValidUntil');
  const sentence =
    saneSentence(fields.text('ErrorMessage', 64 * 1024)) ??
    describeRefusal(rule, who === '' ? 'this person' : withoutLongWords(who), {
      validUntil: until,
      referrer,
    });
  return new SealwrightError('ACCESS_DENIED', sentence, {
    rule,
    ...(referrer === undefined ? {} : { referrer }),
    status: answer.status,
    host: answer.url.host,
    requestId: answer.requestId,
  });
}

/**
 * Whether the license must not be kept. Our own server says so outright; with others an interval of no days in the
 * policy means it too, and so does a license that has ended when it arrives.
 */
function isOnlineOnly(fields: AnswerFields, validUntil: Date | undefined, now: Date): boolean {
  const offline = fields.flag('allowOfflineAccess') ?? true;
  const onlineAccess = fields.flag('OnlineAccessOnly') ?? false;
  if (!offline || onlineAccess) return true;
  if (validUntil !== undefined && validUntil <= now) return true;
  const policy = fields.object('Policy');
  const saysDays = fields.object('Sealwright')?.number('OfflineDays') !== undefined;
  return policy !== undefined && !saysDays && (policy.number('IntervalTimeInDays') ?? 0) <= 0;
}

function contentIdOf(fields: AnswerFields, license: PublishingLicenseFacts): string {
  const asked = parseGuid(license.contentId ?? '');
  const text = fields.text('ContentId', 64);
  const answered = text === undefined ? undefined : parseGuid(text);
  if (text !== undefined && answered === undefined) throw fields.malformed('ContentId', 'is no GUID');
  if (asked !== undefined && answered !== undefined && asked !== answered)
    throw fields.malformed('ContentId', 'is not that of the content that was asked for');
  const id = answered ?? asked;
  if (id === undefined) throw fields.malformed('ContentId', 'is missing');
  return bracedGuid(id);
}

function templateIdOf(fields: AnswerFields): string | undefined {
  const id = fields.text('Id', 64);
  if (fields.flag('FromTemplate') !== true || id === undefined) return undefined;
  const guid = parseGuid(id);
  if (guid === undefined) throw fields.malformed('Id', 'is no GUID');
  return guid;
}

function nameOf(fields: AnswerFields, languages: readonly string[] = []): LocalizedName | undefined {
  const name = fields.text('Name');
  const description = fields.text('Description') ?? '';
  if (name === undefined || name.trim() === '') return undefined;
  return { lcid: localeOfTag(languages[0] ?? 'en-US') ?? 1033, name, description };
}

/** Right names are ASCII; what is not stays as it is, so that no odd letter turns into a known right. */
const upperCase = (right: string): string => right.trim().replace(/[a-z]/g, (letter) => letter.toUpperCase());
