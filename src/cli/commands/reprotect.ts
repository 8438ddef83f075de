import type { Command } from 'commander';
import { reprotectFile } from '../../node/index.ts';
import { carryOut, jsonOption, type Outcome } from '../command-action.ts';
import { addMessageOptions, addPdfOptions, readDocumentSettings } from '../document-options.ts';
import { addExamples } from '../examples-text.ts';
import type { ExitCode } from '../exit-codes.ts';
import { runFiles } from '../file-batch.ts';
import { isRunOverMany } from '../folder-run/many-files.ts';
import type { ProtectManyOptions } from '../folder-run/protect-many.ts';
import { addPublishingOptions, usedPublishingOptions } from '../folder-run/publishing-options.ts';
import { addRunOptions, usedRunOptions } from '../folder-run/run-options.ts';
import { addSelectionOptions } from '../folder-run/selection-options.ts';
import { addMailPolicyOptions } from '../mail-policy.ts';
import { addPlaceOptions, addRecursiveOption, checkPlace, placeOf } from '../output-options.ts';
import { addPolicyOptions, readFilePolicies } from '../policy-options.ts';
import { protectedReport } from '../protected-report.ts';
import { addServiceOptions } from '../service/service-options.ts';
import { checkedPlace, withService } from '../service/with-service.ts';
import type { Session } from '../session.ts';
import { usageError } from '../usage-error.ts';

/** `sealwright reprotect`: the same content under a new policy. */
export function addReprotectCommand(program: Command, session: Session, outcome: Outcome): void {
  const command = program
    .command('reprotect')
    .argument('<file...>', 'protected files, or folders with --recursive')
    .summary('put protected files under another policy')
    .description(
      "Gives protected files another policy; the plaintext is never written to disk. Takes the right EXPORT or OWNER. The result is new content with a new content id: copies of the old file keep the old policy. The cipher mode is chosen anew: what Microsoft's programs are to read takes --interop microsoft again.",
    );
  addServiceOptions(command);
  addPolicyOptions(command, 'by default that of the file');
  addMailPolicyOptions(command);
  addMessageOptions(command);
  addPdfOptions(command);
  addRecursiveOption(addPlaceOptions(command, 'this or --in-place must be given')).option(...jsonOption);
  addSelectionOptions(command);
  addRunOptions(command);
  addPublishingOptions(command);
  command.action((files: string[], options: ProtectManyOptions) =>
    carryOut(session, outcome, options, () => reprotect(session, files, options)),
  );
  addExamples(command, [
    [
      'from now on Carol may read it, too',
      'sealwright reprotect report.ptxt --in-place --grant bob@contoso.com=VIEW --grant carol@contoso.com=VIEW --authority authority --as alice@contoso.com',
    ],
  ]);
}

async function reprotect(
  session: Session,
  files: readonly string[],
  options: ProtectManyOptions,
): Promise<ExitCode> {
  await checkPlace(options);
  if (options.out === undefined && !options.inPlace) {
    throw usageError('Where do the new files go? Add --in-place to replace the old ones, or --out FOLDER.');
  }
  await checkedPlace(session, options);
  const used = [...usedRunOptions(options), ...usedPublishingOptions(options)];
  if (await isRunOverMany(files, options, used)) {
    const { reprotectMany } = await import('../folder-run/protect-many.ts');
    return reprotectMany(session, files, options);
  }
  const policies = readFilePolicies(options, session);
  const settings = await readDocumentSettings(options);
  return withService(session, options, async ({ service, keepOut }) => {
    const policyOf = await policies(service);
    return runFiles(session, options, files, { skip: ['NOT_PROTECTED'], keepOut }, async (file, bar) =>
      protectedReport(
        session,
        'Reprotected',
        file.path,
        await reprotectFile(file.path, {
          ...(await policyOf(file.path)),
          ...placeOf(options, file),
          service,
          interop: options.interop,
          format: options.format,
          owner: options.owner,
          settings,
          onProgress: bar.update,
          signal: session.signal,
        }),
        options,
        true,
      ),
    );
  });
}
