import { concatBytes, encodeBase64, encodeUtf8, wipe } from '../bytes/index.ts';
import { SealwrightError } from '../errors.ts';
import {
  bracedGuid,
  type LocalizedName,
  type Policy,
  type RandomBytes,
  systemRandomBytes,
} from '../rights/index.ts';
import { element, signXrmlBody } from '../xrml/index.ts';
import { encryptBlocks } from './block-cipher.ts';
import type { KeyCustodian } from './key-custodian.ts';
import { writeHeadedKey } from './key-header.ts';
import {
  type AccountParty,
  enablingBits,
  issuedPrincipals,
  issuerElement,
  type ServerParty,
} from './party.ts';
import {
  appSpecific,
  descriptor,
  extranetAcquisition,
  intranetAcquisition,
  ownerMetadata,
  referralInfo,
  rightsDataBytes,
  rightsDataText,
} from './rights-data.ts';
import { sealedKeyType, sealKey } from './sealed-key.ts';
import { interval, issuedTime, noEnd, startOfMinute } from './times.ts';

/** Names of signed data that belong to us; applications cannot set them. */
export const reservedPrefix = 'Sealwright.';

/** Where the license says in the clear which cipher mode the content is in; the sealed key decides. */
export const cipherModeEntry = `${reservedPrefix}CipherMode`;

/** Who protected the content, in a license that the server signed: the server's own name stands as ISSUER. */
export const issuerEntry = `${reservedPrefix}Issuer`;

/** A template as a license carries it: the signed document, verbatim. */
export interface LicensedTemplate {
  readonly templateId: string;
  /** Time of the template's last change, where the issuer knows it. */
  readonly updatedAt: Date | undefined;
  readonly names: readonly LocalizedName[];
  /** The signed `<XrML>` text of the official rights template, or of a reference to it. */
  readonly document: string;
  readonly referrer: string | undefined;
  readonly validUntil: Date | undefined;
}

/** Who signs: the server itself (online), or a client with its licensor certificate (offline). */
export type LicenseSigner =
  | {
      readonly kind: 'server';
      readonly custodian: KeyCustodian;
      /** E-mail address of who asked for the license, if it is to be told. */
      readonly onBehalfOf?: string | undefined;
    }
  | {
      readonly kind: 'client';
      readonly custodian: KeyCustodian;
      readonly account: AccountParty;
      /** The `<XrML>` text of the client licensor certificate and of what certifies it. */
      readonly certificates: readonly string[];
    };

/** What a publishing license is made of. */
export interface PublishingLicenseInput {
  readonly issuedAt: Date;
  /** GUID. */
  readonly contentId: string;
  readonly owner: string;
  readonly rights:
    | { readonly policy: Policy; readonly template?: undefined }
    | { readonly template: LicensedTemplate; readonly policy?: undefined };
  readonly contentKey: Uint8Array;
  readonly cipherMode: string;
  readonly signedApplicationData: Readonly<Record<string, string>>;
  /** The server that is to issue use licenses: content key and rights are sealed to it. */
  readonly server: ServerParty;
  readonly signer: LicenseSigner;
  readonly randomBytes?: RandomBytes | undefined;
}

const byteOrderMark = Uint8Array.of(0xef, 0xbb, 0xbf);

/**
 * Issues a publishing license, in the online form (signed by the server) or the offline form (signed by a
 * client, its certificates behind it). spec/licenses.md, "Publishing licenses".
 *
 * @returns the bytes to store: UTF-8 with a byte-order mark
 * @throws `INVALID_ARGUMENT` for signed application data under a reserved name
 */
export async function issuePublishingLicense(input: PublishingLicenseInput): Promise<Uint8Array> {
  refuseReservedNames(input.signedApplicationData);
  const issuedAt = startOfMinute(input.issuedAt);
  const onBehalfOf = input.signer.kind === 'server' ? input.signer.onBehalfOf : undefined;
  const { server, signer, contentKey, cipherMode, rights } = input;
  const text =
    rights.template === undefined
      ? rightsDataText(rights.policy, { contentId: input.contentId, owner: input.owner, issuedAt })
      : rights.template.document;
  const issuer = issuerElement(signer.kind === 'server' ? server : signer.account);
  const work = element(
    'WORK',
    {},
    element('OBJECT', {}, element('ID', { type: 'MS-GUID' }, bracedGuid(input.contentId))),
    ownerMetadata(input.owner),
  );
  const binding = contentKeyBinding(issuer.xml, issuedPrincipals(server).xml, work.xml);
  const headedKey = writeHeadedKey(contentKey, cipherMode);
  const [sealed, rightsData] = await Promise.all([
    sealKey(headedKey, server.publicKey, binding, input.randomBytes ?? systemRandomBytes),
    encryptBlocks(contentKey, rightsDataBytes(text)),
  ]).finally(() => wipe(headedKey));

  const body = element(
    'BODY',
    { type: 'Microsoft Rights Label', version: '3.0' },
    issuedTime(issuedAt),
    validity(rights, issuedAt),
    rights.template === undefined
      ? descriptor(undefined, undefined, rights.policy.names)
      : descriptor(rights.template.templateId, rights.template.updatedAt, rights.template.names),
    issuer,
    intranetAcquisition(server),
    extranetAcquisition(server),
    issuedPrincipals(server, enablingBits(sealedKeyType, sealed)),
    referralInfo((rights.template ?? rights.policy).referrer),
    work,
    element('AUTHENTICATEDDATA', { id: 'Encrypted-Rights-Data' }, encodeBase64(rightsData)),
    ...appSpecific({ [cipherModeEntry]: cipherMode }),
    ...appSpecific(onBehalfOf === undefined ? {} : { [issuerEntry]: onBehalfOf }),
    ...appSpecific(input.signedApplicationData),
  );
  const license = await signXrmlBody(body, signer.custodian.sign, { layout: signer.kind });
  const chain = signer.kind === 'client' ? [license, ...signer.certificates] : [license];
  return concatBytes([byteOrderMark, encodeUtf8(`<?xml version="1.0"?>${chain.join('')}`)]);
}

/**
 * What a sealed content key is bound to: who issued the license, for which server, for which content and
 * owner. Published is the server alone; but then anyone who may sign licenses could move the key of a
 * content into a license of their own and be its owner (spec/licenses.md, "Sealed keys").
 *
 * @param principals ISSUEDPRINCIPALS without the ENABLINGBITS that the sealed key is to stand in
 */
export const contentKeyBinding = (issuer: string, principals: string, work: string): string =>
  issuer + principals + work;

function validity(rights: PublishingLicenseInput['rights'], issuedAt: Date) {
  const from = rights.policy?.validFrom;
  const until = (rights.template ?? rights.policy).validUntil;
  if (from === undefined && until === undefined) return undefined;
  return interval('VALIDITYTIME', from ?? issuedAt, until ?? noEnd);
}

function refuseReservedNames(pairs: Readonly<Record<string, string>>): void {
  const taken = Object.keys(pairs).find((name) => name.startsWith(reservedPrefix));
  if (taken !== undefined)
    throw new SealwrightError(
      'INVALID_ARGUMENT',
      `The name "${taken}" is reserved: choose one for the signed application data that does not start with "${reservedPrefix}".`,
    );
}
