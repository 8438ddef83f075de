import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** PEM texts: `cert` and `key` are what a server on this machine shows, `ca` is what its clients trust. */
export interface TestCertificate {
  readonly ca: string;
  readonly cert: string;
  readonly key: string;
}

const authorityExtensions = `basicConstraints=critical,CA:TRUE
keyUsage=critical,keyCertSign,cRLSign
subjectKeyIdentifier=hash`;

const serverExtensions = `basicConstraints=critical,CA:FALSE
keyUsage=critical,digitalSignature
extendedKeyUsage=serverAuth
subjectAltName=DNS:localhost,IP:127.0.0.1,IP:::1
subjectKeyIdentifier=hash
authorityKeyIdentifier=keyid`;

let made: TestCertificate | undefined;

/**
 * A certificate for `localhost`, `127.0.0.1` and `::1` with the authority that signed it, for HTTPS on loopback in
 * tests. Made afresh by `openssl` once in each process, valid for two days; the authority's key is thrown away.
 */
export function testCertificate(): TestCertificate {
  made ??= makeCertificate();
  return made;
}

function makeCertificate(): TestCertificate {
  const folder = mkdtempSync(join(tmpdir(), 'sealwright-certificate-'));
  const openssl = (...args: string[]) => execFileSync('openssl', args, { cwd: folder, stdio: 'pipe' });
  const makeRequest = (name: string, subject: string) =>
    openssl(
      ...['req', '-new', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-sha256'],
      ...['-subj', subject, '-keyout', `${name}.key`, '-out', `${name}.csr`],
    );
  try {
    writeFileSync(join(folder, 'ca.ext'), authorityExtensions);
    writeFileSync(join(folder, 'server.ext'), serverExtensions);
    makeRequest('ca', '/CN=Sealwright test authority');
    openssl(
      ...['x509', '-req', '-in', 'ca.csr', '-signkey', 'ca.key', '-sha256', '-days', '2'],
      ...['-extfile', 'ca.ext', '-out', 'ca.pem'],
    );
    makeRequest('server', '/CN=localhost');
    openssl(
      ...['x509', '-req', '-in', 'server.csr', '-CA', 'ca.pem', '-CAkey', 'ca.key', '-CAcreateserial'],
      ...['-sha256', '-days', '2', '-extfile', 'server.ext', '-out', 'server.pem'],
    );
    const read = (name: string) => readFileSync(join(folder, name), 'utf8');
    return Object.freeze({ ca: read('ca.pem'), cert: read('server.pem'), key: read('server.key') });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
