import { encodeUtf8 } from '../../src/bytes/index.ts';
import { type LicensingService, SealwrightError } from '../../src/index.ts';

const owner = 'alice@contoso.com';
const contentId = '{11111111-2222-3333-4444-555555555555}';
const lastMode = 'SEALWRIGHT.GCM64K';
const modes = ['MICROSOFT.CBC4K', 'MICROSOFT.CBC512.NOPADDING', 'MICROSOFT.ECB', lastMode] as const;

/** A license that says nothing but the mode, and is another each time. No format looks into it. */
const licenseOf = (mode: string): Uint8Array =>
  encodeUtf8(
    `<?xml version="1.0"?><XrML><BODY>${mode} ${String(count++).padStart(9, '0')}${filling}</BODY></XrML>`,
  );
const filling = ' license'.repeat(20);
let count = 0;

/** The mode of a license of ours; `undefined` for one that was changed. */
function modeOf(license: Uint8Array): string | undefined {
  const text = new TextDecoder().decode(license);
  const [whole, mode] = /^<\?xml version="1\.0"\?><XrML><BODY>([A-Z0-9.]+) \d{9}/.exec(text) ?? [];
  return whole !== undefined && text === `${whole}${filling}</BODY></XrML>` ? mode : undefined;
}

/** The key of everything that was made with {@link instantService}. It protects nothing. */
export const instantKey = (mode: string): Uint8Array =>
  new Uint8Array(mode === 'MICROSOFT.ECB' ? 16 : 32).fill(7);

const refuse = (): never => {
  throw new Error('Nobody asks for this while files are changed.');
};

/** A licensing service whose licenses say only the mode, with one key: what it does takes no time, and is not what is tested. */
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
    const mode = modeOf(publishingLicense);
    if (mode === undefined || !modes.some((each) => each === mode))
      throw new SealwrightError('MALFORMED_LICENSE', 'The license was changed.');
    return {
      contentKey: instantKey(mode),
      cipherMode: mode,
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
