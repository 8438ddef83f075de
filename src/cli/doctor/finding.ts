import type { EndpointNeed } from './endpoint-table.ts';
import { type Check, type FindingState, type Verdict, type VerdictMeaning, verdicts } from './verdicts.ts';

/** A service to examine. */
export interface DoctorTarget {
  readonly url: URL;
  readonly purpose: string;
  readonly need: EndpointNeed;
  /** Whether it is the entry to the protocol, which is asked and signed in to; others are only connected to. */
  readonly entry: boolean;
  /** Whether it is the service that one signed in to: no other is shown a token. */
  readonly own: boolean;
}

/** What one check found. No member ever holds a token, a key or a password. */
export interface Finding {
  /** `https://api.aadrm.com` */
  readonly target: string;
  readonly check: Check;
  readonly verdict: Verdict;
  readonly state: FindingState;
  readonly tried: string;
  readonly seen: string;
  readonly means: string;
  readonly advice: string | undefined;
  /** Details for programs. */
  readonly facts: Readonly<Record<string, string | number | readonly string[]>>;
}

/** What a check says itself; the rest stands in the table of verdicts. */
export interface Observation {
  readonly tried: string;
  readonly seen: string;
  readonly facts?: Finding['facts'];
}

/** Puts a finding together. What is not required is no failure when it is missing. */
export function finding(
  target: DoctorTarget,
  verdict: Verdict,
  { tried, seen, facts = {} }: Observation,
  check?: Check,
): Finding {
  const meaning: VerdictMeaning = verdicts[verdict];
  const state = meaning.state === 'failed' && target.need !== 'required' ? 'warning' : meaning.state;
  const own = check ?? (meaning.check === 'any' ? 'path' : meaning.check);
  const { means, advice } = meaning;
  return { target: target.url.origin, check: own, verdict, state, tried, seen, means, advice, facts };
}
