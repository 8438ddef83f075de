import type { LookupAddress } from 'node:dns';
import type { ResolveSrv, ServiceTrust, TokenProvider } from '../../licensing/index.ts';
import type { Network, NetworkOptions } from '../../node/network/index.ts';
import type { DoctorTarget } from './finding.ts';

/** How services are examined. */
export interface DiagnoseOptions {
  readonly targets: readonly DoctorTarget[];
  /** Proxies and certificates, as every other command uses them. */
  readonly network?: NetworkOptions | undefined;
  readonly trust?: ServiceTrust | undefined;
  /** Whose token, where somebody is signed in. Without it, what needs a token is skipped. */
  readonly tokens?: TokenProvider | undefined;
  readonly user?: string | undefined;
  /** Milliseconds for each check. Default 10,000. */
  readonly timeout?: number | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly now?: (() => Date) | undefined;
  /** Looks addresses up; by default the system. */
  readonly lookup?: ((host: string) => Promise<readonly LookupAddress[]>) | undefined;
  readonly resolveSrv?: ResolveSrv | undefined;
}

/** What the checks of one target share. */
export interface Examination {
  readonly target: DoctorTarget;
  readonly network: Network;
  readonly options: DiagnoseOptions;
  readonly hostname: string;
  readonly port: number;
  /** `host:port` */
  readonly place: string;
  /** Milliseconds. */
  readonly timeout: number;
  readonly now: () => Date;
  /** A signal that ends one check: its time is up, or the person stopped. */
  readonly limit: () => AbortSignal;
}

/** The system's code of an error or of what caused it. */
export function codeOf(error: unknown): string {
  let current: unknown = error;
  for (let depth = 0; depth < 4 && typeof current === 'object' && current !== null; depth++) {
    if ('code' in current && typeof current.code === 'string') return current.code;
    if ('errors' in current && Array.isArray(current.errors)) current = current.errors[0];
    else current = 'cause' in current ? current.cause : undefined;
  }
  return '';
}

/** A time for a person. */
export const span = (milliseconds: number): string =>
  milliseconds < 1000 ? `${Math.round(milliseconds)} ms` : `${(milliseconds / 1000).toFixed(1)} s`;
