import { maxima, wipe } from '../../bytes/index.ts';
import { SealwrightError } from '../../errors.ts';
import { type PublishingLicenseFacts, readPublishingLicense } from '../../license/index.ts';
import { bracedGuid, parseGuid } from '../../rights/index.ts';
import type { ServiceAnswer } from '../exchange/exchange.ts';
import type { PublishedLicense } from '../licensing-service.ts';
import { type AnswerFields, answerFields, malformedAnswer } from './answer-fields.ts';
import { readKey } from './key-answer.ts';
import type { PublishingLicenseRequest } from './messages.ts';
import { isPrintable } from './sane-text.ts';

/** A publishing license and what stands in it. */
export interface PublishedAnswer {
  readonly published: PublishedLicense;
  readonly license: PublishingLicenseFacts;
}

/**
 * Reads the answer to a request for a publishing license and holds its parts against each other, as far as they can
 * be without the service's key (spec/rest.md, "Publishing").
 *
 * @throws `MALFORMED_ANSWER`, `UNSUPPORTED_CIPHER_MODE`, `UNSUPPORTED_BY_SERVICE` for a weaker cipher mode than asked for
 */
export function readPublishedLicense(
  answer: ServiceAnswer,
  request: PublishingLicenseRequest,
): PublishedAnswer {
  const fields = answerFields(answer.json, answer);
  const publishingLicense = fields.requiredBytes('SerializedPublishingLicense', maxima.licenseBytes);
  const license = licenseIn(publishingLicense, answer);
  const owner = fields.requiredText('Owner', 320).trim();
  if (!isPrintable(owner)) throw fields.malformed('Owner', 'holds what no address has');
  readOptionalMembers(fields);
  const wantedOwner = request.Sealwright?.Owner;
  if (wantedOwner !== undefined && wantedOwner !== owner.toLowerCase())
    throw fields.malformed('Owner', 'is not the owner that was asked for');
  const contentId = contentIdOf(fields, license);
  const key = readKey(fields, answer);
  try {
    refuseOtherMode(key.cipherMode, request, answer);
    if (license.cipherMode !== undefined && license.cipherMode.toUpperCase() !== key.cipherMode)
      throw fields.malformed('Key.CipherMode', 'is not the cipher mode that the license states');
    const sealed = sealedKeyLengths(license);
    if (sealed !== undefined && !sealed.includes(key.contentKey.length))
      throw fields.malformed('Key.Value', 'is not as long as the key that the license holds');
    return { published: Object.freeze({ publishingLicense, ...key, contentId, owner }), license };
  } catch (error) {
    wipe(key.contentKey);
    throw error;
  }
}

function licenseIn(bytes: Uint8Array, answer: ServiceAnswer): PublishingLicenseFacts {
  try {
    return readPublishingLicense(bytes);
  } catch (cause) {
    throw malformedAnswer(answer, 'SerializedPublishingLicense', 'is no publishing license', cause);
  }
}

/** Members that nobody uses yet must still be what they are said to be. */
function readOptionalMembers(fields: AnswerFields): void {
  for (const name of ['Id', 'Name', 'Description', 'Referrer']) fields.text(name);
  for (const name of ['SignedApplicationData', 'EncryptedApplicationData']) fields.pairs(name);
}

function contentIdOf(fields: AnswerFields, license: PublishingLicenseFacts): string {
  const inLicense = parseGuid(license.contentId ?? '');
  const text = fields.text('ContentId', 64);
  const answered = text === undefined ? undefined : parseGuid(text);
  if (text !== undefined && answered === undefined) throw fields.malformed('ContentId', 'is no GUID');
  if (inLicense === undefined)
    throw fields.malformed('SerializedPublishingLicense', 'holds a license without a content id');
  if (answered !== undefined && answered !== inLicense)
    throw fields.malformed('ContentId', 'is not the content id of the license');
  return bracedGuid(inLicense);
}

/**
 * A service decides about the cipher mode, but never takes one that protects less than what was asked for: a mode
 * asked of our own server by name is the mode, and nobody gets ECB who did not ask for it.
 */
function refuseOtherMode(mode: string, request: PublishingLicenseRequest, answer: ServiceAnswer): void {
  const wanted = request.Sealwright?.CipherMode;
  const other = wanted !== undefined && wanted !== mode;
  const weaker = mode === 'MICROSOFT.ECB' && !request.PreferDeprecatedAlgorithms;
  if (!other && !weaker) return;
  throw new SealwrightError(
    'UNSUPPORTED_BY_SERVICE',
    `The service ${answer.url.host} gave the cipher mode ${mode} instead of ${wanted ?? 'MICROSOFT.CBC4K'}. Use another service, or ask for ${mode} if that is good enough.`,
    {
      reason: 'cipher-mode',
      field: 'Key.CipherMode',
      status: answer.status,
      host: answer.url.host,
      requestId: answer.requestId,
    },
  );
}

/**
 * The content key's possible lengths, which the length of the sealed key gives away: an RSA block, then 16 bytes,
 * a header of 12, the key and a hash, filled to whole blocks (spec/licenses.md, "Sealed keys").
 */
function sealedKeyLengths(license: PublishingLicenseFacts): readonly number[] | undefined {
  const [principal] = license.facts.principals;
  const { type, bytes } = principal?.enablingBits ?? {};
  const rsaLength = principal?.publicKey?.modulus.length;
  const hashLength = type === 'sealed-key-v2' ? 32 : type === 'sealed-key' ? 20 : undefined;
  if (bytes === undefined || rsaLength === undefined || hashLength === undefined) return undefined;
  const filled = (length: number): number => Math.ceil((16 + 12 + length + hashLength) / 16) * 16;
  const fitting = [16, 24, 32].filter((length) => rsaLength + filled(length) === bytes.length);
  return fitting.length === 0 ? undefined : fitting;
}
