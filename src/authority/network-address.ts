import { SealwrightError } from '../errors.ts';
import { isLoopbackHost } from '../licensing/index.ts';

/** Where a server is reached over the network, as licenses name it (spec/authority.md, "Address"). */
export interface NetworkAddress {
  /** `https://host`, with a port where it is not the usual one; no path. */
  readonly url: string;
  /** The server itself, in licenses and certificates. */
  readonly serverUrl: string;
  /** Where clients that hold nothing but a file turn to. */
  readonly licensingUrl: string;
}

const servicePath = /^\/(_wmcs(\/licensing)?)?\/?$/i;

/**
 * Reads the address of a server: `https://host`, also as it stands in a license. Clients find a service by the host
 * alone, so there is no room for a path.
 *
 * @throws `INVALID_ARGUMENT` for anything else, and for `http:` outside this machine
 */
export function networkAddress(text: string): NetworkAddress {
  const parsed = URL.canParse(text) ? new URL(text) : undefined;
  const secure =
    parsed?.protocol === 'https:' || (parsed?.protocol === 'http:' && isLoopbackHost(parsed.hostname));
  const plain =
    parsed?.username === '' && parsed.password === '' && parsed.search === '' && parsed.hash === '';
  if (parsed === undefined || !secure || !plain || !servicePath.test(parsed.pathname))
    throw new SealwrightError(
      'INVALID_ARGUMENT',
      'The address of an authority is "https://" and a host name, with a port if it has one, and nothing behind: for example https://rms.contoso.com.',
    );
  const url = parsed.origin;
  return { url, serverUrl: `${url}/_wmcs`, licensingUrl: `${url}/_wmcs/licensing` };
}
