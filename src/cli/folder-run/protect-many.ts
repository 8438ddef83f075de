import {
  type BulkOptions,
  type BulkReport,
  type ProtectFilesOptions,
  protectFiles,
  reprotectFiles,
  watchFolder,
} from '../../node/index.ts';
import type { DocumentOptions } from '../document-options.ts';
import type { ExitCode } from '../exit-codes.ts';
import type { MailPolicyOptions } from '../mail-policy.ts';
import type { PlaceOptions } from '../output-options.ts';
import { type PolicyOptions, readPolicyOptions, withTemplateId } from '../policy-options.ts';
import type { ServiceOptions } from '../service/service-options.ts';
import { checkedPlace, type ServiceInUse, withService } from '../service/with-service.ts';
import type { Session } from '../session.ts';
import { type PublishingOptions, readPublishing } from './publishing-options.ts';
import { type RulesOptions, readRules } from './rules-option.ts';
import { runBeganAt } from './run-began-at.ts';
import { neverTouched, placeFacts, policyFacts } from './run-facts.ts';
import { checkFolderOptions, type FolderOptions, runFolder } from './run-folder.ts';

/** What `protect` and `reprotect` take over many files. */
export interface ProtectManyOptions
  extends FolderOptions,
    ServiceOptions,
    PolicyOptions,
    MailPolicyOptions,
    DocumentOptions,
    PlaceOptions,
    PublishingOptions,
    RulesOptions {}

/** `sealwright protect` over many files. */
export async function protectMany(
  session: Session,
  inputs: readonly string[],
  options: ProtectManyOptions,
): Promise<ExitCode> {
  const now = await checkedNow(options);
  const publishing = await readPublishing(options);
  if (options.rules !== undefined) {
    const rules = await readRules(options.rules, options, now);
    return publishMany(session, options, 'protect', now, ({ service }, given) =>
      protectOrWatch(session, inputs, options, {
        ...given,
        ...placeOf(options),
        ...publishing,
        service,
        rules,
      }),
    );
  }
  const policy = readPolicyOptions(options, now);
  return publishMany(session, options, 'protect', now, async ({ service }, given) => {
    const choice = await withTemplateId(policy, service);
    return protectOrWatch(session, inputs, options, {
      ...given,
      ...placeOf(options),
      ...publishing,
      service,
      ...choice,
    });
  });
}

function protectOrWatch(
  { signal }: Session,
  inputs: readonly string[],
  { watch }: ProtectManyOptions,
  options: ProtectFilesOptions,
): Promise<BulkReport> {
  const [folder] = inputs;
  if (!watch || folder === undefined) return protectFiles(inputs, options);
  return watchFolder(folder, { ...options, journal: undefined, storage: undefined, signal });
}

/** `sealwright reprotect` over many files. */
export async function reprotectMany(
  session: Session,
  inputs: readonly string[],
  options: ProtectManyOptions,
): Promise<ExitCode> {
  const now = await checkedNow(options);
  const publishing = await readPublishing(options);
  const policy = readPolicyOptions(options, now);
  return publishMany(session, options, 'reprotect', now, async ({ service }, given) => {
    const choice = await withTemplateId(policy, service);
    return reprotectFiles(inputs, { ...given, ...placeOf(options), ...publishing, service, ...choice });
  });
}

async function checkedNow(options: ProtectManyOptions): Promise<Date> {
  await checkFolderOptions(options);
  return runBeganAt(options.journal);
}

async function publishMany(
  session: Session,
  options: ProtectManyOptions,
  operation: 'protect' | 'reprotect',
  now: Date,
  start: (inUse: ServiceInUse, options: BulkOptions) => Promise<BulkReport>,
): Promise<ExitCode> {
  const place = await checkedPlace(session, options);
  return withService(session, options, (inUse) =>
    runFolder(session, options, {
      operation,
      now,
      keepOut: neverTouched(session, inUse.keepOut, [options.rules, options.owners, options.passphraseFile]),
      facts: [...policyFacts(options), ...placeFacts(session, place)],
      start: (given) => start(inUse, given),
    }),
  );
}

/** Where the new files of many go. */
export const placeOf = ({ out, inPlace, overwrite, sync }: PlaceOptions & FolderOptions) => ({
  out,
  inPlace,
  overwrite,
  durable: sync === false ? false : undefined,
});
