import type { Answered } from './answer-check.ts';
import type { Examination } from './examination.ts';
import { type Finding, finding } from './finding.ts';

const minute = 60_000;

/** Compares this machine's clock with the Date of the answer, which is cut to whole seconds. */
export function checkClock({ target }: Examination, { headers, at }: Answered): Finding {
  const tried = "compare the answer's Date with this machine's clock";
  const theirs = Date.parse(headers.get('date') ?? '');
  if (Number.isNaN(theirs)) {
    return finding(target, 'clock-unknown', { tried, seen: 'the answer has no Date that can be read' });
  }
  const difference = at.getTime() - theirs;
  const seconds = Math.round(difference / 1000);
  const size = Math.abs(difference);
  const verdict = size > 5 * minute ? 'clock-wrong' : size > minute ? 'clock-off' : 'clock-right';
  const seen =
    Math.abs(seconds) <= 2
      ? 'the same time'
      : `this machine is ${amount(Math.abs(seconds))} ${seconds > 0 ? 'ahead' : 'behind'}`;
  return finding(target, verdict, { tried, seen, facts: { secondsAhead: seconds } });
}

function amount(seconds: number): string {
  if (seconds < 120) return `${seconds} s`;
  if (seconds < 7200) return `${Math.round(seconds / 60)} minutes`;
  return seconds < 172_800 ? `${Math.round(seconds / 3600)} hours` : `${Math.round(seconds / 86_400)} days`;
}
