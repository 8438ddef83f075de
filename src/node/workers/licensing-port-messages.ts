import { wipe } from '../../bytes/index.ts';
import { SealwrightError, type SealwrightErrorCode, type SealwrightErrorDetails } from '../../errors.ts';
import type { LicensingService } from '../../licensing/index.ts';

/** Which argument of each operation is the one with the options, where the signal stands that cannot be sent. */
export const optionsPosition = {
  listTemplates: 0,
  publish: 1,
  acquireUseLicense: 1,
  getClientLicensorCertificate: 0,
  registerForTracking: 2,
  revoke: 1,
  restore: 1,
} as const satisfies Record<keyof LicensingService, number>;

/** The options of all operations, but for the signal. */
export const sentOptions = ['contentName', 'user'] as const;

export type LicensingOperation = keyof typeof optionsPosition;

/** From whoever asks. */
export type LicensingQuestion =
  | { readonly id: number; readonly operation: LicensingOperation; readonly arguments: readonly unknown[] }
  | { readonly id: number; readonly abort: true };

/** From the side that has the service. */
export type LicensingAnswer =
  | { readonly id: number; readonly result: unknown }
  | { readonly id: number; readonly error: SentError };

/** An error as it goes between threads. */
export interface SentError {
  readonly code?: SealwrightErrorCode | undefined;
  readonly name: string;
  readonly message: string;
  readonly details?: SealwrightErrorDetails | undefined;
}

export function sentError(error: unknown): SentError {
  if (error instanceof SealwrightError)
    return { code: error.code, name: error.name, message: error.message, details: error.details };
  if (error instanceof Error) return { name: error.name, message: error.message };
  return { name: 'Error', message: String(error) };
}

export function receivedError({ code, name, message, details }: SentError): Error {
  if (code !== undefined) return new SealwrightError(code, message, details);
  const error = new Error(message);
  error.name = name;
  return error;
}

/** Wipes the keys in what an operation gave, once they were handed on or nobody wants them. */
export function wipeKeysOf(result: unknown): void {
  if (typeof result !== 'object' || result === null) return;
  if ('contentKey' in result && result.contentKey instanceof Uint8Array) wipe(result.contentKey);
  if ('privateKey' in result && result.privateKey instanceof Uint8Array) wipe(result.privateKey);
}
