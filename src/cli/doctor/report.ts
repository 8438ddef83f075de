import { printable } from '../printable.ts';
import { countOf } from '../quantity.ts';
import type { Terminal } from '../terminal.ts';
import { wrap } from '../wrap.ts';
import type { DoctorTarget, Finding } from './finding.ts';
import type { Check, FindingState } from './verdicts.ts';

const widest = 100;
const narrowest = 50;
const stateWidth = 'skipped'.length;
const indent = ' '.repeat(2 + stateWidth + 2);

const titles: Readonly<Record<Check, string>> = {
  path: 'Way',
  name: 'Name',
  connection: 'Connection',
  tls: 'Encryption',
  certificate: 'Certificate',
  answer: 'Answer',
  challenge: 'Sign-in',
  clock: 'Clock',
  token: 'Token',
  discovery: 'Discovery',
  license: 'License',
};
const titleWidth = Math.max(...Object.values(titles).map(({ length }) => length));

/** The headline over the findings of one service. */
export function targetLine({ url, purpose, need }: DoctorTarget, out: Terminal): string {
  const note = need === 'required' ? purpose : `${purpose}, ${need}`;
  return `${out.bold(printable(url.href.replace(/\/$/, '')))}  ${out.dim(note)}`;
}

/**
 * One finding as lines: what was tried and seen; with anything but "ok" also what it means and what to do, and with
 * `explain` always.
 */
export function findingLines(found: Finding, out: Terminal, { explain = false } = {}): readonly string[] {
  const width = Math.max(narrowest, Math.min(out.columns, widest));
  const first = `  ${stateText(found.state, out)}  `;
  const title = out.bold(titles[found.check].padEnd(titleWidth));
  const hanging = indent.length + titleWidth + 2;
  const [line = '', ...more] = wrap(printable(found.seen), width - hanging);
  const lines = [`${first}${title}  ${line}`, ...more.map((text) => ' '.repeat(hanging) + text)];
  if (found.state === 'ok' && !explain) return lines;
  const detail = (name: string, text: string, style: (text: string) => string) =>
    wrap(text, width - hanging).map((part, index) => {
      const label = index === 0 ? name.padStart(titleWidth) : ' '.repeat(titleWidth);
      return `${indent}${out.dim(label)}  ${style(part)}`;
    });
  const plain = (text: string) => text;
  return [
    ...lines,
    ...detail('tried', printable(found.tried), out.dim),
    ...detail('means', found.means, plain),
    ...(found.advice === undefined
      ? []
      : detail('do', found.advice, found.state === 'ok' ? plain : out.bold)),
  ];
}

/** Findings that were skipped for one reason, in one breath. */
export function skippedLines(skipped: readonly Finding[], out: Terminal): readonly string[] {
  const [first] = skipped;
  if (first === undefined) return [];
  const width = Math.max(narrowest, Math.min(out.columns, widest)) - indent.length;
  const names = skipped.map(({ check }) => titles[check]).join(', ');
  const why = first.means.charAt(0).toLowerCase() + first.means.slice(1);
  const text = `${names}: ${why}${first.advice === undefined ? '' : ` ${first.advice}`}`;
  return wrap(text, width).map((line, index) =>
    out.dim((index === 0 ? `  ${'skipped'.padEnd(stateWidth)}  ` : indent) + line),
  );
}

/** What it all comes to. */
export function summaryLine(findings: readonly Finding[], out: Terminal): string {
  const count = (state: FindingState) => findings.filter((found) => found.state === state).length;
  const [failed, warnings, skipped] = [count('failed'), count('warning'), count('skipped')];
  const parts = [
    ...(failed === 0 ? [] : [out.red(`${failed} failed`)]),
    ...(warnings === 0 ? [] : [out.yellow(countOf(warnings, 'warning'))]),
    out.green(`${count('ok')} ok`),
    ...(skipped === 0 ? [] : [out.dim(`${skipped} skipped`)]),
  ];
  return parts.join(', ');
}

function stateText(state: FindingState, out: Terminal): string {
  const text = state.padEnd(stateWidth);
  switch (state) {
    case 'ok':
      return out.green(text);
    case 'warning':
      return out.yellow(text);
    case 'failed':
      return out.red(text);
    default:
      return out.dim(text);
  }
}
