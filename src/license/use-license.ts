import { wipe } from '../bytes/index.ts';
import { SealwrightError } from '../errors.ts';
import { bracedGuid, parseGuid, type RandomBytes, systemRandomBytes } from '../rights/index.ts';
import {
  element,
  elementAt,
  elementSource,
  readXrmlFacts,
  signXrmlBody,
  type XrmlDocument,
} from '../xrml/index.ts';
import type { CertificateIssuer } from './certificates.ts';
import type { KeyCustodian } from './key-custodian.ts';
import { writeHeadedKey } from './key-header.ts';
import { type AccountParty, enablingBits, issuedPrincipals, issuerElement } from './party.ts';
import { applicationData } from './read-rights-data.ts';
import { appSpecific, noLicenseCache, ownerMetadata, referralInfo } from './rights-data.ts';
import { boundHash, sealedKeyType, sealKey, unsealKey } from './sealed-key.ts';
import { interval, issuedTime, startOfMinute } from './times.ts';

/** What a use license in XrML form grants to one account. */
export interface UseLicenseTerms {
  /** GUID of the license. */
  readonly id: string;
  readonly issuedAt: Date;
  readonly contentId: string;
  readonly owner: string;
  readonly rights: readonly string[];
  readonly contentKey: Uint8Array;
  readonly cipherMode: string;
  readonly validUntil: Date | undefined;
  readonly onlineOnly: boolean;
  readonly referrer: string | undefined;
}

/** A use license that was opened by the account it was issued to. */
export interface OpenedUseLicense {
  readonly contentId: string | undefined;
  readonly contentKey: Uint8Array;
  readonly cipherMode: string;
  readonly rights: readonly string[];
  readonly validUntil: Date | undefined;
  readonly onlineOnly: boolean;
}

/**
 * Issues a use license as an XrML document: the content key is sealed to the account once for each right
 * (spec/licenses.md, "Use licenses").
 *
 * @returns the `<XrML>` text
 */
export async function issueUseLicense(
  issuer: CertificateIssuer,
  account: AccountParty,
  terms: UseLicenseTerms,
  randomBytes: RandomBytes = systemRandomBytes,
): Promise<string> {
  const headed = writeHeadedKey(terms.contentKey, terms.cipherMode);
  const bound = issuerElement(issuer.server);
  const issuedAt = startOfMinute(terms.issuedAt);
  try {
    const rights = await Promise.all(
      terms.rights.map(async (name) => {
        const sealed = await sealKey(headed, account.publicKey, bound.xml, randomBytes);
        const conditions = element(
          'CONDITIONLIST',
          {},
          element(
            'ACCESS',
            {},
            element('PRINCIPAL', { 'internal-id': '1' }, enablingBits(sealedKeyType, sealed)),
          ),
          terms.validUntil && element('TIME', {}, interval('RANGETIME', issuedAt, terms.validUntil)),
        );
        return name === 'VIEW' ? element('VIEW', {}, conditions) : element('RIGHT', { name }, conditions);
      }),
    );
    const body = element(
      'BODY',
      { type: 'LICENSE', version: '3.0' },
      issuedTime(issuedAt),
      element(
        'DESCRIPTOR',
        {},
        element(
          'OBJECT',
          { type: 'Content-License' },
          element('ID', { type: 'MS-GUID' }, bracedGuid(terms.id)),
        ),
      ),
      bound,
      issuedPrincipals(account),
      referralInfo(terms.referrer),
      element(
        'WORK',
        {},
        element('OBJECT', {}, element('ID', { type: 'MS-GUID' }, bracedGuid(terms.contentId))),
        ownerMetadata(terms.owner),
        element('RIGHTSGROUP', { name: 'Main-Rights' }, element('RIGHTSLIST', {}, ...rights)),
      ),
      ...appSpecific(terms.onlineOnly ? { [noLicenseCache]: '1' } : {}),
    );
    return await signXrmlBody(body, issuer.custodian.sign, { purpose: 'Content-License' });
  } finally {
    wipe(headed);
  }
}

/**
 * Opens a use license with the account's key. Signature, chain and validity are the caller's to check.
 * Throws `MALFORMED_LICENSE`, `DECRYPTION_FAILED`.
 */
export async function openUseLicense(
  document: XrmlDocument,
  account: KeyCustodian,
): Promise<OpenedUseLicense> {
  const facts = readXrmlFacts(document);
  const [first] = facts.rights;
  const sealed = first?.holders[0]?.enablingBits;
  const issuer = elementAt(document.body, 'ISSUER');
  if (
    first === undefined ||
    issuer === undefined ||
    sealed?.type !== sealedKeyType ||
    sealed.bytes === undefined
  )
    throw new SealwrightError(
      'MALFORMED_LICENSE',
      'The use license holds no right with a key that this version can read.',
    );
  const { key, cipherMode } = await unsealKey(
    sealed.bytes,
    account,
    boundHash(elementSource(document, issuer)),
  );
  return {
    contentId: parseGuid(facts.work?.object?.id ?? ''),
    contentKey: key,
    cipherMode,
    rights: facts.rights.map(({ name }) => name.toUpperCase()),
    validUntil: first.rangeTime?.until,
    onlineOnly: applicationData(facts)[noLicenseCache] === '1',
  };
}
