import { printable } from '../printable.ts';
import type { Terminal } from '../terminal.ts';

/** A line of the server's log, which is JSON, as a person at a terminal likes it. */
export function logText(line: string, terminal: Terminal): string {
  const record = JSON.parse(line) as Readonly<Record<string, unknown>>;
  const text = (name: string): string => (record[name] === undefined ? '' : printable(String(record[name])));
  const time = terminal.dim(text('time').slice(11, 19));
  if (record.status === undefined) return `${time} ${text('event')}`;
  const status = Number(record.status);
  const coloured = status >= 500 ? terminal.red : status >= 400 ? terminal.yellow : terminal.green;
  const parts = [
    time,
    coloured(text('status')),
    text('method').padEnd(4),
    text('route'),
    text('decision'),
    text('code'),
    text('reason'),
  ];
  return `${parts.filter((part) => part !== '').join(' ')} ${terminal.dim(`${text('duration')} ms`)}`;
}
