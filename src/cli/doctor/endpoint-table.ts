import type { CloudName } from '../../licensing/index.ts';

/** How much depends on an endpoint. */
export type EndpointNeed = 'required' | 'recommended' | 'administration' | 'labels' | 'audit' | 'optional';

/** One line of the table of what a client of a cloud must reach, all on port 443 (spec/doctor.md, "Clouds"). */
export interface CloudEndpoint {
  readonly id: string;
  /** As the cloud's documentation writes it, for firewalls. */
  readonly pattern: string;
  /** A host of the pattern that exists for everyone; without one there is nothing to try. */
  readonly host?: string;
  readonly cloud: CloudName;
  readonly need: EndpointNeed;
  readonly purpose: string;
  /** The entry to the REST protocol, which answers 401 with a challenge. */
  readonly entry?: true;
}

/** Certificates of these hosts come from one organization; any other means that somebody reads along. */
export const noInterception = { pattern: '*.aadrm.com', organization: 'Microsoft Corporation' } as const;

export const cloudEndpoints: readonly CloudEndpoint[] = [
  ...cloud('commercial', [
    ['rms-api', 'api.aadrm.com', 'api.aadrm.com', 'required', 'protection service', true],
    ['rms-discovery', 'discover.aadrm.com', 'discover.aadrm.com', 'required', 'discovery'],
    ['rms-any', '*.aadrm.com', undefined, 'required', 'protection service of an organization'],
    ['login', '*.microsoftonline.com', 'login.microsoftonline.com', 'required', 'sign-in'],
    ['login-content', '*.microsoftonline-p.com', undefined, 'required', 'sign-in pages'],
    [
      'configuration',
      'config.edge.skype.com',
      'config.edge.skype.com',
      'recommended',
      'client configuration',
    ],
    ['rms-admin', 'admin.{region}.aadrm.com', 'admin.na.aadrm.com', 'administration', 'administration'],
    ['policy', '*.protection.outlook.com', undefined, 'labels', 'label policies'],
    ['substrate', 'substrate.office.com', 'substrate.office.com', 'labels', 'label policies'],
    ['audit', '*.events.data.microsoft.com', undefined, 'audit', 'audit events'],
    ['audit-mobile', '*.aria.microsoft.com', undefined, 'optional', 'audit events of phones'],
    ['portal', '*.azurerms.com', undefined, 'optional', 'tracking portal'],
    ['map', 'ecn.dev.virtualearth.net', 'ecn.dev.virtualearth.net', 'optional', 'tracking map'],
  ]),
  ...cloud('us-government', [
    ['rms-api', 'api.aadrm.us', 'api.aadrm.us', 'required', 'protection service', true],
    ['rms-any', '*.aadrm.us', undefined, 'required', 'protection service of an organization'],
    ['login', 'login.microsoftonline.us', 'login.microsoftonline.us', 'required', 'sign-in'],
    [
      'policy',
      'usg02b.dataservice.protection.office365.us',
      'usg02b.dataservice.protection.office365.us',
      'labels',
      'label policies',
    ],
    ['substrate', 'substrate.office365.us', 'substrate.office365.us', 'labels', 'label policies'],
    [
      'policy-defense',
      'usg01b.dataservice.protection.office365.us',
      'usg01b.dataservice.protection.office365.us',
      'labels',
      'label policies, defense',
    ],
    [
      'substrate-defense',
      'substrate-dod.office365.us',
      'substrate-dod.office365.us',
      'labels',
      'label policies, defense',
    ],
  ]),
  ...cloud('china', [
    ['rms-api', '*.aadrm.cn', 'api.aadrm.cn', 'required', 'protection service', true],
    ['login', 'login.partner.microsoftonline.cn', 'login.partner.microsoftonline.cn', 'required', 'sign-in'],
  ]),
];

type Row = readonly [
  id: string,
  pattern: string,
  host: string | undefined,
  need: EndpointNeed,
  purpose: string,
  entry?: true,
];

function cloud(name: CloudName, rows: readonly Row[]): CloudEndpoint[] {
  return rows.map(([id, pattern, host, need, purpose, entry]) => ({
    id,
    pattern,
    cloud: name,
    need,
    purpose,
    ...(host !== undefined && { host }),
    ...(entry !== undefined && { entry }),
  }));
}
