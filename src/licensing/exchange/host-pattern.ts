import { SealwrightError } from '../../errors.ts';

/** Whether a parsed host and port are meant. */
export type HostMatch = (hostname: string, port: string) => boolean;

const pattern = /^(\*\.)?([^\s/\\?#@*:[\]]+|\[[0-9a-f:.]+\])(?::(\d{1,5}))?$/i;

const invalid = (text: string): SealwrightError =>
  new SealwrightError(
    'INVALID_ARGUMENT',
    `The trusted host ${JSON.stringify(text.slice(0, 100))} is no host name: write rms.contoso.com, *.contoso.com, or either with a port, without https:// and path.`,
  );

/**
 * Reads a host as trust configurations write it: `rms.contoso.com`, `*.contoso.com` for subdomains of any depth, either with a
 * port. Throws `INVALID_ARGUMENT` (spec/rest.md, "Trust").
 */
export function hostMatch(text: string): HostMatch {
  const [, wildcard, name, port] = pattern.exec(text.trim()) ?? [];
  if (name === undefined || name.endsWith('.')) throw invalid(text);
  let url: URL;
  try {
    // The parser that reads every address reads the pattern too, so that both spell international names alike.
    url = new URL(`https://${name}${port === undefined ? '' : `:${port}`}`);
  } catch {
    throw invalid(text);
  }
  const { hostname } = url;
  if (wildcard === undefined) return (host, hostPort) => host === hostname && hostPort === url.port;
  // A wildcard above a whole top-level domain, or above an address, is a slip.
  if (!hostname.includes('.') || isAddress(hostname)) throw invalid(text);
  return (host, hostPort) => host.endsWith(`.${hostname}`) && !isAddress(host) && hostPort === url.port;
}

/** Whether a parsed host name is an IP address; the URL parser has brought every spelling of one to these forms. */
export const isAddress = (hostname: string): boolean =>
  hostname.startsWith('[') || /^\d+\.\d+\.\d+\.\d+$/.test(hostname);

/**
 * Whether a host name as `URL.hostname` gives it is this machine itself, where plain HTTP harms nobody (spec/rest.md, "Trust").
 *
 * @example
 * ```ts
 * import { isLoopbackHost } from 'sealwright/licensing';
 * isLoopbackHost(new URL('http://127.0.0.1:8787').hostname); // true
 * ```
 */
export const isLoopbackHost = (hostname: string): boolean =>
  hostname === 'localhost' || hostname === '[::1]' || /^127(\.\d{1,3}){3}$/.test(hostname);
