import type { CertificateIssuer, KeyCustodian, ServerParty } from '../license/index.ts';
import type { RandomBytes } from '../rights/index.ts';
import type { TrustAnchor } from '../xrml/index.ts';
import type { RequestFacts } from './authority.ts';
import type { AuthorityStore } from './store/authority-store.ts';

/** What every request to the authority works with. */
export interface AuthorityContext {
  readonly store: AuthorityStore;
  readonly custodian: KeyCustodian;
  readonly server: ServerParty;
  readonly issuer: CertificateIssuer;
  /** The authority's own key: the only anchor its licenses may hang on. */
  readonly anchor: TrustAnchor;
  /** The `<XrML>` text of the server licensor certificate. */
  readonly serverCertificate: string;
  readonly now: () => Date;
  readonly randomBytes: RandomBytes;
  /** What the caller knows of the one request this context is for. */
  readonly request?: RequestFacts | undefined;
}
