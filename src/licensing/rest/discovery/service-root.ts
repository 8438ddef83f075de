import { SealwrightError } from '../../../errors.ts';

/** Version of the protocol: the paths differ, and the headers of discovery. */
export type ProtocolVersion = 'v1' | 'v2';

/** Root of a service with its version: `https://rms.contoso.com/my/v2`. */
export interface ServiceRoot {
  /** Without a slash at the end. */
  readonly url: string;
  readonly version: ProtocolVersion;
}

const versioned = /^(.*?)(?:\/my\/(v[12]))?(?:\/servicediscovery)?\/*$/i;

/**
 * The root that a URL stands for, whether it names the host alone, a version or the address of discovery. A version
 * asked for wins over the one in the URL (spec/rest.md, "Discovery"). Throws `INVALID_ARGUMENT`.
 */
export function serviceRoot(url: string | URL, wanted?: ProtocolVersion): ServiceRoot {
  const parsed = parse(url);
  if (parsed.search !== '' || parsed.hash !== '' || parsed.username !== '' || parsed.password !== '')
    throw notARoot(url);
  const [, path = '', stated] = versioned.exec(parsed.pathname) ?? [];
  const version = wanted ?? (stated?.toLowerCase() as ProtocolVersion | undefined) ?? 'v2';
  return { url: `${parsed.origin}${path.replace(/\/+$/, '')}/my/${version}`, version };
}

function parse(url: string | URL): URL {
  try {
    const parsed = new URL(url);
    if (parsed.protocol === 'https:' || parsed.protocol === 'http:') return parsed;
  } catch {
    // said below
  }
  throw notARoot(url);
}

const notARoot = (url: string | URL): SealwrightError =>
  new SealwrightError(
    'INVALID_ARGUMENT',
    `${JSON.stringify(String(url).slice(0, 200))} is not the address of a licensing service: write it as https://rms.contoso.com.`,
  );

/** What discovery is asked about: a person's mail address, a license's URL, or nothing. */
export type DiscoveryInput =
  | { readonly kind: 'email'; readonly value: string }
  | { readonly kind: 'service'; readonly value: string }
  | undefined;

/** The address of discovery; what is asked about is percent-encoded. */
export function discoveryUrl(root: ServiceRoot, input: DiscoveryInput): URL {
  const url = new URL(`${root.url}/servicediscovery`);
  if (input !== undefined) url.search = `?${input.kind}=${encodeURIComponent(input.value)}`;
  return url;
}
