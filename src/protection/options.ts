import type { WaitOptions } from '../bytes/index.ts';
import type { CipherModeName, CryptoBackend } from '../cipher/index.ts';
import type { LicensingService } from '../licensing/index.ts';
import type { Policy, PolicyInput } from '../rights/index.ts';

/** What everything that asks a licensing service needs. */
export interface ServiceOptions extends WaitOptions {
  /** Who issues the license: an authority acting for a user, or a remote service. */
  readonly service: LicensingService;
  /** Name of the file, without a path: decides names and is told to the service for its log. */
  readonly name?: string | undefined;
  /** Who does the AES arithmetic; by default the fastest there is. */
  readonly backend?: CryptoBackend | undefined;
  /** The clock, for tests. */
  readonly now?: (() => Date) | undefined;
}

/** A policy of one's own or a template; exactly one. */
export type PolicyChoice =
  | { readonly policy: PolicyInput | Policy; readonly template?: undefined }
  | { readonly template: string; readonly policy?: undefined };

/** What can be chosen when protecting. */
export interface ProtectSettings {
  /** `microsoft`: use a cipher mode that Microsoft's readers know. They do not detect tampering. */
  readonly interop?: 'microsoft' | undefined;
  /** The exact cipher mode to ask the service for; `interop` is the simpler way. */
  readonly cipherMode?: CipherModeName | undefined;
  /** PFILE version to write: `3.0` (default) or `2.1`. */
  readonly formatVersion?: string | undefined;
  /** Container metadata to store, such as a label packet. Neither encrypted nor signed. */
  readonly metadata?: Uint8Array | undefined;
  /** E-mail address of the owner, if not the person who protects. */
  readonly owner?: string | undefined;
}

/** Options of `protect`. */
export type ProtectOptions = ServiceOptions & ProtectSettings & PolicyChoice;

/** Options of `open` and `removeProtection`. */
export type OpenOptions = ServiceOptions;

/** Options of `reprotect`. */
export type ReprotectOptions = ProtectOptions;
