import type { Command } from 'commander';
import { bracedGuid, normalizeAddress, parseGuid, quoteBriefly } from '../../rights/index.ts';
import { carryOut, jsonOption, type Outcome, type OutputOptions } from '../command-action.ts';
import { addExamples } from '../examples-text.ts';
import { addServiceOptions, type ServiceOptions } from '../service/service-options.ts';
import { withService } from '../service/with-service.ts';
import { type Session, writeLine } from '../session.ts';
import { usageError } from '../usage-error.ts';

interface RevokeOptions extends ServiceOptions, OutputOptions {
  readonly user?: string;
}

/** `sealwright revoke`: withdraws a content from everyone or from one person. */
export function addRevokeCommand(program: Command, session: Session, outcome: Outcome): void {
  const command = program
    .command('revoke')
    .argument('<content-id>', 'the contentId that "protect" and "inspect" show')
    .summary('withdraw a protected content')
    .description(
      'Withdraws a content from everyone, or with --user from one person. It holds from the next time somebody opens a copy, wherever that copy is. Only who protected it may do this; owner and issuer can still open it.',
    );
  withdrawOptions(command).action((contentId: string, options: RevokeOptions) =>
    carryOut(session, outcome, options, async () => {
      const id = contentIdOf(contentId);
      const user = options.user === undefined ? undefined : normalizeAddress(options.user, '--user');
      await withService(session, options, ({ service }) =>
        service.revoke(id, { user, signal: session.signal }),
      );
      await report(session, options, { contentId: id, user, revoked: true });
      return undefined;
    }),
  );
  addExamples(command, [
    [
      'nobody but its owner opens this content any more',
      "sealwright revoke '{4d1f0f6e-5a0b-4b7e-8f39-0a9f6c2d7e55}' --authority authority --as alice@contoso.com",
    ],
    [
      'Bob does not',
      'sealwright revoke 4d1f0f6e-5a0b-4b7e-8f39-0a9f6c2d7e55 --user bob@contoso.com --authority authority --as alice@contoso.com',
    ],
  ]);
}

/** `sealwright restore-access`: undoes a revocation. */
export function addRestoreAccessCommand(program: Command, session: Session, outcome: Outcome): void {
  const command = program
    .command('restore-access')
    .argument('<content-id>', 'the content that was revoked')
    .summary('undo a revocation')
    .description(
      'Undoes "revoke": the policy of the content decides again. With --user, for that person only.',
    );
  withdrawOptions(command).action((contentId: string, options: RevokeOptions) =>
    carryOut(session, outcome, options, async () => {
      const id = contentIdOf(contentId);
      const user = options.user === undefined ? undefined : normalizeAddress(options.user, '--user');
      await withService(session, options, ({ service }) =>
        service.restore(id, { user, signal: session.signal }),
      );
      await report(session, options, { contentId: id, user, revoked: false });
      return undefined;
    }),
  );
  addExamples(command, [
    [
      'the policy decides again who opens this content',
      'sealwright restore-access 4d1f0f6e-5a0b-4b7e-8f39-0a9f6c2d7e55 --authority authority --as alice@contoso.com',
    ],
  ]);
}

// The content id is easily taken for the file itself.
function contentIdOf(text: string): string {
  if (parseGuid(text) !== undefined) return bracedGuid(text);
  const file = /[.\\/]/.test(text) ? text : 'FILE';
  throw usageError(
    `${quoteBriefly(text)} is not a content id. Take the content id from "sealwright inspect ${file}"; it has the form 4d1f0f6e-5a0b-4b7e-8f39-0a9f6c2d7e55.`,
  );
}

function withdrawOptions(command: Command): Command {
  return addServiceOptions(command)
    .option('--user <email>', 'only this person')
    .option(...jsonOption);
}

async function report(
  session: Session,
  options: RevokeOptions,
  facts: { readonly contentId: string; readonly user: string | undefined; readonly revoked: boolean },
): Promise<void> {
  const { out, stdout } = session;
  if (options.json) return writeLine(stdout, JSON.stringify({ ...facts, user: facts.user ?? null }));
  const whom = facts.user ?? 'everyone';
  await writeLine(
    stdout,
    facts.revoked
      ? `${out.green('Revoked')} ${facts.contentId} for ${whom}. The next attempt to open it is refused.`
      : `${out.green('Restored')} access to ${facts.contentId} for ${whom}. Its policy decides again.`,
  );
}
