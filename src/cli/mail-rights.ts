import type { OpenedContent } from '../protection/index.ts';
import { printable } from './printable.ts';
import type { Terminal } from './terminal.ts';
import { wrapItem } from './wrap.ts';

/** Rights that decide what people do with a message, and how to say that somebody may not. */
const mailRights: readonly (readonly [right: string, verb: string])[] = [
  ['REPLY', 'answer it'],
  ['REPLYALL', 'answer everybody'],
  ['FORWARD', 'forward it'],
  ['EXTRACT', 'copy from it'],
  ['PRINT', 'print it'],
];

/** The rights of messages that the user does not have. */
export const notGranted = ({ may }: Pick<OpenedContent, 'may'>): readonly string[] =>
  mailRights.filter(([right]) => !may(right)).map(([right]) => right);

/** What the user may not do with an opened message, for a person. */
export function mailRightLines(opened: Pick<OpenedContent, 'may' | 'issuedTo'>, out: Terminal): string[] {
  const missing = mailRights.filter(([right]) => !opened.may(right));
  if (missing.length === 0) return [];
  const verbs = missing.map(([, verb]) => verb);
  const last = verbs.pop();
  const list = verbs.length === 0 ? last : `${verbs.join(', ')} or ${last}`;
  const names = missing.map(([right]) => right).join(', ');
  const text = `${printable(opened.issuedTo)} may not ${list} (${names} not granted).`;
  return wrapItem('  note ', `  ${out.yellow('note')} `, text, out);
}
