import { bracedGuid, type RandomBytes, systemRandomBytes } from '../rights/index.ts';
import { element, signXrmlBody, type XmlMarkup } from '../xrml/index.ts';
import type { KeyCustodian } from './key-custodian.ts';
import { writeHeadedPrivateKey } from './key-header.ts';
import {
  type AccountParty,
  enablingBits,
  issuedPrincipals,
  issuerElement,
  type Party,
  type ServerParty,
} from './party.ts';
import { intranetAcquisition } from './rights-data.ts';
import { keyBits } from './rsa-public-key.ts';
import { sealedKeyType, sealKey } from './sealed-key.ts';
import { interval, issuedTime } from './times.ts';

/** What every certificate says beside whom it is for. */
export interface CertificateTerms {
  /** GUID of the certificate. */
  readonly id: string;
  readonly issuedAt: Date;
  readonly validFrom: Date;
  readonly validUntil: Date;
}

/** The server that signs, and its key. */
export interface CertificateIssuer {
  readonly server: ServerParty;
  readonly custodian: KeyCustodian;
}

/**
 * A server licensor certificate: `principal` may issue licenses. Our authority's own one is signed by
 * itself; whoever trusts the authority pins its key (spec/licenses.md, "Certificates").
 *
 * @returns the `<XrML>` text
 */
export function issueServerLicensorCertificate(
  issuer: CertificateIssuer,
  principal: ServerParty,
  terms: CertificateTerms,
): Promise<string> {
  return issue(issuer, 'Server-Licensor-Certificate', terms, [
    issuedPrincipals(principal),
    issuingWork('Server-Licensor-Certificate', terms),
  ]);
}

/**
 * A client licensor certificate: `principal` may publish without asking for each file. Its private key
 * travels sealed to `account`, if one is given.
 *
 * @returns the `<XrML>` text
 */
export async function issueClientLicensorCertificate(
  issuer: CertificateIssuer,
  principal: AccountParty,
  terms: CertificateTerms,
  sealTo?: {
    readonly account: AccountParty;
    readonly privateKey: Uint8Array;
    readonly randomBytes?: RandomBytes;
  },
): Promise<string> {
  const { server } = issuer;
  const sealed =
    sealTo === undefined
      ? undefined
      : enablingBits(
          sealedKeyType,
          await sealKey(
            writeHeadedPrivateKey(sealTo.privateKey, keyBits(principal.publicKey)),
            sealTo.account.publicKey,
            issuerElement(server).xml,
            sealTo.randomBytes ?? systemRandomBytes,
          ),
        );
  return issue(issuer, 'Client-Licensor-Certificate', terms, [
    intranetAcquisition(server),
    issuedPrincipals(principal),
    issuingWork('Client-Licensor-Certificate', terms, sealed),
  ]);
}

/**
 * A rights account certificate: `principal` is who it says, and use licenses are sealed to its key.
 *
 * @returns the `<XrML>` text
 */
export function issueAccountCertificate(
  issuer: CertificateIssuer,
  principal: AccountParty,
  terms: CertificateTerms,
): Promise<string> {
  return issue(
    issuer,
    'Group-Identity-Credential',
    terms,
    [issuedPrincipals(principal)],
    interval('VALIDITYTIME', terms.validFrom, terms.validUntil),
  );
}

function issue(
  { server, custodian }: CertificateIssuer,
  type: string,
  terms: CertificateTerms,
  rest: readonly XmlMarkup[],
  validity?: XmlMarkup,
): Promise<string> {
  const body = element(
    'BODY',
    { type: 'LICENSE', version: '3.0' },
    issuedTime(terms.issuedAt),
    validity,
    element('DESCRIPTOR', {}, certificateObject(type, terms)),
    issuerElement(server satisfies Party),
    ...rest,
  );
  return signXrmlBody(body, custodian.sign);
}

const certificateObject = (type: string, terms: CertificateTerms): XmlMarkup =>
  element('OBJECT', { type }, element('ID', { type: 'MS-GUID' }, bracedGuid(terms.id)));

/** The right to issue within a range of time, and the issuer's private key where it travels along. */
function issuingWork(type: string, terms: CertificateTerms, sealed?: XmlMarkup): XmlMarkup {
  const conditions = element(
    'CONDITIONLIST',
    {},
    element('TIME', {}, interval('RANGETIME', terms.validFrom, terms.validUntil)),
    element('ACCESS', {}, element('PRINCIPAL', { 'internal-id': '1' }, sealed)),
  );
  return element(
    'WORK',
    {},
    certificateObject(type, terms),
    element(
      'RIGHTSGROUP',
      { name: 'Main-Rights' },
      element('RIGHTSLIST', {}, element('RIGHT', { name: 'ISSUE' }, conditions)),
    ),
  );
}
