import type { Command } from 'commander';
import { protectFile } from '../../node/index.ts';
import { carryOut, jsonOption, type Outcome } from '../command-action.ts';
import { addMessageOptions, addPdfOptions, readDocumentSettings } from '../document-options.ts';
import { addExamples } from '../examples-text.ts';
import type { ExitCode } from '../exit-codes.ts';
import { runFiles } from '../file-batch.ts';
import { isRunOverMany } from '../folder-run/many-files.ts';
import type { ProtectManyOptions } from '../folder-run/protect-many.ts';
import { addPublishingOptions, usedPublishingOptions } from '../folder-run/publishing-options.ts';
import { addRulesOption } from '../folder-run/rules-option.ts';
import { addRunOptions, addWatchOption, checkWatch, usedRunOptions } from '../folder-run/run-options.ts';
import { addSelectionOptions } from '../folder-run/selection-options.ts';
import { addMailPolicyOptions } from '../mail-policy.ts';
import { addPlaceOptions, addRecursiveOption, checkPlace, placeOf } from '../output-options.ts';
import { addPolicyOptions, readFilePolicies } from '../policy-options.ts';
import { protectedReport } from '../protected-report.ts';
import { addServiceOptions } from '../service/service-options.ts';
import { checkedPlace, withService } from '../service/with-service.ts';
import type { Session } from '../session.ts';

/** `sealwright protect`: encrypts files under a policy. */
export function addProtectCommand(program: Command, session: Session, outcome: Outcome): void {
  const command = program
    .command('protect')
    .argument('<file...>', 'files to protect, or folders with --recursive')
    .summary('encrypt files and say who may do what')
    .description(
      "Encrypts files under a policy that travels with them. Word, Excel, PowerPoint and Visio files, PDFs and messages keep their format and name; Microsoft's programs can read Office files and messages only with --interop microsoft. Beside the original, report.docx becomes report-protected.docx. Other files get a name that says what they are: report.txt becomes report.ptxt, plan.dwg becomes plan.dwg.pfile. The originals stay, unless --in-place is given.",
    );
  addServiceOptions(command);
  addPolicyOptions(command);
  addMailPolicyOptions(command);
  addMessageOptions(command);
  addPdfOptions(command);
  addRecursiveOption(addPlaceOptions(command)).option(...jsonOption);
  addSelectionOptions(command);
  addRunOptions(command);
  addRulesOption(command);
  addWatchOption(command);
  addPublishingOptions(command);
  command.action((files: string[], options: ProtectManyOptions) =>
    carryOut(session, outcome, options, () => protect(session, files, options)),
  );
  addExamples(
    command,
    [
      [
        'Bob may read and print the report',
        'sealwright protect report.txt --authority authority --as alice@contoso.com --grant bob@contoso.com=VIEW,PRINT',
      ],
      [
        "an Office file, in Office's own format; in a folder of its own it keeps its name",
        'sealwright protect budget.xlsx --out protected --authority authority --as alice@contoso.com --grant bob@contoso.com=VIEW',
      ],
      [
        'a message that those it is sent to read and answer, and do not forward, print or copy',
        'sealwright protect offer.eml --do-not-forward --out outbox --authority authority --as alice@contoso.com',
      ],
      [
        'a PDF, with a page of your own for readers that cannot open it',
        'sealwright protect contract.pdf --cover notice.pdf --grant bob@contoso.com=Viewer --authority authority --as alice@contoso.com',
      ],
      [
        'every message in a folder, each for those it is sent to',
        'sealwright protect -r outbox --do-not-forward --in-place --authority authority --as alice@contoso.com',
      ],
      [
        'everything in a folder, under a template, into another folder',
        'sealwright protect -r documents --out protected --template "Staff only" --authority authority --as alice@contoso.com',
      ],
      [
        'a share of Office files, in place: it can be interrupted and goes on, and is reported',
        'sealwright protect -r share --ext docx,xlsx,pptx --in-place --template "Staff only" --journal share.journal --report share.html --authority authority --as alice@contoso.com',
      ],
      [
        'replace the original; nobody at Contoso opens it after the end of the year',
        'sealwright protect plan.dwg --in-place --grant contoso.com=Viewer --valid-until 2026-12-31 --authority authority --as alice@contoso.com',
      ],
    ],
    'A right that only your own application knows is written custom:NAME, as in --grant bob@contoso.com=VIEW,custom:APPROVE.',
  );
}

async function protect(
  session: Session,
  files: readonly string[],
  options: ProtectManyOptions,
): Promise<ExitCode> {
  await checkPlace(options);
  const used = [
    ...usedRunOptions(options),
    ...usedPublishingOptions(options),
    ...(options.rules === undefined ? [] : ['--rules']),
  ];
  await checkedPlace(session, options);
  if (options.watch) checkWatch(files, options);
  if (await isRunOverMany(files, options, used)) {
    // What it takes to work on many files is loaded by nobody who has one.
    const { protectMany } = await import('../folder-run/protect-many.ts');
    return protectMany(session, files, options);
  }
  const policies = readFilePolicies(options, session);
  const settings = await readDocumentSettings(options);
  return withService(session, options, async ({ service, keepOut }) => {
    const policyOf = await policies(service);
    return runFiles(session, options, files, { skip: ['ALREADY_PROTECTED'], keepOut }, async (file, bar) =>
      protectedReport(
        session,
        'Protected',
        file.path,
        await protectFile(file.path, {
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
        options.format !== undefined,
      ),
    );
  });
}
