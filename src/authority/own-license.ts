import { equalBytes } from '../bytes/index.ts';
import { SealwrightError } from '../errors.ts';
import {
  isClientSigned,
  type RightsData,
  readPublishingLicense,
  type SealedContent,
  sealedContent,
} from '../license/index.ts';
import { normalizeAddress, parseGuid } from '../rights/index.ts';
import { verifyXrmlChain } from '../xrml/index.ts';
import type { AuthorityContext } from './context.ts';

/** A publishing license whose signatures lead to this authority's key. */
export interface OwnLicense {
  /** GUID, lower case, without braces. */
  readonly contentId: string;
  readonly owner: string;
  /** Who protected the content, as the license proves; the owner, where it does not tell. */
  readonly issuer: string;
  /** Whether a client signed it, offline, and so chose the content id. */
  readonly clientSigned: boolean;
  readonly publishedAt: Date;
  /** The template's id, as far as it can be told without opening the license. */
  readonly templateId: string | undefined;
  readonly signedApplicationData: Readonly<Record<string, string>>;
  /** What has to be decrypted. */
  readonly sealed: SealedContent;
  /** The rights inside, once they were opened. */
  rights?: StatedRights;
}

/** What the encrypted rights of a license say. */
export type StatedRights =
  | Extract<RightsData, { kind: 'policy' }>
  | { readonly kind: 'template'; readonly templateId: string };

/**
 * Reads a publishing license and makes sure that this authority issued it, or a client it licensed to.
 * Throws `MALFORMED_LICENSE`, `UNTRUSTED_LICENSE`. `digest` is the SHA-256 of `bytes` in base64.
 */
export const readOwnLicense = (context: AuthorityContext, bytes: Uint8Array, digest: string): OwnLicense =>
  context.recentLicenses.get(bytes, () => verified(context, bytes), digest);

function verified({ anchor, custodian }: AuthorityContext, bytes: Uint8Array): OwnLicense {
  const stated = readPublishingLicense(bytes);
  const principal = stated.facts.principals[0]?.publicKey?.modulus;
  if (principal === undefined || !equalBytes(principal, custodian.publicKey.modulus))
    throw new SealwrightError(
      'UNTRUSTED_LICENSE',
      `The file was protected by another authority (${shortName(stated.facts.principals[0]?.object?.name)}), not by this one. Open it with the authority that protected it.`,
    );
  const verdict = verifyXrmlChain(stated.documents, {
    trustAnchors: [anchor],
    leaf: stated.documents.indexOf(stated.license),
  });
  if (!verdict.trusted)
    throw new SealwrightError(
      'UNTRUSTED_LICENSE',
      'The license in the file was changed after it was signed, or signed by someone this authority did not license. Get a fresh copy of the file.',
    );
  const contentId = parseGuid(stated.contentId ?? '');
  if (contentId === undefined || stated.owner === undefined || stated.issuedAt === undefined)
    throw new SealwrightError(
      'MALFORMED_LICENSE',
      'The license in the file lacks a content id, an owner or a time of issue. Get a fresh copy of the file.',
    );
  const owner = normalizeAddress(stated.owner, 'owner');
  return {
    contentId,
    owner,
    issuer: stated.issuer === undefined ? owner : normalizeAddress(stated.issuer, 'issuer'),
    clientSigned: isClientSigned(stated.facts),
    publishedAt: stated.issuedAt,
    templateId: stated.templateId,
    signedApplicationData: stated.signedApplicationData,
    sealed: sealedContent(stated),
  };
}

/** For whoever keeps it: a piece of a text holds the whole text in memory, and a license has 8 to 17 KB of it. */
export function withTextsOfItsOwn({ sealed, publishedAt, ...stated }: OwnLicense): OwnLicense {
  const { cipherMode, ...texts } = copied({ ...stated, cipherMode: sealed.cipherMode });
  return {
    ...texts,
    signedApplicationData: Object.freeze(texts.signedApplicationData),
    publishedAt,
    sealed: { ...sealed, cipherMode },
  };
}

/** The same plain data in new texts. */
const copied = <T>(data: T): T => JSON.parse(JSON.stringify(data)) as T;

/** The name is whatever the writer of the file liked. */
function shortName(name: string | undefined): string {
  const shown = (name ?? '').replace(/\s+/g, ' ').trim();
  if (shown === '') return 'unnamed';
  return shown.length > 80 ? `${shown.slice(0, 80)}…` : shown;
}
