import { publicKeyElement } from './public-key.ts';
import { type SignOptions, signXrmlBody } from './sign.ts';
import { formatXrmlTime } from './time.ts';
import { element, type XmlContent, type XmlMarkup } from './write-xml.ts';

/** An RSA key made for a test. */
export interface TestKey {
  readonly modulus: Uint8Array;
  readonly sign: (bytes: Uint8Array) => Promise<Uint8Array>;
}

export async function makeTestKey(modulusLength = 1024): Promise<TestKey> {
  const algorithm = {
    name: 'RSASSA-PKCS1-v1_5',
    hash: 'SHA-256',
    modulusLength,
    publicExponent: Uint8Array.of(1, 0, 1),
  };
  const { publicKey, privateKey } = await crypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
  const { n } = await crypto.subtle.exportKey('jwk', publicKey);
  const modulus = Uint8Array.from(atob(n!.replaceAll('-', '+').replaceAll('_', '/')), (c) =>
    c.charCodeAt(0),
  ).reverse();
  return {
    modulus,
    sign: async (bytes) =>
      new Uint8Array(await crypto.subtle.sign('RSASSA-PKCS1-v1_5', privateKey, bytes.slice().buffer)),
  };
}

/** A party of a test hierarchy. */
export interface TestParty {
  readonly type: string;
  readonly name: string;
  readonly key: TestKey;
}

export const objectOf = ({ type, name }: TestParty): XmlMarkup =>
  element('OBJECT', { type }, element('ID', { type: 'Unspecified' }), element('NAME', {}, name));

export interface TestCertificate {
  readonly issuer: TestParty;
  readonly principal: TestParty;
  readonly descriptor?: string;
  readonly issued?: Date;
  readonly from?: Date;
  readonly until?: Date;
  readonly right?: string;
  readonly bodyType?: string;
  readonly extra?: XmlContent;
}

const day = 86_400_000;
export const testNow = new Date('2024-05-06T07:08Z');

export const certificateBody = (certificate: TestCertificate): XmlMarkup => {
  const { issuer, principal, issued = testNow, descriptor = 'Server-Licensor-Certificate' } = certificate;
  const time = (name: string, value: Date): XmlMarkup => element(name, {}, formatXrmlTime(value));
  return element(
    'BODY',
    { type: certificate.bodyType ?? 'LICENSE', version: '3.0' },
    time('ISSUEDTIME', issued),
    element(
      'DESCRIPTOR',
      {},
      element('OBJECT', { type: descriptor }, element('ID', { type: 'MS-GUID' }, '{0}')),
    ),
    element('ISSUER', {}, objectOf(issuer), publicKeyElement(issuer.key.modulus)),
    element(
      'ISSUEDPRINCIPALS',
      {},
      element(
        'PRINCIPAL',
        { 'internal-id': '1' },
        objectOf(principal),
        publicKeyElement(principal.key.modulus),
      ),
    ),
    element(
      'WORK',
      {},
      element(
        'RIGHTSGROUP',
        { name: 'Main-Rights' },
        element(
          'RIGHTSLIST',
          {},
          element(
            'RIGHT',
            { name: certificate.right ?? 'ISSUE' },
            element(
              'CONDITIONLIST',
              {},
              element(
                'TIME',
                {},
                element(
                  'RANGETIME',
                  {},
                  time('FROM', certificate.from ?? new Date(testNow.getTime() - day)),
                  time('UNTIL', certificate.until ?? new Date(testNow.getTime() + day)),
                ),
              ),
              element('ACCESS', {}, element('PRINCIPAL', { 'internal-id': '1' })),
            ),
          ),
        ),
      ),
    ),
    certificate.extra,
  );
};

export const certify = (certificate: TestCertificate, options?: SignOptions): Promise<string> =>
  signXrmlBody(certificateBody(certificate), certificate.issuer.key.sign, options);

/** A publishing license that states no more than who issued it and when. */
export const publish = (issuer: TestParty, issued = testNow): Promise<string> =>
  signXrmlBody(
    element(
      'BODY',
      { type: 'Microsoft Rights Label', version: '3.0' },
      element('ISSUEDTIME', {}, formatXrmlTime(issued)),
      element('ISSUER', {}, objectOf(issuer), publicKeyElement(issuer.key.modulus)),
    ),
    issuer.key.sign,
    { layout: 'client' },
  );
