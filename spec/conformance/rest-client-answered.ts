import type { LicensingService } from '../../src/index.ts';
import type { ServiceRequest } from '../../src/licensing/index.ts';
import { fakeConnection, serviceAt } from '../../src/licensing/rest/rest.test-support.ts';
import { restLicensingServiceOver } from '../../src/licensing/rest/rest-licensing-service.ts';

/** A client whose service answers every request (but discovery) with `json` and `status`; and what it was sent. */
export function clientAnswered(
  json: unknown,
  status = 200,
): { readonly service: LicensingService; readonly sent: readonly ServiceRequest[] } {
  const answer = { json, status };
  const { connection, sent } = fakeConnection(
    serviceAt('https://rms.contoso.com/my/v2', {
      enduserlicenses: answer,
      publishinglicenses: answer,
      templates: answer,
    }),
  );
  const service = restLicensingServiceOver(connection, {
    tokens: async () => 'token',
    url: 'https://rms.contoso.com',
    user: 'bob@contoso.com',
    now: () => new Date('2026-05-04T12:00:00Z'),
  });
  return { service, sent };
}
