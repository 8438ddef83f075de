import { readdir } from 'node:fs/promises';
import type { Command } from 'commander';
import { initAuthority } from '../../authority/folder/index.ts';
import {
  type AuthorityOptions,
  addAuthorityOptions,
  authorityFolder,
  passphraseFromFile,
} from '../authority-options.ts';
import { columns } from '../columns.ts';
import { carryOut, jsonOption, type Outcome, type OutputOptions } from '../command-action.ts';
import { addExamples } from '../examples-text.ts';
import { promptNewSecret } from '../hidden-prompt.ts';
import { printable } from '../printable.ts';
import { type Session, writeLine } from '../session.ts';
import { usageError } from '../usage-error.ts';

interface InitOptions extends AuthorityOptions, OutputOptions {
  readonly name?: string;
  readonly keyBits?: string;
  readonly askPassphrase?: boolean;
}

/** `sealwright init`: a new authority in a folder. */
export function addInitCommand(program: Command, session: Session, outcome: Outcome): void {
  const command = program
    .command('init')
    .argument('[folder]', 'the folder, as with --authority')
    .summary('create an authority in a folder')
    .description(
      'Creates an authority in a folder: its keys, templates, decisions and usage log. It needs no server and no network.',
    );
  addAuthorityOptions(command)
    .option('--ask-passphrase', 'ask for a passphrase on the terminal and encrypt the key under it')
    .option('--name <name>', 'what the authority is called in the licenses it issues')
    .option('--key-bits <bits>', 'size of its RSA key: 2048 (default), 3072 or 4096')
    .option(...jsonOption)
    .action((folder: string | undefined, options: InitOptions) =>
      carryOut(session, outcome, options, async () => {
        if (folder !== undefined && options.authority !== undefined) {
          throw usageError(
            'The folder is named twice: once as an argument and once with --authority. Name one.',
          );
        }
        await init(session, folder === undefined ? options : { ...options, authority: folder });
        return undefined;
      }),
    );
  addExamples(
    command,
    [
      [
        'an authority whose key is kept in a key file that only you may read',
        'sealwright init --authority authority',
      ],
      [
        'its key encrypted under the passphrase in a file',
        'sealwright init --authority authority --passphrase-file passphrase.txt',
      ],
    ],
    'Identity is asserted: whoever can open the folder can act as anyone with --as. Keep the folder private.',
  );
}

async function init(session: Session, options: InitOptions): Promise<void> {
  const folder = authorityFolder(session, options);
  const keyBits = keyBitsOf(options.keyBits);
  const passphrase = await newPassphrase(session, options);
  const others = await readdir(folder).catch(() => []);
  const authority = await initAuthority(folder, { name: options.name, passphrase, keyBits });
  const { facts } = authority;
  await authority.close();
  const { out, stdout, stderr, err } = session;
  if (others.length > 0) {
    await writeLine(
      stderr,
      `${err.yellow('warning')}: ${printable(folder)} was not empty: the files of the authority (authority.*) now lie among others. A folder of its own is easier to keep private.`,
    );
  }
  if (options.json) {
    await writeLine(
      stdout,
      JSON.stringify({ authority: folder, ...facts, passphrase: passphrase !== undefined }),
    );
    return;
  }
  const lines = [
    `${out.green('Created')} the authority ${out.bold(printable(facts.name))} in ${out.bold(printable(folder))}`,
    ...columns(
      [
        [out.dim('id'), facts.id],
        [out.dim('key'), `RSA ${facts.keyBits}, SHA-256 ${facts.keySha256}`],
        [
          out.dim('kept'),
          passphrase === undefined
            ? 'encrypted under a key file in the folder, readable by you only'
            : 'encrypted under your passphrase',
        ],
      ],
      '  ',
    ),
    '',
    `${out.yellow('Identity is asserted:')} whoever can open this folder can act as anyone with --as. Keep it private.`,
    'Keep a copy of it elsewhere ("sealwright export"): without the authority, nothing it protected can be opened.',
    '',
    `Next: ${out.cyan(`sealwright protect FILE --authority ${printable(folder)} --as you@example.com --grant bob@example.com=VIEW`)}`,
  ];
  for (const line of lines) await writeLine(stdout, line);
}

async function newPassphrase(session: Session, options: InitOptions): Promise<string | undefined> {
  const fromFile = await passphraseFromFile(session, options);
  if (fromFile !== undefined || !options.askPassphrase) return fromFile;
  if (session.stdin.isTTY !== true) {
    throw usageError('--ask-passphrase needs a terminal. In a script, use --passphrase-file FILE.');
  }
  return promptNewSecret(session, 'passphrase');
}

function keyBitsOf(text: string | undefined): 2048 | 3072 | 4096 | undefined {
  switch (text) {
    case undefined:
      return undefined;
    case '2048':
      return 2048;
    case '3072':
      return 3072;
    case '4096':
      return 4096;
    default:
      throw usageError(`--key-bits takes 2048, 3072 or 4096, not "${text}".`);
  }
}
