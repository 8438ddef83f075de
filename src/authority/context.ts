import type { CertificateIssuer, KeyCustodian, ServerParty } from '../license/index.ts';
import type { RandomBytes } from '../rights/index.ts';
import type { TrustAnchor } from '../xrml/index.ts';
import type { AuthorityFacts, RequestFacts } from './authority.ts';
import type { RecentLicenses } from './recent-licenses.ts';
import type { AuthorityStore } from './store/authority-store.ts';

/** How an authority shows itself in what it issues. */
export interface AuthoritySelf {
  readonly facts: AuthorityFacts;
  readonly server: ServerParty;
  readonly issuer: CertificateIssuer;
  /** The `<XrML>` text of the server licensor certificate. */
  readonly serverCertificate: string;
}

/** What every request to the authority works with. */
export interface AuthorityContext {
  readonly store: AuthorityStore;
  readonly custodian: KeyCustodian;
  /** The authority's own key: the only anchor its licenses may hang on. */
  readonly anchor: TrustAnchor;
  readonly recentLicenses: RecentLicenses;
  /** How the authority shows itself now. */
  readonly self: () => AuthoritySelf;
  readonly now: () => Date;
  readonly randomBytes: RandomBytes;
  /** What the caller knows of the one request this context is for. */
  readonly request?: RequestFacts | undefined;
}
