import { createPrivateKey, type KeyObject } from 'node:crypto';
import { wipe } from '../../bytes/index.ts';
import type { RsaPublicKey } from '../../license/index.ts';
import { type OpenService, type ServiceRecipe, setServiceRecipe } from '../../licensing/service-recipe.ts';
import type { Identity } from '../../rights/index.ts';
import type { Authority, RequestFacts } from '../authority.ts';
import { createAuthority } from '../create-authority.ts';
import { blockingCustodian } from './blocking-custodian.ts';
import { loadSqliteDriver } from './sqlite-driver.ts';
import { openSqliteStore } from './sqlite-store.ts';

/** The kind of the recipes for services of an authority in a folder. */
const kind = 'authority-in-folder';

/** What another thread of this process needs to open the authority for itself. */
interface FolderAuthorityParts {
  readonly database: string;
  /** As Node holds it: a thread is given the key, and neither its bytes nor the passphrase. */
  readonly key: KeyObject;
  readonly publicKey: RsaPublicKey;
  /** Two copies of SQLite in one process would undo each other's locks. */
  readonly driver: string;
}

interface FolderServiceData extends FolderAuthorityParts {
  readonly identity: string | Identity;
  readonly request: RequestFacts | undefined;
}

/** The same authority, whose services other threads can open for themselves (spec/bulk.md, "Threads"). */
export function withServicesInThreads(authority: Authority, parts: FolderAuthorityParts): Authority {
  let closed = false;
  return Object.freeze({
    get facts() {
      return authority.facts;
    },
    templates: authority.templates,
    as(identity, request) {
      const service = authority.as(identity, request);
      const data: FolderServiceData = { ...parts, identity, request };
      setServiceRecipe(service, () => (closed ? undefined : { kind, data }));
      return service;
    },
    setUrl: (url) => authority.setUrl(url),
    usageLog: (filter) => authority.usageLog(filter),
    export: (passphrase) => authority.export(passphrase),
    close() {
      closed = true;
      return authority.close();
    },
  } satisfies Authority);
}

/** Opens a service of an authority in a folder in this thread, which then has a connection and a key of its own. */
export const openFolderService: OpenService = async (recipe: ServiceRecipe) => {
  if (recipe.kind !== kind) return undefined;
  const { database, key, publicKey, driver: name, identity, request } = recipe.data as FolderServiceData;
  const driver = await loadSqliteDriver();
  if (driver.name !== name) return undefined;
  const store = await openSqliteStore(database, { driver });
  try {
    const custodian = blockingCustodian(copyOf(key), publicKey);
    const authority = await createAuthority({ store, custodian });
    return { service: authority.as(identity, request), close: () => authority.close() };
  } catch (error) {
    await store.close();
    throw error;
  }
};

/** Threads that share a key wait for one another. */
function copyOf(key: KeyObject): KeyObject {
  const der = key.export({ type: 'pkcs8', format: 'der' });
  try {
    return createPrivateKey({ key: der, type: 'pkcs8', format: 'der' });
  } finally {
    wipe(der);
  }
}
