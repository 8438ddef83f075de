import type { Command } from 'commander';
import {
  type ContentExpiration,
  type GrantInput,
  type LocalizedName,
  type TemplateInput,
  usEnglish,
} from '../../rights/index.ts';
import { addAuthorityOptions, withAuthority } from '../authority-options.ts';
import { carryOut, jsonOption, type Outcome } from '../command-action.ts';
import { addExamples } from '../examples-text.ts';
import { grantOption, grantsOf, offlineDaysOf } from '../policy-options.ts';
import { collect } from '../repeatable-option.ts';
import { type Session, writeLine } from '../session.ts';
import { templateJson, templateLines } from '../template-text.ts';
import { parseTime, parseWholeNumber } from '../time-option.ts';
import { usageError } from '../usage-error.ts';
import type { TemplateOptions } from './templates-show.ts';

interface DefineOptions extends TemplateOptions {
  readonly id?: string;
  readonly name?: string;
  readonly description?: string;
  readonly grant?: readonly string[];
  readonly validUntil?: string;
  readonly validDays?: string;
  readonly offlineDays?: string;
  readonly referrer?: string;
  readonly scope?: readonly string[];
  readonly archived?: boolean;
}

/** `sealwright templates add`. */
export function addTemplatesAddCommand(templates: Command, session: Session, outcome: Outcome): void {
  const command = templates
    .command('add')
    .summary('make a template')
    .description('Makes a template. It is published at once, unless --archived is given.');
  contentOptions(addAuthorityOptions(command))
    .option('--id <id>', 'its id, a GUID; a random one by default')
    .option('--archived', 'do not offer it yet')
    .option(...jsonOption)
    .action((options: DefineOptions) =>
      carryOut(session, outcome, options, async () => {
        if (options.name === undefined) throw usageError('Name the template: --name "Staff only".');
        const grants = grantsOf(options.grant);
        if (grants.length === 0)
          throw usageError('Say who may do what: --grant contoso.com=Reviewer (repeatable).');
        const input: TemplateInput = {
          ...changes(options),
          id: options.id,
          names: [nameOf(options, { lcid: usEnglish, name: options.name, description: '' })],
          grants,
          state: options.archived ? 'archived' : 'published',
        };
        const template = await withAuthority(session, options, (authority) =>
          authority.templates.create(input),
        );
        await show(session, options, 'Added', template);
        return undefined;
      }),
    );
  addExamples(command, [
    [
      'everyone at Contoso may read, edit and save',
      'sealwright templates add --authority authority --name "Staff only" --grant contoso.com=Reviewer',
    ],
    [
      'two grants; content expires 30 days after it was protected',
      'sealwright templates add --authority authority --name "Board" --grant board@contoso.com=Co-Author --grant audit@contoso.com=VIEW --valid-days 30',
    ],
  ]);
}

/** `sealwright templates update`. */
export function addTemplatesUpdateCommand(templates: Command, session: Session, outcome: Outcome): void {
  const command = templates
    .command('update')
    .argument('<id>', 'id of the template')
    .summary('change a template')
    .description(
      'Changes what the options name and keeps the rest; --grant replaces all grants. Takes effect the next time somebody opens a file.',
    );
  contentOptions(addAuthorityOptions(command))
    .option(...jsonOption)
    .action((id: string, options: DefineOptions) =>
      carryOut(session, outcome, options, async () => {
        const grants = options.grant === undefined ? undefined : grantsOf(options.grant);
        const wanted = changes(options);
        const template = await withAuthority(session, options, async (authority) => {
          const old = await authority.templates.get(id);
          const [first, ...others] = old.names;
          return authority.templates.update(old.id, {
            ...old,
            ...wanted,
            names: first === undefined ? old.names : [nameOf(options, first), ...others],
            grants: grants ?? old.grants,
          });
        });
        await show(session, options, 'Changed', template);
        return undefined;
      }),
    );
  addExamples(command, [
    [
      'from now on, Bob may only read what this template protects',
      'sealwright templates update 9a3c1b52-7d64-4f0e-b1c8-3e5f7a9d2c41 --grant bob@contoso.com=Viewer --authority authority',
    ],
  ]);
}

function contentOptions(command: Command): Command {
  return command
    .option('--name <name>', 'what people see')
    .option('--description <text>', 'what it is for')
    .option(...grantOption, collect)
    .option('--valid-until <time>', 'content expires then (2026-12-31 is to the end of that day; or +30d)')
    .option('--valid-days <days>', 'content expires that many days after it was protected')
    .option('--offline-days <days>', 'days it opens without asking the authority: 0 never, -1 any time')
    .option('--referrer <address>', 'whom to ask for access, a mail address or URL')
    .option('--scope <who>', 'offer it only to this user, group or domain (repeatable)', collect);
}

/** The fields that options were given for. */
function changes(options: DefineOptions): Partial<
  Pick<TemplateInput, 'expiration' | 'offlineDays' | 'referrer' | 'scope'>
> & {
  grants?: GrantInput[];
} {
  const expiration = expirationOf(options);
  return {
    ...(expiration === undefined ? {} : { expiration }),
    ...(options.offlineDays === undefined ? {} : { offlineDays: offlineDaysOf(options.offlineDays) }),
    ...(options.referrer === undefined ? {} : { referrer: options.referrer }),
    ...(options.scope === undefined ? {} : { scope: options.scope }),
  };
}

function nameOf(options: DefineOptions, old: LocalizedName): LocalizedName {
  return {
    ...old,
    name: options.name ?? old.name,
    description: options.description ?? old.description,
  };
}

function expirationOf({ validUntil, validDays }: DefineOptions): ContentExpiration | undefined {
  if (validUntil !== undefined && validDays !== undefined) {
    throw usageError('--valid-until and --valid-days exclude each other. Leave one of them out.');
  }
  if (validUntil !== undefined) return { kind: 'on', date: parseTime(validUntil, '--valid-until', 'end') };
  if (validDays !== undefined)
    return { kind: 'after', days: parseWholeNumber(validDays, '--valid-days', 1, 9999) };
  return undefined;
}

async function show(
  session: Session,
  options: DefineOptions,
  done: string,
  template: Parameters<typeof templateJson>[0],
): Promise<void> {
  const { out, stdout } = session;
  if (options.json) return writeLine(stdout, JSON.stringify(templateJson(template)));
  const [title = '', ...rest] = templateLines(template, out);
  for (const line of [`${out.green(done)} ${title}`, ...rest]) await writeLine(stdout, line);
}
