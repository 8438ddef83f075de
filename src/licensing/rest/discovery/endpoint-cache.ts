import type { Endpoints } from './endpoints.ts';

/** Endpoints that were found lately, in memory. */
export interface EndpointCache {
  get(key: string): Endpoints | undefined;
  set(key: string, endpoints: Endpoints): void;
  delete(key: string): void;
}

const lifetime = 60 * 60 * 1000;
const most = 256;

/**
 * Keeps endpoints for an hour, the 256 that were stored last. Keys say what was asked about and for what purpose: what
 * was found for somebody's own service must never serve for content of another organization.
 */
export function endpointCache(now: () => Date): EndpointCache {
  const kept = new Map<string, { readonly endpoints: Endpoints; readonly since: number }>();
  return {
    get(key) {
      const found = kept.get(key);
      if (found === undefined) return undefined;
      const age = now().getTime() - found.since;
      if (age >= 0 && age < lifetime) return found.endpoints;
      kept.delete(key);
      return undefined;
    },
    set(key, endpoints) {
      kept.delete(key);
      kept.set(key, { endpoints, since: now().getTime() });
      const [oldest] = kept.keys();
      if (kept.size > most && oldest !== undefined) kept.delete(oldest);
    },
    delete(key) {
      kept.delete(key);
    },
  };
}
