import type { Command } from 'commander';
import type { Outcome } from '../command-action.ts';
import { addExamples } from '../examples-text.ts';
import type { Session } from '../session.ts';
import { addLabelRemoveCommand, addLabelSetCommand } from './label-change.ts';
import { addLabelGetCommand } from './label-get.ts';

/** `sealwright label …`: sensitivity labels, without any key. */
export function addLabelCommand(program: Command, session: Session, outcome: Outcome): void {
  const label = program
    .command('label')
    .summary('show, set and remove sensitivity labels')
    .description(
      'Shows, sets and removes sensitivity labels of Office documents, images and protected files, as Office and Microsoft Purview read them. Takes no key and no authority. A label says how sensitive a file is; it does not encrypt anything: "sealwright protect" does.',
    );
  addLabelGetCommand(label, session, outcome);
  addLabelSetCommand(label, session, outcome);
  addLabelRemoveCommand(label, session, outcome);
  addExamples(label, [
    ['the labels of a file', 'sealwright label get report.docx'],
    [
      'a label on every document in a folder',
      'sealwright label set -r documents --id 10000000-0000-4000-8000-000000000001 --site 11111111-2222-3333-4444-555555555555 --name Confidential',
    ],
    ['no label on it any more', 'sealwright label remove report.docx'],
  ]);
}
