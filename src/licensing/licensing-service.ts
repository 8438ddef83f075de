import type { WaitOptions } from '../bytes/index.ts';
import type { Policy, TemplateSummary } from '../rights/index.ts';

/** What a new publishing license is to say: a policy of its own, or a template by id. */
export type PublishRequest = PublishOptions &
  (
    | { readonly policy: Policy; readonly templateId?: undefined }
    | { readonly templateId: string; readonly policy?: undefined }
  );

/** What may be said beside the policy. */
export interface PublishOptions {
  /** The cipher mode the caller wants. The service may dictate another one: use what the answer says. */
  readonly cipherMode?: string | undefined;
  /** E-mail address of the owner, if not the person who publishes. */
  readonly owner?: string | undefined;
  /** Name of the content, for the usage log. */
  readonly contentName?: string | undefined;
  /** Name-value pairs anyone can read, covered by the license's signature (with a template; a policy has its own). */
  readonly signedApplicationData?: Readonly<Record<string, string>> | undefined;
}

/** A publishing license and the content key that goes with it. Wipe the key when done. */
export interface PublishedLicense {
  /** Bytes to store in the container, unchanged. */
  readonly publishingLicense: Uint8Array;
  readonly contentKey: Uint8Array;
  readonly cipherMode: string;
  /** GUID in braces. */
  readonly contentId: string;
  readonly owner: string;
}

/** What a user gets for a publishing license: content key, rights, validity. Wipe the key when done. */
export interface UseLicense {
  readonly contentKey: Uint8Array;
  readonly cipherMode: string;
  /** Granted rights, upper case. `OWNER` includes every other. */
  readonly rights: readonly string[];
  readonly owner: string;
  readonly issuedTo: string;
  readonly contentId: string;
  /** The template the content was protected with, if any. */
  readonly templateId: string | undefined;
  /** When the content expires for this user, if it does. */
  readonly contentValidUntil: Date | undefined;
  /** Until when this license may be used without asking again; `undefined` is unlimited. */
  readonly licenseValidUntil: Date | undefined;
  /** Whether the license must not be kept at all (offline use is not allowed). */
  readonly onlineOnly: boolean;
  readonly referrer: string | undefined;
  /** The policy, where the user may see it (`VIEWRIGHTSDATA`, or owner). */
  readonly policy: Policy | undefined;
  readonly signedApplicationData: Readonly<Record<string, string>>;
  readonly encryptedApplicationData: Readonly<Record<string, string>>;
}

/** A certificate and key with which a client publishes without asking the service for each file. */
export interface ClientLicensor {
  /** The certificate chain, leaf first, as XrML text in UTF-8. */
  readonly certificateChain: Uint8Array;
  /** PKCS#8 of the certificate's private key. */
  readonly privateKey: Uint8Array;
}

/** What the service is told about the file that is opened, for its log. */
export interface AcquireOptions extends WaitOptions {
  readonly contentName?: string | undefined;
}

/**
 * Whoever issues publishing and use licenses: our authority in this process, a Sealwright server, Azure RMS.
 * All of them pass the same contract suite.
 */
export interface LicensingService {
  /** Templates this user may protect with. */
  listTemplates(options?: WaitOptions): Promise<readonly TemplateSummary[]>;
  /** Issues a publishing license. Throws `TEMPLATE_NOT_FOUND`, `ACCESS_DENIED`. */
  publish(request: PublishRequest, options?: WaitOptions): Promise<PublishedLicense>;
  /** Issues a use license, or throws `ACCESS_DENIED` with the rule that refused, `UNTRUSTED_LICENSE`, `MALFORMED_LICENSE`. */
  acquireUseLicense(publishingLicense: Uint8Array, options?: AcquireOptions): Promise<UseLicense>;
  /** Gives what is needed to publish offline. */
  getClientLicensorCertificate(options?: WaitOptions): Promise<ClientLicensor>;
  /** Makes the content known to the service under `contentName`, so that it can be followed and revoked. */
  registerForTracking(
    publishingLicense: Uint8Array,
    contentName: string,
    options?: WaitOptions,
  ): Promise<void>;
  /** Withdraws a content from everyone, or from one user. Throws `CONTENT_NOT_FOUND`, `ACCESS_DENIED`. */
  revoke(contentId: string, options?: WaitOptions & { readonly user?: string | undefined }): Promise<void>;
  /** Undoes a revocation. Throws `CONTENT_NOT_FOUND`, `ACCESS_DENIED`. */
  restore(contentId: string, options?: WaitOptions & { readonly user?: string | undefined }): Promise<void>;
}
