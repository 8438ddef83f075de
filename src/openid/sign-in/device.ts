import * as openid from 'openid-client';
import { signInFailure } from '../failure.ts';
import type { Issuer } from '../issuer.ts';
import { issuerFailure } from '../issuer-failure.ts';
import type { ShowDeviceCode } from '../open-id-options.ts';
import type { Settings } from '../settings.ts';
import type { Answer } from '../signed-in.ts';
import type { TokenNeed } from '../token-need.ts';
import { needParameters, personScopes } from './authorization.ts';

/** Signs in with a code that the person types on another device (RFC 8628; spec/sign-in.md, "Device code"). */
export async function signInWithDevice(
  issuer: Issuer,
  settings: Settings,
  need: TokenNeed,
  show: ShowDeviceCode,
  signal: AbortSignal,
): Promise<Answer> {
  if (issuer.metadata.device_authorization_endpoint === undefined) {
    throw signInFailure(
      'flow-not-offered',
      `${settings.issuer} offers no sign-in with a code. Use the browser of this machine.`,
    );
  }
  const client = issuer.client(signal);
  try {
    const device = await openid.initiateDeviceAuthorization(client, {
      ...needParameters(need, settings),
      scope: personScopes(issuer, need),
    });
    await show(
      {
        userCode: device.user_code,
        verificationUri: device.verification_uri,
        verificationUriComplete: device.verification_uri_complete,
        expiresAt: new Date(settings.now().getTime() + device.expires_in * 1000),
      },
      { signal },
    );
    const { resource } = need;
    return await openid.pollDeviceAuthorizationGrant(
      client,
      device,
      { ...settings.parameters, ...(resource !== undefined && { resource }) },
      { signal },
    );
  } catch (error) {
    signal.throwIfAborted();
    throw issuerFailure(error, 'device', settings.issuer);
  }
}
