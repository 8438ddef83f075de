import { type Command, Option } from 'commander';
import type { NewLabel } from '../label/index.ts';
import { parseGuid, quoteBriefly } from '../rights/index.ts';
import { collect } from './repeatable-option.ts';
import { parseTime, parseWholeNumber } from './time-option.ts';
import { usageError } from './usage-error.ts';

/** What the options say of a label. */
export interface LabelOptions {
  readonly id?: string;
  readonly site?: string;
  readonly name?: string;
  readonly method?: 'standard' | 'privileged';
  readonly contentBits?: string;
  readonly date?: string;
  readonly property?: readonly string[];
}

const methods = { standard: 'Standard', privileged: 'Privileged' } as const;

/** Adds the options that describe a label. */
export function addLabelOptions(command: Command): Command {
  return command
    .option('--id <guid>', "the label's GUID")
    .option('--site <guid>', 'the GUID of the tenant (directory) the label belongs to')
    .option('--name <name>', "the label's name")
    .addOption(
      new Option('--method <how>', 'privileged if a person chose the label, standard if a program did')
        .choices(Object.keys(methods))
        .default('standard'),
    )
    .option(
      '--content-bits <n>',
      'what the label put into the file, as a sum: 1 header, 2 footer, 4 watermark, 8 encryption',
    )
    .option('--date <time>', 'when it was set; by default the time the file states for this label, or now')
    .option(
      '--property <name=value>',
      "a fact of your organization's own to keep with it (repeatable)",
      collect,
    );
}

/** Reads the label that the options describe. */
export function readLabelOptions(options: LabelOptions): NewLabel {
  const { id, site, contentBits, date, method = 'standard' } = options;
  if (id === undefined)
    throw usageError('Which label? Add --id with the GUID of the label, and --site with that of its tenant.');
  if (site === undefined)
    throw usageError('Whose label is it? Add --site with the GUID of the tenant (directory) it belongs to.');
  return {
    id: labelGuid(id, '--id', 'a label'),
    siteId: labelGuid(site, '--site', 'a tenant'),
    name: options.name,
    method: methods[method],
    contentBits:
      contentBits === undefined ? undefined : parseWholeNumber(contentBits, '--content-bits', 0, 15),
    setDate: date === undefined ? undefined : parseTime(date, '--date', 'start'),
    extended: Object.fromEntries((options.property ?? []).map(propertyOf)),
  };
}

/** The GUID in what was typed for an option. */
export function labelGuid(text: string, option: string, whose: string): string {
  const guid = parseGuid(text);
  if (guid !== undefined) return guid;
  throw usageError(
    `${option} takes the GUID of ${whose}, such as 10000000-0000-4000-8000-000000000001, not ${quoteBriefly(text)}.`,
  );
}

function propertyOf(text: string): readonly [string, string] {
  const equals = text.indexOf('=');
  if (equals > 0) return [text.slice(0, equals), text.slice(equals + 1)];
  throw usageError(`--property takes NAME=VALUE, such as Department=Finance, not ${quoteBriefly(text)}.`);
}
