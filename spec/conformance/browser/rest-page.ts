import { open, protect } from '../../../src/index.ts';
import { type LicensingService, restLicensingService, staticToken } from '../../../src/licensing/index.ts';

/** The licensing service as an application in a page reaches it. */
const serviceOf = (url: string, user: string, token: string): LicensingService =>
  restLicensingService({
    url,
    user,
    tokens: staticToken(token),
    trust: { insecureLoopback: true, authorities: ['https://login.contoso.com'] },
  });

/** Protects content for Bob over the network. */
export async function protectOverTheNetwork(
  content: Uint8Array,
  url: string,
  user: string,
  token: string,
): Promise<Uint8Array> {
  const file = await protect(content, {
    service: serviceOf(url, user, token),
    policy: { grants: [{ to: 'bob@contoso.com', rights: ['VIEW'] }] },
    name: 'from-the-page.txt',
  });
  return file.bytes();
}

/** Opens a protected file over the network, or gives the code of the refusal. */
export async function openOverTheNetwork(file: Uint8Array, url: string, user: string, token: string) {
  try {
    const opened = await open(file, { service: serviceOf(url, user, token) });
    return { content: await opened.bytes(), rights: [...opened.rights], refusal: 'none' };
  } catch (error) {
    const { code, details } = error as { code: string; details: { reason?: string } };
    return { content: new Uint8Array(), rights: [], refusal: `${code} ${details?.reason ?? ''}`.trim() };
  }
}
