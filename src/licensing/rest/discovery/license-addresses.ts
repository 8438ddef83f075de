import { encodeBase64 } from '../../../bytes/index.ts';
import type { PublishingLicenseFacts } from '../../../license/index.ts';

/** Where a license says that it wants to be taken, and the server key it names. Nothing of it is proven. */
export interface LicenseAddresses {
  /** Licensing URLs as they stand there: for outside the organization's network first, then inside if different. */
  readonly urls: readonly string[];
  /** Base64 of the server key's modulus, as the cloud wants it to find the organization. */
  readonly serverKey: string | undefined;
}

const mostUrlLength = 2048;

/** The licensing URLs of a publishing license (spec/rest.md, "Discovery"). */
export function licenseAddresses({ facts }: PublishingLicenseFacts): LicenseAddresses {
  const urlOf = (type: string): string | undefined =>
    facts.distributionPoints.find((point) => point.type === type && point.url !== undefined)?.url?.trim();
  const outside = urlOf('Extranet-License-Acquisition-URL');
  const inside = urlOf('License-Acquisition-URL');
  const different = inside?.toLowerCase() === outside?.toLowerCase() ? [outside] : [outside, inside];
  const modulus = facts.principals[0]?.publicKey?.modulus;
  return {
    urls: different.filter(
      (url): url is string => url !== undefined && url !== '' && url.length <= mostUrlLength,
    ),
    serverKey: modulus === undefined ? undefined : encodeBase64(modulus),
  };
}
