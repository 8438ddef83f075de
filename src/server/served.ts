import type { RequestFacts } from '../authority/index.ts';
import type { Answer, AnswerHeaders } from './answer.ts';
import { toResponse } from './answer.ts';
import type { Caller } from './caller.ts';
import { requestFacts } from './protocol/request-facts.ts';
import type { Connection } from './server-options.ts';

/** A request while it is served: what is found out about it, for its answer, its line in the log and the metrics. */
export interface Served extends Connection {
  readonly id: string;
  readonly request: Request;
  readonly headers: AnswerHeaders;
  /** Milliseconds of a clock that never goes back. */
  readonly since: number;
  /** As it is defined, never as it was sent. */
  route: string;
  /** Whether somebody else's part made the response. */
  mounted?: boolean;
  caller?: Caller;
  facts?: RequestFacts;
  decision?: string;
  code?: string;
  reason?: string;
  defect?: unknown;
}

/** Begins to serve a request. */
export const beginServing = (request: Request, connection: Connection, more: AnswerHeaders): Served => {
  const id = crypto.randomUUID();
  return {
    id,
    request,
    address: connection.address,
    headers: { ...more, 'x-request-id': id },
    since: performance.now(),
    route: 'unknown',
  };
};

/** What the headers say for the usage log; read when it is first needed. */
export function factsOf(served: Served): RequestFacts {
  served.facts ??= requestFacts(served.request.headers, served.address);
  return served.facts;
}

/** The response of an answer to this request. */
export const respond = (served: Served, answer: Answer): Response =>
  toResponse(answer, served.headers, served.request.method !== 'HEAD');
