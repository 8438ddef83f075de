import { encodeUtf8, equalBytes } from '../../src/bytes/index.ts';
import { type LicensingService, SealwrightError } from '../../src/index.ts';

const owner = 'alice@contoso.com';
const contentId = '{11111111-2222-3333-4444-555555555555}';
const lastMode = 'SEALWRIGHT.GCM64K';
const modes = ['MICROSOFT.CBC4K', 'MICROSOFT.CBC512.NOPADDING', 'MICROSOFT.ECB', lastMode] as const;

/** A license that says nothing but the mode. No format looks into it. */
const licenseOf = (mode: string): Uint8Array =>
  encodeUtf8(`<?xml version="1.0"?><XrML><BODY>${mode} ${'license '.repeat(20)}</BODY></XrML>`);
const licenses = modes.map((mode) => ({ mode, bytes: licenseOf(mode) }));

/** The key of everything that was made with {@link instantService}. It protects nothing. */
export const instantKey = (mode: string): Uint8Array =>
  new Uint8Array(mode === 'MICROSOFT.ECB' ? 16 : 32).fill(7);

const bare = (license: Uint8Array): Uint8Array =>
  license[0] === 0xef && license[1] === 0xbb && license[2] === 0xbf ? license.subarray(3) : license;

const refuse = (): never => {
  throw new Error('Nobody asks for this while files are changed.');
};

/** A licensing service with one license for each mode and one key: what it does takes no time, and is not what is tested. */
export const instantService: LicensingService = {
  async publish({ cipherMode = lastMode }) {
    return {
      publishingLicense: licenseOf(cipherMode),
      contentKey: instantKey(cipherMode),
      cipherMode,
      contentId,
      owner,
    };
  },
  async acquireUseLicense(publishingLicense) {
    const found = licenses.find(({ bytes }) => equalBytes(bytes, bare(publishingLicense)));
    if (found === undefined) throw new SealwrightError('MALFORMED_LICENSE', 'The license was changed.');
    return {
      contentKey: instantKey(found.mode),
      cipherMode: found.mode,
      rights: ['OWNER'],
      owner,
      issuedTo: owner,
      contentId,
      templateId: undefined,
      contentValidUntil: undefined,
      licenseValidUntil: undefined,
      onlineOnly: false,
      referrer: undefined,
      policy: undefined,
      signedApplicationData: {},
      encryptedApplicationData: {},
    };
  },
  listTemplates: refuse,
  getClientLicensorCertificate: refuse,
  registerForTracking: refuse,
  revoke: refuse,
  restore: refuse,
};
