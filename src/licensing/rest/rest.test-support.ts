import { encodeBase64 } from '../../bytes/index.ts';
import { SealwrightError } from '../../errors.ts';
import { custodianFromPkcs8, generateRsaKey, issuePublishingLicense } from '../../license/index.ts';
import { definePolicy } from '../../rights/index.ts';
import type { Exchange, ServiceAnswer, ServiceRequest } from '../exchange/exchange.ts';
import { endpointNames, sealwrightEndpoints } from './messages.ts';
import type { RestConnection } from './rest-connection.ts';

/** A request as a fake exchange saw it, and its answer. */
export type Handler = (request: ServiceRequest) => FakeAnswer | undefined;

export interface FakeAnswer {
  readonly status?: number;
  readonly json?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/** An exchange that asks `handle` and keeps what was sent. 404 where there is no answer. */
export function fakeConnection(handle: Handler, trusted: (url: URL) => boolean = () => true) {
  const sent: ServiceRequest[] = [];
  const exchange: Exchange = {
    async send(request) {
      sent.push(request);
      const { status = 200, json, headers } = handle(request) ?? { status: 404 };
      const answer: ServiceAnswer = {
        status,
        json,
        headers: new Headers(headers),
        url: request.url,
        requestId: 'test-request',
      };
      return answer;
    },
  };
  const connection: RestConnection = {
    exchange,
    allowed: {
      service(url, source) {
        const parsed = new URL(url);
        if (trusted(parsed)) return parsed;
        throw new SealwrightError('UNTRUSTED_SERVICE', `${source} points to ${parsed.host}.`, {
          reason: 'host-not-allowed',
          host: parsed.host,
        });
      },
    },
  };
  return { connection, sent };
}

/** What discovery lists for a service at `root`. */
export const endpointList = (root: string, sealwright = false) => [
  ...endpointNames.map((name) => ({ Name: name, Uri: `${root}/${name}` })),
  ...(sealwright
    ? Object.entries(sealwrightEndpoints).map(([Name, path]) => ({ Name, Uri: `${root}${path}` }))
    : []),
];

/** Answers discovery for `root`, and the paths below it from a table by their last part. */
export const serviceAt =
  (root: string, answers: Readonly<Record<string, Handler | FakeAnswer>>, sealwright = false): Handler =>
  (request) => {
    const { pathname, origin } = request.url;
    if (origin !== new URL(root).origin) return undefined;
    const name = pathname.slice(pathname.lastIndexOf('/') + 1);
    if (name === 'servicediscovery') return { json: endpointList(root, sealwright) };
    const answer = answers[name];
    return typeof answer === 'function' ? answer(request) : answer;
  };

export const contentId = '0d6f9b52-31c4-4f7e-9a3b-5c2d8e1f7a60';
export const contentKey = Uint8Array.from({ length: 32 }, (_, i) => i);
export const owner = 'alice@contoso.com';

const serverKey = (async () => custodianFromPkcs8(await generateRsaKey(2048)))();

/** A publishing license of a server that says it is at `url`. */
export async function licenseOf(
  url: string,
  { key = contentKey, cipherMode = 'MICROSOFT.CBC4K' }: { key?: Uint8Array; cipherMode?: string } = {},
): Promise<Uint8Array> {
  const custodian = await serverKey;
  return issuePublishingLicense({
    issuedAt: new Date('2026-05-04T10:00:00Z'),
    contentId,
    owner,
    rights: { policy: definePolicy({ grants: [{ to: 'bob@contoso.com', rights: ['VIEW'] }] }) },
    contentKey: key,
    cipherMode,
    signedApplicationData: { Project: 'Alpha' },
    server: {
      kind: 'server',
      id: '7b1c2f7e-6a0a-4c8e-9a51-7f3f0a9d5e11',
      name: 'Contoso',
      url,
      publicKey: custodian.publicKey,
    },
    signer: { kind: 'server', custodian },
  });
}

/** A key as it stands in answers. */
export const keyMessage = (key = contentKey, cipherMode = 'MICROSOFT.CBC4K') => ({
  Value: encodeBase64(key),
  Algorithm: 'AES',
  CipherMode: cipherMode,
  Size: 16,
});

/** An answer that grants, with every member there can be. */
export const granted = {
  AccessStatus: 'AccessGranted',
  Id: `{${contentId}}`,
  Name: 'Confidential',
  Description: 'For staff',
  Referrer: 'help@contoso.com',
  Owner: owner,
  IssuedTo: 'bob@contoso.com',
  ContentId: `{${contentId.toUpperCase()}}`,
  Key: keyMessage(),
  Rights: ['VIEW', 'edit'],
  Roles: null,
  ContentValidUntil: null,
  LicenseValidUntil: '2026-06-03T10:00:00Z',
  FromTemplate: false,
  allowOfflineAccess: true,
  Policy: null,
  SignedApplicationData: null,
  EncryptedApplicationData: null,
};
