/** Every kind of request our authority logs, under the names that readers of such logs know. */
export const usageRequestTypes = [
  'AcquireLicense',
  'AcquirePreLicense',
  'AcquireTemplates',
  'AcquireTemplateInformation',
  'AddTemplate',
  'Certify',
  'DeleteTemplateById',
  'ExportTemplateById',
  'FECreateEndUserLicenseV1',
  'FECreatePublishingLicenseV1',
  'FEGetAllTemplates',
  'FindServiceLocationsForUser',
  'GetAllDocs',
  'GetAllTemplates',
  'GetClientLicensorCert',
  'GetConfiguration',
  'GetSingle',
  'GetTemplateById',
  'ImportTemplate',
  'RegisterContent',
  'RestoreAccess',
  'RevokeAccess',
  'ServerCertify',
  'UpdateTemplate',
] as const;

/** One of {@link usageRequestTypes}. */
export type UsageRequestType = (typeof usageRequestTypes)[number];

/** The result of a request that was served. Any other result names what refused or failed. */
export const usageSuccess = 'Success';

/**
 * One row of the usage log: one request, refusals included (spec/usage-log.md, "Fields"). It says who asked for what
 * and what came of it, never a key, a token or content.
 */
export interface UsageRecord {
  /** When the request was served. */
  readonly time: Date;
  /** GUID of this row. */
  readonly rowId: string;
  readonly requestType: UsageRequestType;
  /** Mail address of who asked; empty for an anonymous request. */
  readonly userId: string;
  /** `Success`, or the kind of error, for example `AccessDenied`. */
  readonly result: string;
  /** GUID shared with the log of the client, which groups the requests of one operation. */
  readonly correlationId: string;
  /** GUID of the content a license was asked for. */
  readonly contentId?: string | undefined;
  readonly ownerEmail?: string | undefined;
  readonly issuer?: string | undefined;
  /** GUID of the template the content was protected with. */
  readonly templateId?: string | undefined;
  readonly fileName?: string | undefined;
  /** When the content was protected. */
  readonly datePublished?: Date | undefined;
  /** The client, as it describes itself: `SDK;version=…;AppName=…`. */
  readonly clientInfo?: string | undefined;
  /** Network address of the caller; absent in-process. */
  readonly clientAddress?: string | undefined;
  /** Whether an administrator acted. */
  readonly adminAction?: boolean | undefined;
  /** For whom an administrator acted. */
  readonly actingAsUser?: string | undefined;
}
