import type { JSONWebKeySet } from 'jose';
import { openAuthority } from '../../../src/authority/folder/index.ts';
import { createServer, createTokenVerifier, listen } from '../../../src/server/index.ts';

/** What the process is told. */
export interface ServerSettings {
  readonly folder: string;
  readonly port: number;
  /** Under which clients reach it: the address of the proxy in front. */
  readonly url: string;
  readonly issuer: string;
  readonly audience: string;
  readonly jwks: JSONWebKeySet;
}

/** A licensing server that says when it listens, expects to be killed, and stops gracefully when it is asked to. */
const { folder, port, url, issuer, audience, jwks } = JSON.parse(process.argv[2] ?? '') as ServerSettings;
const authority = await openAuthority(folder);
const server = createServer({
  authority,
  verifyToken: createTokenVerifier({ issuers: [{ issuer, audience: [audience], jwks: jwks as never }] }),
  url,
  challenges: [{ authority: issuer, resource: audience }],
  facts: {
    Name: authority.facts.name,
    AuthorityId: authority.facts.id,
    KeySha256: authority.facts.keySha256,
    Version: '0.0.0',
    Issuers: [{ Issuer: issuer }],
  },
});
const listener = await listen(server, { port });
const gone = (): void => process.exit();
process.on('disconnect', gone);
process.once('SIGTERM', async () => {
  const finished = await listener.stop();
  await authority.close();
  process.off('disconnect', gone);
  process.disconnect();
  process.exitCode = finished ? 0 : 1;
});
process.send?.(listener.port);
