/**
 * The messages of the Azure RMS REST protocol as they stand on the wire (spec/rest.md). Reading is in the files that
 * need them: nothing of what a service or a client sends is believed because it has a type here.
 *
 * What our own server says beyond the protocol stands in a member `Sealwright` of its own, which clients of other
 * makes ignore; our client sends such a member only to a service whose discovery names {@link sealwrightEndpoints}.
 */

/** Names under which discovery lists the endpoints of the protocol; compared without case. */
export const endpointNames = [
  'enduserlicenses',
  'publishinglicenses',
  'templates',
  'clientdebuglogs',
  'clientperformancelogs',
] as const;

/** Names of the endpoints that only a Sealwright server has, with their path below `/my/v1` or `/my/v2`. */
export const sealwrightEndpoints = {
  /** POST {} → {@link ClientLicensorMessage} */
  sealwrightclientlicensors: '/sealwright/clientlicensors',
  /** POST {@link RegistrationMessage} → {} */
  sealwrightcontents: '/sealwright/contents',
  /** POST {@link RevocationMessage} → {} */
  sealwrightrevocations: '/sealwright/revocations',
  /** POST {@link RevocationMessage} → {} */
  sealwrightrestorations: '/sealwright/restorations',
} as const;

export interface EndpointMessage {
  readonly Name: string;
  readonly Uri: string;
}

export interface KeyMessage {
  readonly Value: string;
  readonly Algorithm: string;
  readonly CipherMode: string;
  readonly Size?: number;
}

export interface UserRightsMessage {
  readonly Users: readonly string[];
  readonly Rights: readonly string[];
}

export interface UserRolesMessage {
  readonly Users: readonly string[];
  readonly Roles: readonly string[];
}

/** Request of `/enduserlicenses`. */
export interface EndUserLicenseRequest {
  readonly SerializedPublishingLicense: string;
  readonly Sealwright?: { readonly ContentName?: string };
}

/** Answer of `/enduserlicenses`; denied and expired are answers too. */
export interface EndUserLicenseMessage {
  readonly AccessStatus?: string | null;
  readonly Id?: string | null;
  readonly Name?: string | null;
  readonly Description?: string | null;
  readonly Referrer?: string | null;
  readonly Owner?: string | null;
  readonly IssuedTo?: string | null;
  readonly ContentId?: string | null;
  readonly Key?: KeyMessage | null;
  readonly Rights?: readonly string[] | null;
  readonly Roles?: readonly string[] | null;
  readonly ContentValidUntil?: string | null;
  readonly LicenseValidUntil?: string | null;
  readonly FromTemplate?: boolean | null;
  readonly allowOfflineAccess?: boolean | null;
  readonly OnlineAccessOnly?: boolean | null;
  readonly Policy?: PolicyMessage | null;
  readonly SignedApplicationData?: Readonly<Record<string, string>> | null;
  readonly EncryptedApplicationData?: Readonly<Record<string, string>> | null;
  readonly ErrorMessage?: string | null;
  /** The rule that refused (`details.rule` of `ACCESS_DENIED`); what of the policy the protocol has no field for. */
  readonly Sealwright?: { readonly Rule?: string } & PolicyExtension;
}

/** The policy, for whoever may see it. */
export interface PolicyMessage {
  readonly AllowAuditedExtraction?: boolean | null;
  readonly UserRights?: readonly UserRightsMessage[] | null;
  readonly UserRoles?: readonly UserRolesMessage[] | null;
  readonly IntervalTimeInDays?: number | null;
  readonly LicenseValidUntil?: string | null;
}

/** What of a policy the protocol has no field for. */
export interface PolicyExtension {
  /** ISO 8601. */
  readonly ValidFrom?: string;
  /** -1 unlimited, 0 never, else days. */
  readonly OfflineDays?: number;
  readonly Names?: readonly { readonly Lcid: number; readonly Name: string; readonly Description: string }[];
}

/** Request of `/publishinglicenses`: a template or a policy. */
export interface PublishingLicenseRequest {
  readonly PreferDeprecatedAlgorithms: boolean;
  readonly AllowAuditedExtraction: boolean;
  readonly TemplateId?: string;
  readonly ReferralInfo?: string;
  readonly SignedApplicationData?: Readonly<Record<string, string>>;
  readonly Policy?: {
    readonly Descriptors?: readonly {
      readonly Name: string;
      readonly Description: string;
      readonly Language: string;
    }[];
    readonly UserRights?: readonly UserRightsMessage[];
    readonly UserRoles?: readonly UserRolesMessage[];
    readonly allowOfflineAccess: boolean;
    readonly IntervalTimeInDays: number;
    readonly LicenseValidUntil?: string;
    readonly EncryptedApplicationData?: Readonly<Record<string, string>>;
  };
  readonly Sealwright?: {
    readonly CipherMode?: string;
    readonly Owner?: string;
    readonly ContentName?: string;
  } & PolicyExtension;
}

/** Answer of `/publishinglicenses`. */
export interface PublishingLicenseMessage {
  readonly SerializedPublishingLicense: string;
  readonly Owner: string;
  readonly Key: KeyMessage;
  readonly Id?: string | null;
  readonly Name?: string | null;
  readonly Description?: string | null;
  readonly Referrer?: string | null;
  readonly ContentId?: string | null;
  readonly SignedApplicationData?: Readonly<Record<string, string>> | null;
  readonly EncryptedApplicationData?: Readonly<Record<string, string>> | null;
}

export interface TemplateMessage {
  readonly Id: string;
  readonly Name: string;
  readonly Description: string;
}

/** Body of an answer with a status other than 200. */
export interface ErrorMessage {
  /** `Microsoft.RightsManagement.Exceptions.…`; from our server also `Sealwright.…`. */
  readonly Code?: string;
  readonly Message?: string;
  /** From our server: the code of `SealwrightError` and its public details. */
  readonly Sealwright?: {
    readonly Code: string;
    readonly Rule?: string;
    readonly Right?: string;
    readonly Referrer?: string;
    readonly Reason?: string;
  };
}

export interface ClientLicensorMessage {
  /** XrML text in UTF-8, base64. */
  readonly CertificateChain: string;
  /** PKCS#8, base64. */
  readonly PrivateKey: string;
}

export interface RegistrationMessage {
  readonly SerializedPublishingLicense: string;
  readonly Name: string;
}

export interface RevocationMessage {
  readonly ContentId: string;
  /** From whom; absent is everyone. */
  readonly User?: string;
}

/** What `/.well-known/sealwright` tells anyone about a server of ours: how to sign in, and the key to pin. */
export interface ServerFactsMessage {
  readonly Name: string;
  readonly AuthorityId: string;
  /** SHA-256 of the little-endian modulus, hexadecimal. */
  readonly KeySha256: string;
  readonly Version: string;
  readonly Issuers: readonly {
    readonly Issuer: string;
    /** The public client that people sign in with from a command line, where there is one. */
    readonly ClientId?: string;
    readonly Scope?: string;
    readonly Resource?: string;
    /** Anyone may sign in under any name: for development only. */
    readonly Development?: boolean;
  }[];
}
