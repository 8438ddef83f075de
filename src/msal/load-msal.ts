import { SealwrightError } from '../errors.ts';

export type Msal = typeof import('@azure/msal-node');

/** MSAL, which is installed by those who want it. */
export async function loadMsal(given: Msal | undefined): Promise<Msal> {
  if (given !== undefined) return given;
  try {
    return await import('@azure/msal-node');
  } catch (cause) {
    throw new SealwrightError(
      'SERVICE_UNAVAILABLE',
      'Signing in with MSAL needs the package @azure/msal-node: type "npm install @azure/msal-node", or pass the module as msal.',
      { reason: 'msal-not-installed', cause },
    );
  }
}
