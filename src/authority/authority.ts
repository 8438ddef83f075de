import type { LicensingService } from '../licensing/index.ts';
import type { Identity, Template, TemplateInput } from '../rights/index.ts';
import type { UsageRecord } from './usage-log/usage-record.ts';

/** Template administration. Changes take effect with the next use license. */
export interface AuthorityTemplates {
  /** Creates a template, published unless stated otherwise. Throws `INVALID_ARGUMENT` if the id is taken. */
  create(input: TemplateInput): Promise<Template>;
  /** Replaces a template under its id. Throws `TEMPLATE_NOT_FOUND`. */
  update(id: string, input: TemplateInput): Promise<Template>;
  /** All templates, archived ones included. */
  list(): Promise<readonly Template[]>;
  /** Throws `TEMPLATE_NOT_FOUND`. */
  get(id: string): Promise<Template>;
  /** Hides a template from people who protect; existing content still opens. */
  archive(id: string): Promise<Template>;
  publish(id: string): Promise<Template>;
  /** Content protected with a deleted template opens for owner and issuer only. */
  delete(id: string): Promise<void>;
  /** The template as signed XrML (an official rights template). */
  export(id: string): Promise<Uint8Array>;
  /** Recreates an exported template under its id, archived, replacing one with that id. Throws `MALFORMED_LICENSE`, `UNTRUSTED_LICENSE`. */
  import(document: Uint8Array): Promise<Template>;
}

/** Which rows of the usage log to give. */
export interface UsageLogFilter {
  readonly from?: Date | undefined;
  readonly until?: Date | undefined;
}

/** What a server knows about a request beside who sent it, for the usage log (spec/usage-log.md, "Repeated requests"). */
export interface RequestFacts {
  /**
   * GUID the client gave its request. A client that got no answer repeats the request under the same id: it is
   * decided again, and logged once. Anything but a GUID counts as none.
   */
  readonly correlationId?: string | undefined;
  /** The client, as it describes itself. */
  readonly clientInfo?: string | undefined;
  /** Network address of the caller. */
  readonly clientAddress?: string | undefined;
  /** Mail address of an administrator who acts for this person: the row is theirs, and names both. */
  readonly administrator?: string | undefined;
  /** Windows locale ids of the languages the caller wants names in, best first. */
  readonly locales?: readonly number[] | undefined;
}

/** What the authority tells about itself. */
export interface AuthorityFacts {
  /** GUID, lower case, without braces. */
  readonly id: string;
  readonly name: string;
  readonly createdAt: Date;
  readonly keyBits: number;
  /** Where it is reached over the network, `https://host`; `undefined` if it was given no address. */
  readonly url: string | undefined;
  /** SHA-256 of the little-endian modulus, hexadecimal: what a client pins. */
  readonly keySha256: string;
}

/**
 * Our own licensing service: keys, templates, decisions, usage log, revocation. In this in-process form
 * **identity is asserted by the caller**: whoever can open the authority's folder can act as anyone.
 * A server derives identity from verified tokens instead.
 */
export interface Authority {
  /** As they are now: the address can change. */
  readonly facts: AuthorityFacts;
  readonly templates: AuthorityTemplates;
  /**
   * The licensing service as this person sees it. The caller vouches for the identity. A server passes what it knows
   * of the request in `request`; a service made with it serves that one request.
   */
  as(identity: string | Identity, request?: RequestFacts): LicensingService;
  /**
   * Says where the authority is reached over the network: licenses and certificates made from now on name it, so that
   * somebody who has nothing but a file finds the service. What was made before keeps opening. `undefined` takes the
   * address away. Other processes that have the authority open learn of it when they open it again.
   *
   * Throws `INVALID_ARGUMENT` unless `url` is `https://host`, or `http:` on this machine.
   */
  setUrl(url: string | undefined): Promise<void>;
  /** The usage log in the order it was written. */
  usageLog(filter?: UsageLogFilter): AsyncIterable<UsageRecord>;
  /** Everything (keys, templates, contents, revocations, log) as one file, encrypted under `passphrase`. */
  export(passphrase: string): ReadableStream<Uint8Array>;
  /** Closes the store and wipes keys. */
  close(): Promise<void>;
}
