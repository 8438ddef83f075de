import { encodeUtf8 } from '../bytes/index.ts';
import { custodianFromPkcs8, generateRsaKey, issueClientLicensorCertificate } from '../license/index.ts';
import type { ClientLicensor } from '../licensing/index.ts';
import { type Identity, normalizeAddress, randomGuid } from '../rights/index.ts';
import type { AuthorityContext } from './context.ts';
import { logged } from './usage-log/logged.ts';

const day = 24 * 60 * 60 * 1000;

/** A client may publish for a year; clocks of clients may be a day behind. */
const validity = { before: day, after: 365 * day };

/** Makes a key pair for offline publishing and certifies it; the authority keeps no copy of the key. */
export function clientLicensor(context: AuthorityContext, who: Identity): Promise<ClientLicensor> {
  return logged(context, 'GetClientLicensorCert', who, async () => {
    const privateKey = await generateRsaKey(2048);
    const { publicKey } = await custodianFromPkcs8(privateKey);
    const issuedAt = context.now();
    const { issuer, serverCertificate } = context.self();
    const certificate = await issueClientLicensorCertificate(
      issuer,
      { kind: 'account', email: normalizeAddress(who.email), publicKey },
      {
        id: randomGuid(context.randomBytes),
        issuedAt,
        validFrom: new Date(issuedAt.getTime() - validity.before),
        validUntil: new Date(issuedAt.getTime() + validity.after),
      },
    );
    return { certificateChain: encodeUtf8(certificate + serverCertificate), privateKey };
  });
}
