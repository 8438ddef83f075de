import type { z } from 'zod';
import type { Authority, RequestFacts } from '../../authority/index.ts';
import type { AdministratorRole, Caller } from '../caller.ts';
import type { Administrators } from './administrators.ts';

/** What an operation works with. */
export interface AdministrativeCall {
  readonly authority: Authority;
  readonly administrators: Administrators;
  readonly caller: Caller;
  readonly facts: RequestFacts | undefined;
  /** The part of the path that names something, or an empty text. */
  readonly id: string;
  /** Parameters of the query, by name. */
  readonly query: Readonly<Record<string, string>>;
  /** Body as JSON; `undefined` for operations that take none. */
  readonly body: unknown;
  /** Body as bytes. */
  readonly bytes: Uint8Array;
}

/** Something an administrator can do, and who may (spec/server.md, "Administrators"). */
export interface AdministrativeOperation {
  /** How the log names it. */
  readonly name: string;
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** Below `/admin/v1`, as hono writes it. */
  readonly path: string;
  /** Anyone of these. */
  readonly roles: readonly AdministratorRole[];
  readonly summary: string;
  readonly query?: z.ZodObject | undefined;
  /** A schema for JSON; a media type for bytes. */
  readonly request?: z.ZodType | string | undefined;
  /** A schema for JSON; media types for anything else. */
  readonly answer: z.ZodType | readonly string[];
  handle(call: AdministrativeCall): Promise<Outcome>;
}

/** A value for JSON, or a body of another type. */
export interface Outcome {
  readonly json?: unknown;
  readonly body?: Uint8Array | ReadableStream<Uint8Array> | undefined;
  readonly type?: string | undefined;
  /** What the log says it was done to, where the path does not say. */
  readonly target?: string | undefined;
}
