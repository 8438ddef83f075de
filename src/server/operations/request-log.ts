import type { Caller } from '../caller.ts';

/** What a request came to, for its line in the log. */
export interface RequestOutcome {
  readonly id: string;
  readonly method: string;
  /** The route as it is defined, never the path as it was sent. */
  readonly route: string;
  readonly status: number;
  /** Milliseconds. */
  readonly duration: number;
  readonly correlationId?: string | undefined;
  /** Code and reason of what went wrong. */
  readonly code?: string | undefined;
  readonly reason?: string | undefined;
  /** What was decided about the content: `granted`, or the rule that refused. */
  readonly decision?: string | undefined;
  readonly caller?: Caller | undefined;
  readonly address?: string | undefined;
  /** What was thrown, if it is a defect. */
  readonly defect?: unknown;
}

/**
 * One line of JSON for a request (spec/server.md, "Logs"): never a token, a body or a query; addresses of people and machines
 * only where that is asked for.
 */
export function requestLine(at: Date, outcome: RequestOutcome, personalData: boolean): string {
  const { caller, address, defect, ...said } = outcome;
  return JSON.stringify({
    time: at.toISOString(),
    level: defect !== undefined ? 'error' : outcome.status >= 500 ? 'warning' : 'info',
    event: 'request',
    ...said,
    issuer: caller?.issuer,
    home: caller?.home,
    ...(personalData && { caller: caller?.identity.email, address }),
    ...(defect !== undefined && { defect: traceOf(defect) }),
  });
}

/** Where in our code it happened. A message may hold what a client sent, so only its kind is kept. */
function traceOf(defect: unknown): string {
  if (!(defect instanceof Error)) return typeof defect;
  const frames = (defect.stack ?? '')
    .split('\n')
    .filter((line) => /^\s+at /.test(line))
    .slice(0, 12)
    .map((line) => line.trim());
  return [defect.name, ...frames].join(' | ');
}

/** A line about the server itself. */
export const eventLine = (at: Date, event: string, facts: Readonly<Record<string, unknown>> = {}): string =>
  JSON.stringify({ time: at.toISOString(), level: 'info', event, ...facts });
