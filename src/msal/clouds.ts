import type { CloudName } from '../licensing/index.ts';

/** Where a cloud signs people in, and what its rights service's tokens are for (spec/sign-in.md, "MSAL"). */
export interface Cloud {
  /** The host that is asked. */
  readonly host: string;
  /** Hosts that services name, all of which mean the same. */
  readonly hosts: readonly string[];
  readonly resource: string;
  /** Domain of the rights service. */
  readonly service: string;
}

export const clouds: Readonly<Record<CloudName, Cloud>> = {
  commercial: {
    host: 'login.microsoftonline.com',
    hosts: ['login.microsoftonline.com', 'login.windows.net', 'login.microsoft.com', 'sts.windows.net'],
    resource: 'https://aadrm.com',
    service: 'aadrm.com',
  },
  'us-government': {
    host: 'login.microsoftonline.us',
    hosts: ['login.microsoftonline.us', 'login.usgovcloudapi.net'],
    resource: 'https://aadrm.us',
    service: 'aadrm.us',
  },
  china: {
    host: 'login.partner.microsoftonline.cn',
    hosts: ['login.partner.microsoftonline.cn', 'login.chinacloudapi.cn'],
    resource: 'https://aadrm.cn',
    service: 'aadrm.cn',
  },
};
