import type { MailOutput } from '../../container/index.ts';
import { inspectFiles, openFiles, removeProtectionFromFiles } from '../../node/index.ts';
import { setBlocksApart } from '../blocks.ts';
import type { ExitCode } from '../exit-codes.ts';
import { inspectionLines } from '../inspection-text.ts';
import type { PlaceOptions } from '../output-options.ts';
import type { ServiceOptions } from '../service/service-options.ts';
import { checkedPlace, withService } from '../service/with-service.ts';
import type { Session } from '../session.ts';
import { placeOf } from './protect-many.ts';
import { runBeganAt } from './run-began-at.ts';
import { neverTouched, placeFacts } from './run-facts.ts';
import { checkFolderOptions, type FolderOptions, runFolder } from './run-folder.ts';

/** What `open` takes over many files. */
export interface OpenManyOptions extends FolderOptions, ServiceOptions {
  readonly out: string;
  readonly overwrite?: boolean;
  readonly mailAs?: MailOutput | undefined;
}

/** `sealwright open` over many files. */
export async function openMany(
  session: Session,
  inputs: readonly string[],
  options: OpenManyOptions,
  required: readonly string[],
): Promise<ExitCode> {
  await checkFolderOptions(options);
  const now = await runBeganAt(options.journal);
  const place = await checkedPlace(session, options);
  const { out, overwrite, mailAs, sync } = options;
  return withService(session, options, ({ service, keepOut }) =>
    runFolder(session, options, {
      operation: 'open',
      now,
      keepOut: neverTouched(session, keepOut, [options.passphraseFile]),
      facts: placeFacts(session, place),
      start: (given) =>
        openFiles(inputs, {
          ...given,
          service,
          out,
          overwrite,
          mailAs,
          require: required,
          durable: sync === false ? false : undefined,
        }),
    }),
  );
}

/** `sealwright unprotect` over many files. */
export async function unprotectMany(
  session: Session,
  inputs: readonly string[],
  options: FolderOptions & ServiceOptions & PlaceOptions,
): Promise<ExitCode> {
  await checkFolderOptions(options);
  const now = await runBeganAt(options.journal);
  const place = await checkedPlace(session, options);
  return withService(session, options, ({ service, keepOut }) =>
    runFolder(session, options, {
      operation: 'unprotect',
      now,
      keepOut: neverTouched(session, keepOut, [options.passphraseFile]),
      facts: placeFacts(session, place),
      start: (given) => removeProtectionFromFiles(inputs, { ...given, ...placeOf(options), service }),
    }),
  );
}

/** `sealwright inspect` over many files. */
export async function inspectMany(
  session: Session,
  inputs: readonly string[],
  options: FolderOptions,
): Promise<ExitCode> {
  await checkFolderOptions(options);
  const apart = setBlocksApart();
  return runFolder(session, options, {
    operation: 'inspect',
    inOrder: true,
    now: new Date(),
    keepOut: [],
    facts: [],
    lines: ({ path, inspection }) =>
      inspection === undefined ? [] : apart(inspectionLines(path, inspection, session.out)),
    start: (given) => inspectFiles(inputs, given),
  });
}
