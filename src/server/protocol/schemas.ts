import { z } from 'zod';

// What clients send. Types are strict, lengths and counts bounded; members nobody knows are ignored, and null counts as
// missing, as in the service whose protocol this is (spec/server.md, "Requests").

const text = (longest: number) => z.string().max(longest);
const names = z.array(text(320).min(1)).min(1).max(4096);
const rightNames = z.array(text(64).min(1)).min(1).max(64);
const applicationData = z
  .record(z.string().max(256), text(32 * 1024))
  .refine((data) => Object.keys(data).length <= 64, { message: 'at most 64 entries' });
const time = text(40).describe('ISO 8601; without a zone, UTC');
const lcid = z.int().min(1).max(0xfffff);
const serializedLicense = z
  .string()
  .min(1)
  .max(1_400_000)
  .describe('The bytes of the publishing license in standard base64, with or without byte-order mark');

const policyExtension = {
  ValidFrom: time.nullish(),
  OfflineDays: z.int().min(-1).max(9999).nullish().describe('-1 unlimited, 0 never, else days'),
  Names: z
    .array(z.object({ Lcid: lcid, Name: text(256), Description: text(2048) }))
    .max(128)
    .nullish(),
};

export const endUserLicenseRequest = z.object({
  SerializedPublishingLicense: serializedLicense,
  Sealwright: z.object({ ContentName: text(1024).nullish() }).nullish(),
});

export const publishingLicenseRequest = z.object({
  PreferDeprecatedAlgorithms: z.boolean().nullish(),
  AllowAuditedExtraction: z.boolean().nullish(),
  TemplateId: text(64).nullish(),
  ReferralInfo: text(2048).nullish(),
  SignedApplicationData: applicationData.nullish(),
  Policy: z
    .object({
      Descriptors: z
        .array(z.object({ Name: text(256), Description: text(2048), Language: text(35) }))
        .max(128)
        .nullish(),
      UserRights: z
        .array(z.object({ Users: names, Rights: rightNames }))
        .max(4096)
        .nullish(),
      UserRoles: z
        .array(z.object({ Users: names, Roles: rightNames }))
        .max(4096)
        .nullish(),
      allowOfflineAccess: z.boolean().nullish(),
      IntervalTimeInDays: z.number().min(-1).max(9999).nullish(),
      LicenseValidUntil: time.nullish(),
      EncryptedApplicationData: applicationData.nullish(),
    })
    .nullish(),
  Sealwright: z
    .object({
      CipherMode: text(64).nullish(),
      Owner: text(320).nullish(),
      ContentName: text(1024).nullish(),
      ...policyExtension,
    })
    .nullish(),
});

export const clientLicensorRequest = z.object({});

export const registrationRequest = z.object({
  SerializedPublishingLicense: serializedLicense,
  Name: text(1024),
});

export const revocationRequest = z.object({
  ContentId: text(64),
  User: text(320).nullish(),
});

/** A publishing request as the schema lets it through. */
export type PublishingLicenseInput = z.output<typeof publishingLicenseRequest>;

// What the server answers: for the published description only, nothing is checked against these.

const key = z.object({
  Value: z.string().describe('The content key in base64'),
  Algorithm: z.literal('AES'),
  CipherMode: z.string(),
  Size: z.int().describe('Bytes of the key'),
});
const nullableText = z.string().nullable();
const nullableData = z.record(z.string(), z.string()).nullable();
const answeredExtension = {
  ValidFrom: z.string().optional(),
  OfflineDays: z.int().optional(),
  Names: z.array(z.object({ Lcid: z.int(), Name: z.string(), Description: z.string() })).optional(),
};

export const discoveryAnswer = z.array(z.object({ Name: z.string(), Uri: z.url() }));

export const templatesAnswer = z.array(
  z.object({ Id: z.string(), Name: z.string(), Description: z.string() }),
);

export const endUserLicenseAnswer = z.object({
  AccessStatus: z.enum(['AccessGranted', 'AccessDenied', 'ContentExpired']),
  Id: nullableText,
  Name: nullableText,
  Description: nullableText,
  Referrer: nullableText,
  Owner: nullableText,
  IssuedTo: nullableText,
  ContentId: nullableText,
  Key: key.nullable(),
  Rights: z.array(z.string()),
  Roles: z.array(z.string()).nullable(),
  ContentValidUntil: nullableText,
  LicenseValidUntil: nullableText,
  FromTemplate: z.boolean(),
  allowOfflineAccess: z.boolean(),
  OnlineAccessOnly: z.boolean(),
  Policy: z
    .object({
      AllowAuditedExtraction: z.boolean(),
      UserRights: z.array(z.object({ Users: z.array(z.string()), Rights: z.array(z.string()) })),
      UserRoles: z.null(),
      IntervalTimeInDays: z.int(),
      LicenseValidUntil: nullableText,
    })
    .nullable(),
  SignedApplicationData: nullableData,
  EncryptedApplicationData: nullableData,
  ErrorMessage: nullableText,
  Sealwright: z.object({ Rule: z.string().optional(), ...answeredExtension }).optional(),
});

export const publishingLicenseAnswer = z.object({
  SerializedPublishingLicense: z.string(),
  Id: nullableText,
  Name: nullableText,
  Description: nullableText,
  Referrer: nullableText,
  Owner: z.string(),
  ContentId: z.string(),
  Key: key,
  SignedApplicationData: nullableData,
  EncryptedApplicationData: nullableData,
});

export const clientLicensorAnswer = z.object({ CertificateChain: z.string(), PrivateKey: z.string() });

export const emptyAnswer = z.object({});

export const serverFactsAnswer = z.object({
  Name: z.string(),
  AuthorityId: z.string(),
  KeySha256: z.string(),
  Version: z.string(),
  Issuers: z.array(
    z.object({
      Issuer: z.string(),
      ClientId: z.string().optional(),
      Scope: z.string().optional(),
      Resource: z.string().optional(),
      Development: z.boolean().optional(),
    }),
  ),
});

export const errorAnswerSchema = z.object({
  Code: z.string().optional(),
  Message: z.string().optional(),
  Sealwright: z
    .object({
      Code: z.string(),
      Rule: z.string().optional(),
      Right: z.string().optional(),
      Referrer: z.string().optional(),
      Reason: z.string().optional(),
    })
    .optional(),
});
