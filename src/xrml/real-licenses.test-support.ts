import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const data = fileURLToPath(new URL('../../../shared/data/', import.meta.url));

/** What `expected.json` says of one certificate. */
export interface ExpectedCertificate {
  readonly bodyType: string;
  readonly issued: string;
  readonly descriptor?: string;
  readonly issuerType?: string;
  readonly issuerName?: string;
  readonly issuerKeyBits?: number;
  readonly issuerModulusSha256?: string;
  readonly enablingBitsBytes?: readonly number[];
  readonly encryptedRightsDataBytes?: number;
  readonly appData?: readonly string[];
  readonly distributionPoints?: readonly string[];
  readonly rights?: readonly string[];
  readonly contentId?: string;
  readonly signature: {
    readonly algorithm?: string;
    readonly coding?: string;
    readonly digest: string;
    readonly digestValueAbsent?: boolean;
    readonly digestMatchesBody?: boolean;
    readonly rsaValid: boolean;
    readonly whitespaceRemovedFirst?: boolean;
  };
}

interface ExpectedFile {
  readonly header?: { readonly plOffset?: number; readonly plLength?: number };
  readonly primary?: { readonly licenseLength: number; readonly licenseOffset: number };
  readonly license?: {
    readonly encoding: string;
    readonly bom: boolean;
    readonly certificates: readonly ExpectedCertificate[];
  };
}

/** One license of `verification.json`. */
export interface VerifiedLicense {
  readonly bodyType: string;
  readonly descriptor: string | null;
  readonly xrmlPurpose: string | null;
  readonly issuedTime: string;
  readonly issuer: VerifiedParty;
  readonly principal: VerifiedParty | null;
  readonly digestAlgorithm: string;
  readonly digestHex: string;
  readonly bodyCharacters: number;
  readonly signatureVerified: boolean;
  readonly issuerKeyCertifiedByIndexes: readonly number[];
}

interface VerifiedParty {
  readonly type: string;
  readonly name: string | null;
  readonly keyBits: number;
  readonly modulusLittleEndianSha256: string;
}

export const sha256Hex = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

const readData = (path: string): Uint8Array => new Uint8Array(readFileSync(data + path));

/** Whether the real samples are here; they are not part of this project. */
export const realLicensesPresent = existsSync(`${data}samples/expected.json`);

/** Every sample whose license can be cut out without a container reader. */
export function expectedLicenses(): {
  readonly file: string;
  readonly bytes: Uint8Array;
  readonly license: NonNullable<ExpectedFile['license']>;
}[] {
  if (!realLicensesPresent) return [];
  const expected = JSON.parse(readFileSync(`${data}samples/expected.json`, 'utf8')) as Record<
    string,
    ExpectedFile
  >;
  return Object.entries(expected).flatMap(([file, { header, primary, license }]) => {
    if (license === undefined || file.endsWith('.pdf')) return [];
    const whole = readData(`samples/${file}`);
    let start = header?.plOffset ?? primary?.licenseOffset ?? 0;
    // The license lies in one run of sectors of the compound file.
    if (file.endsWith('.doc')) start = new TextDecoder('latin1').decode(whole).indexOf('<?xml');
    const length = header?.plLength ?? primary?.licenseLength ?? whole.length;
    return [{ file, bytes: whole.subarray(start, start + length), license }];
  });
}

/** The separate license files with what was verified of them. */
export function verifiedLicenses(): {
  readonly file: string;
  readonly bytes: Uint8Array;
  readonly asIs: boolean;
  readonly licenses: readonly VerifiedLicense[];
}[] {
  if (!realLicensesPresent) return [];
  const { files } = JSON.parse(readFileSync(`${data}publishing-licences/verification.json`, 'utf8')) as {
    files: { file: string; signaturesVerifyAsIs: boolean; licences: VerifiedLicense[] }[];
  };
  const present = new Set(readdirSync(`${data}publishing-licences`));
  return files.flatMap(({ file, signaturesVerifyAsIs, licences }) =>
    present.has(file)
      ? [
          {
            file,
            bytes: readData(`publishing-licences/${file}`),
            asIs: signaturesVerifyAsIs,
            licenses: licences,
          },
        ]
      : [],
  );
}
