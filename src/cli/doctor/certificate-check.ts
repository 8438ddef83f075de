import type { DetailedPeerCertificate, TLSSocket } from 'node:tls';
import { noInterception } from './endpoint-table.ts';
import type { Examination } from './examination.ts';
import { type Finding, finding } from './finding.ts';
import type { Verdict } from './verdicts.ts';

/** Looks at who issued the certificate, and whether this machine trusts it. Ends the connection. */
export function checkCertificate({ target, hostname, place }: Examination, tls: TLSSocket): Finding {
  const certificate = tls.getPeerCertificate(true);
  // A string in fact, whatever its declaration says.
  const problem = tls.authorized ? '' : String(tls.authorizationError);
  tls.destroy();
  const chain = issuersOf(certificate);
  const issuer = chain[0] ?? 'nobody';
  const organization = first(certificate.issuer?.O) ?? '';
  const validUntil = certificate.valid_to ? new Date(certificate.valid_to).toISOString().slice(0, 10) : '';
  const facts = { issuer, organization, chain, validUntil, ...(problem !== '' && { problem }) };
  const foreign =
    hostname.endsWith(noInterception.pattern.slice(1)) && organization !== noInterception.organization;
  const verdict = foreign ? 'certificate-intercepted' : verdictOf(problem);
  const tried = foreign
    ? `read the certificate of ${place}; "${noInterception.organization}" should have issued it`
    : `read the certificate of ${place}`;
  return finding(target, verdict, { tried, seen: sentence(certificate, issuer, validUntil, problem), facts });
}

function sentence(
  { subjectaltname }: DetailedPeerCertificate,
  issuer: string,
  validUntil: string,
  problem: string,
): string {
  const issued = `issued by "${issuer}", until ${validUntil}`;
  if (problem === '') return issued;
  if (problem === 'ERR_TLS_CERT_ALTNAME_INVALID') {
    const names = (subjectaltname ?? 'nobody').replaceAll(/DNS:|IP Address:/g, '').slice(0, 200);
    return `${issued}, for ${names}`;
  }
  return `${issued} (${problem})`;
}

function verdictOf(problem: string): Verdict {
  switch (problem) {
    case '':
      return 'certificate-trusted';
    case 'ERR_TLS_CERT_ALTNAME_INVALID':
      return 'certificate-other-name';
    case 'CERT_HAS_EXPIRED':
      return 'certificate-expired';
    case 'CERT_NOT_YET_VALID':
      return 'certificate-not-yet-valid';
    case 'DEPTH_ZERO_SELF_SIGNED_CERT':
    case 'SELF_SIGNED_CERT_IN_CHAIN':
    case 'UNABLE_TO_GET_ISSUER_CERT':
    case 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY':
    case 'UNABLE_TO_VERIFY_LEAF_SIGNATURE':
    case 'CERT_UNTRUSTED':
      return 'certificate-unknown-authority';
    default:
      return 'certificate-invalid';
  }
}

const longestChain = 8;

/** Who issued the certificate, who issued that one, and so on, as far as the server shows it. */
function issuersOf(certificate: DetailedPeerCertificate): readonly string[] {
  const issuers: string[] = [];
  let current: DetailedPeerCertificate | undefined = certificate;
  while (current?.issuer !== undefined && issuers.length < longestChain) {
    const { O, CN } = current.issuer;
    issuers.push([first(CN), first(O)].filter((name) => name !== undefined).join(', ') || 'without a name');
    if (current.issuerCertificate === current) break;
    current = current.issuerCertificate;
  }
  return issuers;
}

const first = (value: string | string[] | undefined): string | undefined =>
  Array.isArray(value) ? value[0] : value || undefined;
