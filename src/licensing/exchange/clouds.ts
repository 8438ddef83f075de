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
  'cloud.microsoft',
  'microsoftonline.com',
  'onenote.com',
  'skype.com',
  'yammer.com',
  'powerapps.com',
  'loganalytics.io',
  'applicationinsights.io',
];

/** Ids of the operator's own applications end alike, mostly. */
const operatorApplication = /[0-9a-f]{8}-0000-0000-c000-000000000000/i;

/** Those that do not: resource management, key vaults, storage, databases, source code, mail and files, protection. */
const otherOperatorApplications = [
  '797f4846-ba00-4fd7-ba43-dac1f8f63013',
  'cfa8b339-82a2-471a-a3c9-0fc0be7a4093',
  'e406a681-f3d4-42a8-90b6-c2b029497af1',
  '022907d3-0f1b-48f7-badc-1ba6abab6d66',
  '499b84ac-1321-427f-aa17-267ca6975798',
  '2ff814a6-3304-4ab8-85cb-cd0e6f879c1d',
  'c5393580-f805-4401-95e8-94b7a6ef2fc2',
  '2d4d3d8e-2be3-4bef-9f87-7875a61c29de',
  'cc15fd57-2c6c-4117-a88c-83b1d56b4bbe',
  'ca7f3f0b-7d91-482c-8e09-c5d840d0eac5',
  '6dae42f8-4368-4678-94ff-3960e28e3630',
  '870c4f2e-85b6-4d43-bdda-6ed9a579b725',
  '40775b29-2688-46b6-a3b5-b256bd04df9f',
];

/** Whether an audience or scope is for a service of the clouds' operator: its own address or application id. */
export function isOperatorAudience(audience: string): boolean {
  if (operatorApplication.test(audience)) return true;
  const lower = audience.toLowerCase();
  if (otherOperatorApplications.some((id) => lower.includes(id))) return true;
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
