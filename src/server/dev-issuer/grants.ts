import { hash, randomBytes, timingSafeEqual } from 'node:crypto';
import { type ExpiringStore, expiringStore } from './expiring-store.ts';
import { ProtocolError } from './protocol-error.ts';
import type { SignedIn } from './signed-in.ts';
import type { Grant } from './token-minter.ts';

const minute = 60_000;
const codeLifetime = minute;
const refreshLifetime = 24 * 60 * minute;
/** Seconds. */
export const deviceLifetime = 600;
/** Seconds between two questions of a device. */
export const deviceInterval = 1;

interface Code {
  readonly grant: Grant;
  readonly redirectText: string;
  readonly codeChallenge: string;
}

interface Device {
  readonly grant: Grant;
  who: SignedIn | undefined;
  askedAt: number;
}

/** Everything somebody may still come and ask a token for. */
export interface Grants {
  /** A code that is good once, for a minute. */
  code(code: Code): string;
  redeemCode(code: string, verifier: string, redirectText: string): Grant;
  refreshToken(grant: Grant): string;
  redeemRefreshToken(token: string): Grant;
  /** Codes for the device and for the person at it; signed in already if `who` is given. */
  device(grant: Grant, who: SignedIn | undefined): { readonly deviceCode: string; readonly userCode: string };
  /** Lets the device that shows this code in. Throws for a code that nobody shows. */
  approveDevice(userCode: string, who: SignedIn): void;
  redeemDevice(deviceCode: string): Grant;
}

const invalidGrant = (description: string) => new ProtocolError('invalid_grant', description);
const secret = (): string => randomBytes(32).toString('base64url');

/** Letters that nobody takes for another one (RFC 8628, 6.1). */
const userCodeLetters = 'BCDFGHJKLMNPQRSTVWXZ';

export function grants(now: () => Date): Grants {
  const codes = expiringStore<Code>(now);
  const refreshTokens = expiringStore<Grant>(now);
  const devices = expiringStore<Device>(now);
  const userCodes: ExpiringStore<Device> = expiringStore(now);
  return {
    code(code) {
      const value = secret();
      codes.put(value, code, codeLifetime);
      return value;
    },
    redeemCode(value, verifier, redirectText) {
      const code = codes.take(value);
      if (code === undefined) throw invalidGrant('The code is unknown, used or too old.');
      if (code.redirectText !== redirectText) throw invalidGrant('The redirect_uri is another one.');
      if (!/^[A-Za-z0-9._~-]{43,128}$/.test(verifier) || !provesChallenge(verifier, code.codeChallenge))
        throw invalidGrant('The code_verifier does not belong to the code_challenge.');
      return code.grant;
    },
    refreshToken(grant) {
      const value = secret();
      refreshTokens.put(value, grant, refreshLifetime);
      return value;
    },
    redeemRefreshToken(token) {
      const grant = refreshTokens.take(token);
      if (grant === undefined) throw invalidGrant('The refresh token is unknown, used or too old.');
      return grant;
    },
    device(grant, who) {
      const deviceCode = secret();
      const userCode = newUserCode();
      const device: Device = { grant, who, askedAt: Number.NEGATIVE_INFINITY };
      devices.put(deviceCode, device, deviceLifetime * 1000);
      userCodes.put(userCode.replace('-', ''), device, deviceLifetime * 1000);
      return { deviceCode, userCode };
    },
    approveDevice(userCode, who) {
      const device = userCodes.take(userCode.toUpperCase().replace(/[^A-Z]/g, ''));
      if (device === undefined)
        throw new ProtocolError(
          'invalid_request',
          'No terminal shows this code (any more). Look there again.',
        );
      device.who = who;
    },
    redeemDevice(deviceCode) {
      const device = devices.get(deviceCode);
      if (device === undefined)
        throw new ProtocolError('expired_token', 'The device code is unknown or too old.');
      const { who } = device;
      if (who === undefined) {
        const time = now().getTime();
        const early = time - device.askedAt < deviceInterval * 1000;
        device.askedAt = time;
        throw early
          ? new ProtocolError('slow_down', `Ask once in ${deviceInterval} s.`)
          : new ProtocolError('authorization_pending', 'Nobody has signed in yet.');
      }
      devices.take(deviceCode);
      return { ...device.grant, who };
    },
  };
}

function provesChallenge(verifier: string, challenge: string): boolean {
  const proven = hash('sha256', verifier, 'base64url');
  return proven.length === challenge.length && timingSafeEqual(Buffer.from(proven), Buffer.from(challenge));
}

function newUserCode(): string {
  const letters = [...randomBytes(8)].map((byte) => userCodeLetters.charAt(byte % userCodeLetters.length));
  return `${letters.slice(0, 4).join('')}-${letters.slice(4).join('')}`;
}
