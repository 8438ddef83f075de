import { describe, expect, it } from 'vitest';
import { fakeConnection, granted, keyMessage, licenseOf, serviceAt } from './rest.test-support.ts';
import { restLicensingServiceOver } from './rest-licensing-service.ts';

const url = 'https://rms.contoso.com';
/** As short as tokens get that mean nothing to who holds them: 32 random bytes. */
const token = 'k3Vq-8ZrT0-mXbN5uLw1PfHs7CyEjA9dGiQo2RtB6cJ';

describe('a token that a service repeats', () => {
  it.each([
    ['as its sentence', { status: 403, json: { Message: `No such token: ${token}` } }],
    ['as its code', { status: 400, json: { Code: token } }],
    [
      'as a reason',
      { status: 400, json: { Sealwright: { Code: 'SERVICE_REFUSED', Reason: token.toLowerCase() } } },
    ],
    ['as why it refuses', { json: { AccessStatus: 'AccessDenied', ErrorMessage: `Not for ${token}` } }],
    ['as whom it refuses', { json: { AccessStatus: 'AccessDenied', IssuedTo: token } }],
    ['as a cipher mode', { json: { ...granted, Key: keyMessage(undefined, token) } }],
    ['as the name of a value', { json: { ...granted, SignedApplicationData: { [token]: 7 } } }],
  ])('is in no error: %s', async (_, answer) => {
    const { connection } = fakeConnection(serviceAt(`${url}/my/v2`, { enduserlicenses: answer }));
    const service = restLicensingServiceOver(connection, { tokens: async () => token, url });
    const license = await licenseOf(`${url}/_wmcs/licensing`);
    const error = await service.acquireUseLicense(license).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(Error);
    const { message, details } = error as Error & { readonly details: object };
    expect(`${message} ${JSON.stringify(details)}`.toLowerCase()).not.toContain(token.toLowerCase());
  });
});
