import { isLoopbackHost } from '../../licensing/index.ts';
import { invalidRequest, ProtocolError } from './protocol-error.ts';

/** The public client of command lines: no secret, redirects to this machine on any port. */
export const commandLineClient = 'sealwright-cli';

/** The application of the development issuer, and its secret, which is none: everybody can read it here. */
export const developmentApplication = { id: 'sealwright-service', secret: 'sealwright-service' } as const;

/** Refuses clients other than the one people sign in with. */
export function requirePublicClient(id: string | undefined): void {
  if (id !== commandLineClient)
    throw new ProtocolError('invalid_client', `Unknown client: people sign in with ${commandLineClient}.`);
}

/** Native applications listen on a port that is free just then (RFC 8252, 7.3). */
export function requireLoopbackRedirect(text: string | undefined): URL {
  if (text !== undefined && URL.canParse(text)) {
    const url = new URL(text);
    const plain = url.hash === '' && url.username === '' && url.password === '';
    if (plain && url.protocol === 'http:' && isLoopbackHost(url.hostname)) return url;
  }
  throw invalidRequest('The redirect_uri must be plain http to this machine: http://127.0.0.1:<port>/…');
}
