import { readFileSync } from 'node:fs';
import type { SecureContext, SecureContextOptions } from 'node:tls';
import * as tls from 'node:tls';
import { SealwrightError } from '../../errors.ts';

/** A certificate with its private key: PEM texts, or the bytes of a PKCS#12 file. */
export type ClientCertificate =
  | { readonly cert: string; readonly key: string; readonly passphrase?: string | undefined }
  | { readonly pfx: Uint8Array; readonly passphrase?: string | undefined };

/** What TLS needs: one for services, and one for proxies, which the client's own certificate is not shown to. */
export interface TlsContexts {
  readonly service: SecureContext;
  readonly proxy: SecureContext;
}

type Environment = Readonly<Record<string, string | undefined>>;

/** TLS 1.2 is the least that is ever spoken, whatever the process was started with. */
const common: SecureContextOptions = { minVersion: 'TLSv1.2' };

/** Reads certificates and keys once. Throws `INVALID_ARGUMENT` for those that cannot be used. */
export function tlsContexts(
  further: readonly string[],
  certificate: ClientCertificate | undefined,
  env: Environment,
): TlsContexts {
  const trusted = { ...common, ...trustedAuthorities(further, env) };
  const proxy = contextOf(
    trusted,
    'certificate-authorities',
    'The further certificate authorities cannot be used: each must be a certificate in PEM form.',
  );
  if (certificate === undefined) return { service: proxy, proxy };
  const service = contextOf(
    { ...trusted, ...ownCertificate(certificate) },
    'client-certificate',
    'The client certificate cannot be used: check that it is PEM or PKCS#12, that certificate and key belong together, and the passphrase.',
  );
  return { service, proxy };
}

function contextOf(options: SecureContextOptions, reason: string, message: string): SecureContext {
  try {
    return tls.createSecureContext(options);
  } catch (cause) {
    throw new SealwrightError('INVALID_ARGUMENT', message, { reason, cause });
  }
}

function ownCertificate(certificate: ClientCertificate): SecureContextOptions {
  const { passphrase } = certificate;
  return {
    ...('pfx' in certificate
      ? { pfx: Buffer.from(certificate.pfx) }
      : { cert: certificate.cert, key: certificate.key }),
    ...(passphrase === undefined ? {} : { passphrase }),
  };
}

/** The system's authorities and some more. Without more, Node's own default is left alone. */
function trustedAuthorities(further: readonly string[], env: Environment): SecureContextOptions {
  if (further.length === 0) return {};
  for (const text of further) {
    // OpenSSL passes over a text without a certificate in silence.
    if (!/-----BEGIN (TRUSTED |X509 )?CERTIFICATE-----/.test(text)) {
      throw new SealwrightError(
        'INVALID_ARGUMENT',
        'A further certificate authority is no certificate: write PEM, which begins with -----BEGIN CERTIFICATE-----.',
        { reason: 'certificate-authorities' },
      );
    }
  }
  return { ca: [...systemAuthorities(env), ...further] };
}

/** `ca` replaces what Node trusts by default, so the default has to be put together again. */
function systemAuthorities(env: Environment): readonly string[] {
  // Node 22.15 and newer can say it, with what the process was started with in it.
  const { getCACertificates } = tls as { getCACertificates?: (type: 'default') => string[] };
  const own = getCACertificates?.('default') ?? tls.rootCertificates;
  const extra = env.NODE_EXTRA_CA_CERTS;
  if (!extra) return own;
  try {
    return [...own, readFileSync(extra, 'utf8')];
  } catch {
    // Node itself warns about such a file when it starts, and goes on without it.
    return own;
  }
}
