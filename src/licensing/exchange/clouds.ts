import type { CloudName } from '../service-trust.ts';

/** Where a public cloud serves licenses, and who issues its tokens (spec/rest.md, "Trust"). */
export interface Cloud {
  /** Patterns of hosts, port 443. */
  readonly hosts: readonly string[];
  /** Origins of token issuers. */
  readonly authorities: readonly string[];
}

/** The public clouds that run the Azure Rights Management service. */
export const clouds: Readonly<Record<CloudName, Cloud>> = {
  commercial: {
    hosts: ['*.aadrm.com'],
    authorities: [
      'https://login.microsoftonline.com',
      'https://login.windows.net',
      'https://login.microsoft.com',
      'https://sts.windows.net',
    ],
  },
  'us-government': {
    hosts: ['*.aadrm.us'],
    authorities: [
      'https://login.microsoftonline.us',
      'https://login.usgovcloudapi.net',
      'https://login-us.microsoftonline.com',
    ],
  },
  china: {
    hosts: ['*.aadrm.cn'],
    authorities: [
      'https://login.partner.microsoftonline.cn',
      'https://login.chinacloudapi.cn',
      'https://sts.chinacloudapi.cn',
    ],
  },
};

/** Domains whose names in an audience mean a service of the clouds' operator. */
const operatorDomains = [
  'aadrm.com',
  'aadrm.us',
  'aadrm.cn',
  'azurerms.com',
  'microsoft.com',
  'microsoft.us',
  'windows.net',
  'azure.com',
  'azure.net',
  'azure.us',
  'azure.cn',
  'chinacloudapi.cn',
  'usgovcloudapi.net',
  'office.com',
  'office.net',
  'office365.com',
  'office365.us',
  'outlook.com',
  'sharepoint.com',
  'sharepoint.us',
  'sharepoint.cn',
  'visualstudio.com',
  'dynamics.com',
  'powerbi.com',
  'partner.outlook.cn',
];

/** Ids of the operator's own applications all end alike. */
const operatorApplication = /[0-9a-f]{8}-0000-0000-c000-000000000000/i;

/** Whether an audience or scope is for a service of the clouds' operator: its own address or application id. */
export function isOperatorAudience(audience: string): boolean {
  if (operatorApplication.test(audience)) return true;
  return audience.split(/\s+/).some((part) => {
    // The host of anything that looks like an address, with or without a scheme, path or port.
    const host = part
      .replace(/^[a-z][a-z0-9+.-]*:[\\/]*/i, '')
      .replace(/^[^/?#@\\]*@/, '')
      .replace(/[:/?#\\].*$/s, '')
      .replace(/\.$/, '')
      .toLowerCase();
    return operatorDomains.some((domain) => host === domain || host.endsWith(`.${domain}`));
  });
}
