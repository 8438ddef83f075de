import type { LabelMetadata } from '../label/index.ts';
import { columns } from './columns.ts';
import { printable } from './printable.ts';
import { timeText } from './quantity.ts';
import type { Terminal } from './terminal.ts';

type Row = readonly [says: string, value: string | undefined];

/** What a label put into the document, by its bit. */
const markings: readonly (readonly [bit: number, text: string])[] = [
  [1, 'header'],
  [2, 'footer'],
  [4, 'watermark'],
  [8, 'encryption'],
];

/** The labels of a file, for a person: a block with one fact a line for each of them. */
export function labelLines(path: string, labels: readonly LabelMetadata[], out: Terminal): string[] {
  const title = out.bold(printable(path));
  const present = labels.filter((label) => !label.removed);
  const removed = labels.filter((label) => label.removed);
  const state = present.length === 0 ? out.yellow('no label') : out.green(present.map(nameOf).join(', '));
  return [
    `${title}  ${state}`,
    ...present.flatMap((label) => factLines(label, out)),
    ...removed.map(
      ({ siteId }) =>
        `  ${out.dim(`a label of the tenant ${printable(siteId ?? 'nobody named')} was removed`)}`,
    ),
  ];
}

const nameOf = (label: LabelMetadata): string => printable(label.name ?? label.id);

function factLines(label: LabelMetadata, out: Terminal): string[] {
  const rows: Row[] = [
    ['label', label.name],
    ['id', label.id],
    ['enabled', label.enabled ? undefined : 'no'],
    ['tenant', label.siteId],
    ['parent', label.parentId],
    ['owner', label.owner],
    ['set', time(label.setDate)],
    ['method', label.method],
    ['marking', markingText(label.contentBits)],
    ['application', label.application],
    ...Object.entries(label.extended),
  ];
  const present = rows.filter((row): row is readonly [string, string] => row[1] !== undefined);
  return columns(
    present.map(([says, value]) => [out.dim(printable(says).padEnd(12)), printable(value)]),
    '  ',
  );
}

function markingText(bits: number | undefined): string | undefined {
  if (bits === undefined) return undefined;
  const texts = markings.filter(([bit]) => (bits & bit) !== 0).map(([, text]) => text);
  return texts.length === 0 ? 'none' : texts.join(', ');
}

function time(written: string | undefined): string | undefined {
  if (written === undefined) return undefined;
  const date = new Date(written);
  return Number.isNaN(date.getTime()) ? written : timeText(date);
}
