import { boundedMemory, encodeBase64 } from '../bytes/index.ts';
import { bracedGuid } from '../rights/index.ts';
import { element, publicKeyElement, type XmlMarkup } from '../xrml/index.ts';
import type { RsaPublicKey } from './rsa-public-key.ts';

/** A licensing server as licenses name it. */
export interface ServerParty {
  readonly kind: 'server';
  /** GUID, lower case, without braces. */
  readonly id: string;
  readonly name: string;
  /** Where the server is reached; a URN for an authority without an address. */
  readonly url: string;
  /** Where it issues licenses, if that is not `url` itself: what licenses name as their acquisition URL. */
  readonly licensingUrl?: string | undefined;
  readonly publicKey: RsaPublicKey;
}

/** A person as licenses name one. */
export interface AccountParty {
  readonly kind: 'account';
  readonly email: string;
  readonly publicKey: RsaPublicKey;
}

export type Party = ServerParty | AccountParty;

/** The OBJECT element that names a party; equal wherever the same party stands, chains compare its text. */
export function partyObject(party: Party): XmlMarkup {
  if (party.kind === 'account')
    return element(
      'OBJECT',
      { type: 'Group-Identity' },
      element('ID', { type: 'Unspecified' }),
      element('NAME', {}, party.email),
    );
  const { id, name, url } = party;
  return servers.get(JSON.stringify([id, name, url]), () =>
    element(
      'OBJECT',
      { type: 'MS-DRM-Server' },
      element('ID', { type: 'MS-GUID' }, bracedGuid(id)),
      element('NAME', {}, name),
      element('ADDRESS', { type: 'URL' }, url),
    ),
  );
}

/** By all that stands in them: the same server is named again and again. */
const servers = boundedMemory<string, XmlMarkup>(16);

/** ISSUER of everything that `party` signs. */
export function issuerElement(party: Party): XmlMarkup {
  return element(
    'ISSUER',
    {},
    partyObject(party),
    publicKeyElement(party.publicKey.modulus),
    ...securityLevels(party),
  );
}

/** ISSUEDPRINCIPALS with one principal, and the key sealed to it where there is one. */
export function issuedPrincipals(party: Party, sealed?: XmlMarkup): XmlMarkup {
  return element(
    'ISSUEDPRINCIPALS',
    {},
    element(
      'PRINCIPAL',
      { 'internal-id': '1' },
      partyObject(party),
      publicKeyElement(party.publicKey.modulus),
      sealed,
      ...securityLevels(party),
    ),
  );
}

/** ENABLINGBITS; `size` counts bits. */
export const enablingBits = (type: string, bytes: Uint8Array): XmlMarkup =>
  element(
    'ENABLINGBITS',
    { type },
    element('VALUE', { encoding: 'base64', size: String(bytes.length * 8) }, encodeBase64(bytes)),
  );

const level = (name: string, value: string): XmlMarkup => element('SECURITYLEVEL', { name, value });
const serverLevels = [level('Server-Version', '2.0.0.0'), level('Server-SKU', 'Sealwright')];
const accountLevels = [level('SDK', '1.0.0.0')];

const securityLevels = ({ kind }: Party): readonly XmlMarkup[] =>
  kind === 'server' ? serverLevels : accountLevels;
