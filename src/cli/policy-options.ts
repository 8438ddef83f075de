import { type Command, Option } from 'commander';
import type { ContainerName } from '../container/index.ts';
import { SealwrightError } from '../errors.ts';
import type { LicensingService } from '../licensing/index.ts';
import type { BulkPolicyChoice } from '../node/index.ts';
import type { PolicyChoice } from '../protection/index.ts';
import { type Grant, parseGrant, parseGuid } from '../rights/index.ts';
import {
  checkMailPolicy,
  goesByMessage,
  type MailPolicyOptions,
  mailPolicyFlag,
  messagePolicyOf,
  policyForMessage,
  policyForRecipients,
} from './mail-policy.ts';
import { collect } from './repeatable-option.ts';
import { parseTime, parseWholeNumber } from './time-option.ts';
import { usageError } from './usage-error.ts';

/** What the options say about who may do what until when. */
export interface PolicyOptions {
  readonly template?: string;
  readonly grant?: readonly string[];
  readonly onlyMe?: boolean;
  readonly validFrom?: string;
  readonly validUntil?: string;
  readonly offlineDays?: string;
  readonly referrer?: string;
  readonly owner?: string;
  readonly interop?: 'microsoft';
  readonly format?: ContainerName;
}

/** Explains `--grant` the same way everywhere. */
export const grantOption = [
  '--grant <who=rights>',
  'who may do what, as bob@contoso.com=VIEW,PRINT or contoso.com=Reviewer (repeatable)',
] as const;

const formatNames: readonly ContainerName[] = ['pfile', 'office', 'pdf', 'mail'];

/**
 * Adds the options that make a policy and say how content is protected under it.
 *
 * @param unsaidFormat what happens without `--format`
 */
export function addPolicyOptions(
  command: Command,
  unsaidFormat = 'by default Office documents, PDFs and messages keep theirs (office, pdf, mail), other files become pfile',
): Command {
  return command
    .option('--template <id>', 'the template to protect with: its id, or its exact name')
    .option(...grantOption, collect)
    .option('--only-me', 'nobody but the owner may open it')
    .option('--valid-from <time>', 'not to be opened earlier (2026-12-31, 2026-12-31T17:00Z or +12h)')
    .option('--valid-until <time>', 'not to be opened later (2026-12-31 is to the end of that day; or +30d)')
    .option('--offline-days <days>', 'days it opens without asking the authority: 0 never, -1 any time')
    .option('--referrer <address>', 'whom to ask for access, a mail address or URL')
    .option('--owner <email>', 'who owns the content, if not you')
    .addOption(
      new Option(
        '--interop <who>',
        "write what this vendor's programs can read; their modes do not detect changed content",
      ).choices(['microsoft']),
    )
    .addOption(new Option('--format <format>', `the format to write: ${unsaidFormat}`).choices(formatNames));
}

/** Reads grants as they were typed; see `parseGrant` for what may stand in one. */
export function grantsOf(texts: readonly string[] | undefined): readonly Grant[] {
  return (texts ?? []).map(parseGrant);
}

/** Days a use license may be kept. */
export function offlineDaysOf(text: string | undefined): number | undefined {
  return text === undefined ? undefined : parseWholeNumber(text, '--offline-days', -1, 9999);
}

/**
 * Reads the policy or template the options choose: exactly one, and nothing that would be ignored. Needs no
 * authority, so that a slip is reported before a passphrase is asked for.
 *
 * @param now what relative times count from
 */
export function readPolicyOptions(
  options: PolicyOptions & MailPolicyOptions,
  now = new Date(),
): BulkPolicyChoice {
  checkMailPolicy(options);
  if (goesByMessage(options)) return { messagePolicy: messagePolicyOf(options, refinementsOf(options, now)) };
  return samePolicy(options, now);
}

/** The policy or template of all files, which no message has a say in. */
function samePolicy(options: PolicyOptions & MailPolicyOptions, now: Date): PolicyChoice {
  if (mailPolicyFlag(options) !== undefined) {
    return { policy: policyForRecipients(options, refinementsOf(options, now)) };
  }
  const custom = options.grant !== undefined || options.onlyMe === true;
  if (options.template !== undefined) {
    const extra = custom ? (options.onlyMe ? '--only-me' : '--grant') : firstRefinement(options);
    if (extra !== undefined) {
      throw usageError(
        `--template and ${extra} exclude each other: a template says everything itself. Leave one of them out.`,
      );
    }
    return { template: options.template };
  }
  if (!custom) {
    throw usageError(
      'Who may open it? Add --grant bob@contoso.com=VIEW,PRINT (repeatable), --template ID, or --only-me; for a message, --do-not-forward or --encrypt-only.',
    );
  }
  if (options.onlyMe && options.grant !== undefined) {
    throw usageError('--only-me and --grant exclude each other. Leave one of them out.');
  }
  return {
    policy: {
      ...refinementsOf(options, now),
      grants: grantsOf(options.grant),
      offlineDays: offlineDaysOf(options.offlineDays),
    },
  };
}

/**
 * {@link readPolicyOptions} for files that are named, of which messages may say for themselves who gets them.
 *
 * @returns what gives the policy of each file; asks nothing of the authority but the id of a template
 */
export function readFilePolicies(
  options: PolicyOptions & MailPolicyOptions,
  { signal }: { readonly signal: AbortSignal },
): (service: LicensingService) => Promise<(path: string) => Promise<PolicyChoice>> {
  checkMailPolicy(options);
  if (goesByMessage(options)) {
    const refinements = refinementsOf(options, new Date());
    return async () => async (path) => ({
      policy: await policyForMessage(path, options, refinements, signal),
    });
  }
  const choice = samePolicy(options, new Date());
  return async (service) => {
    const same = await withTemplateId(choice, service);
    return async () => same;
  };
}

/** What is said beside who may do what. */
function refinementsOf(options: PolicyOptions, now: Date) {
  const { validFrom, referrer } = options;
  const validUntil =
    options.validUntil === undefined ? undefined : parseTime(options.validUntil, '--valid-until', 'end', now);
  if (validUntil !== undefined && validUntil.getTime() <= Date.now()) {
    throw usageError(
      `--valid-until ${options.validUntil} is over already: nobody could open the file. Name a time in the future, such as +30d.`,
    );
  }
  return {
    validFrom: validFrom === undefined ? undefined : parseTime(validFrom, '--valid-from', 'start', now),
    validUntil,
    referrer,
  };
}

/** Replaces the name of a template by its id. A name is easier to type, and is taken where it leaves no doubt. */
export async function withTemplateId<Choice extends BulkPolicyChoice>(
  choice: Choice,
  service: LicensingService,
): Promise<Choice | { readonly template: string }> {
  return choice.template === undefined ? choice : { template: await templateId(choice.template, service) };
}

function firstRefinement(options: PolicyOptions): string | undefined {
  if (options.validFrom !== undefined) return '--valid-from';
  if (options.validUntil !== undefined) return '--valid-until';
  if (options.offlineDays !== undefined) return '--offline-days';
  return options.referrer === undefined ? undefined : '--referrer';
}

async function templateId(text: string, service: LicensingService): Promise<string> {
  const id = parseGuid(text);
  if (id !== undefined) return id;
  const templates = await service.listTemplates();
  const named = templates.filter((template) => template.name.toLowerCase() === text.trim().toLowerCase());
  if (named.length === 1 && named[0] !== undefined) return named[0].id;
  if (named.length > 1) {
    throw usageError(
      `${named.length} templates are called "${text}". Name one by its id: ${named.map((each) => each.id).join(', ')}.`,
    );
  }
  const known = templates.slice(0, 5).map((template) => `"${template.name}"`);
  const advice =
    known.length === 0
      ? 'None is on offer yet: make one with "sealwright templates add".'
      : `On offer are ${known.join(', ')}; "sealwright templates list" shows all.`;
  throw new SealwrightError('TEMPLATE_NOT_FOUND', `There is no template "${text}". ${advice}`);
}
