import type { Authority, RequestFacts } from '../../authority/index.ts';
import type { LicensingService } from '../../licensing/index.ts';
import type { Caller } from '../caller.ts';

/** The versions of the protocol, which differ in nothing but their paths. */
export const protocolVersions = ['v1', 'v2'] as const;

/** One of {@link protocolVersions}. */
export type ProtocolVersion = (typeof protocolVersions)[number];

/** A signed-in request to an endpoint of the protocol. */
export interface Call {
  readonly version: ProtocolVersion;
  readonly request: Request;
  /** The parsed body; `undefined` for GET. */
  readonly body: unknown;
  readonly caller: Caller;
  readonly authority: Authority;
  /** What the usage log is told of the request. */
  readonly facts: RequestFacts;
  /** Origin of the server, without a slash at the end. */
  readonly origin: string;
  /** Tells log and metrics what was decided: `granted`, or the rule that refused. */
  decided(outcome: string): void;
}

/** The licensing service as the caller sees it. */
export const serviceFor = ({ authority, caller, facts }: Call): LicensingService =>
  authority.as(caller.identity, facts);
