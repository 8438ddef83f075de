import { type EndpointMessage, sealwrightEndpoints } from '../../licensing/index.ts';
import { type Answer, json } from '../answer.ts';
import type { Call, ProtocolVersion } from './call.ts';

/** Where the endpoints of one version are. Clients compare the names without case. */
export function endpoints(origin: string, version: ProtocolVersion): readonly EndpointMessage[] {
  const root = `${origin}/my/${version}`;
  return [
    { Name: 'enduserlicenses', Uri: `${root}/enduserlicenses` },
    { Name: 'publishinglicenses', Uri: `${root}/publishinglicenses` },
    { Name: 'templates', Uri: `${root}/templates` },
    { Name: 'clientdebuglogs', Uri: `${root}/clientlogs/debug` },
    { Name: 'clientperformancelogs', Uri: `${root}/clientlogs/performance` },
    ...Object.entries(sealwrightEndpoints).map(([Name, path]) => ({ Name, Uri: `${root}${path}` })),
  ];
}

/** `GET /servicediscovery`: this server serves whoever may sign in, so that who asks, and for what, changes nothing. */
export const discover = async ({ origin, version }: Call): Promise<Answer> =>
  json(endpoints(origin, version));
