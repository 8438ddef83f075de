import type { Command } from 'commander';

/** The shells there is completion for. */
export const completionShells = ['bash', 'zsh', 'fish'] as const;

/** One of {@link completionShells}. */
export type CompletionShell = (typeof completionShells)[number];

interface Completable {
  /** Words of the command after `sealwright`: empty for the program itself. */
  readonly path: string;
  readonly commands: readonly { readonly name: string; readonly summary: string }[];
  readonly options: readonly { readonly flag: string; readonly takesValue: boolean; readonly says: string }[];
}

/** A completion script made from the commands themselves, so that it never disagrees with them. */
export function completionScript(program: Command, shell: CompletionShell): string {
  const tree = completables(program, []);
  switch (shell) {
    case 'bash':
      return bash(tree);
    case 'zsh':
      return zsh(tree);
    case 'fish':
      return fish(tree);
  }
}

function completables(command: Command, path: readonly string[]): Completable[] {
  const own: Completable = {
    path: path.join(' '),
    commands: command.commands.map((each) => ({ name: each.name(), summary: each.summary() })),
    options: [
      ...command.options.flatMap((option) => [
        { flag: option.long ?? option.short ?? '', takesValue: option.required, says: option.description },
      ]),
      { flag: '--help', takesValue: false, says: 'explain this command' },
    ],
  };
  return [own, ...command.commands.flatMap((each) => completables(each, [...path, each.name()]))];
}

function words(node: Completable): string {
  return [...node.commands.map((each) => each.name), ...node.options.map((each) => each.flag)].join(' ');
}

/** Finds the command that is being typed: the longest run of first words that are command names. */
function shellPath(tree: readonly Completable[], variable: string): string {
  const known = tree.filter((node) => node.path !== '').map((node) => `'${node.path}'`);
  return `    case "\${typed:+$typed }${variable}" in
      ${known.join('|')}) typed="\${typed:+$typed }${variable}" ;;
      *) break ;;
    esac`;
}

function bash(tree: readonly Completable[]): string {
  const cases = tree.map((node) => `    '${node.path}') words='${words(node)}' ;;`);
  return `# Completion of sealwright for bash. Load it with: eval "$(sealwright completion bash)"
_sealwright() {
  local current="\${COMP_WORDS[COMP_CWORD]}" typed='' words='' i
  for ((i = 1; i < COMP_CWORD; i++)); do
    local word="\${COMP_WORDS[i]}"
${shellPath(tree, '$word')}
  done
  case "$typed" in
${cases.join('\n')}
  esac
  COMPREPLY=($(compgen -W "$words" -- "$current"))
  if [[ "$current" != -* && "$words" != *help\\ * ]]; then COMPREPLY+=($(compgen -f -- "$current")); fi
}
complete -o filenames -F _sealwright sealwright
`;
}

function zsh(tree: readonly Completable[]): string {
  const quote = (text: string) => text.replace(/'/g, "'\\''").replace(/:/g, '\\:');
  const cases = tree.map((node) => {
    const entries = [
      ...node.commands.map((each) => `'${each.name}:${quote(each.summary)}'`),
      ...node.options.map((each) => `'${each.flag}:${quote(each.says)}'`),
    ];
    return `    '${node.path}') entries=(${entries.join(' ')}) ;;`;
  });
  return `#compdef sealwright
# Completion of sealwright for zsh. Load it with: eval "$(sealwright completion zsh)"
_sealwright() {
  local typed='' word
  local -a entries
  for word in "\${words[@]:1:$((CURRENT - 2))}"; do
${shellPath(tree, '$word')}
  done
  case "$typed" in
${cases.join('\n')}
  esac
  _describe 'sealwright' entries
  _files
}
compdef _sealwright sealwright
`;
}

function fish(tree: readonly Completable[]): string {
  const quote = (text: string) => `'${text.replace(/\\/g, '\\\\').replace(/'/g, "\\'")}'`;
  const lines = tree.flatMap((node) => {
    const own = node.path.split(' ').filter((word) => word !== '');
    const seen = own.map((word) => `__fish_seen_subcommand_from ${word}`);
    const below = node.commands.map((each) => each.name);
    const none = below.length > 0 ? [`not __fish_seen_subcommand_from ${below.join(' ')}`] : [];
    const condition = [...seen, ...none].join('; and ');
    const when = condition === '' ? '' : ` -n ${quote(condition)}`;
    return [
      ...node.commands.map(
        (each) => `complete -c sealwright${when} -f -a ${each.name} -d ${quote(each.summary)}`,
      ),
      ...node.options.map(
        (each) =>
          `complete -c sealwright${when} -l ${each.flag.replace(/^--/, '')}${each.takesValue ? ' -r' : ''} -d ${quote(each.says)}`,
      ),
    ];
  });
  return `# Completion of sealwright for fish. Load it with: sealwright completion fish | source\n${lines.join('\n')}\n`;
}
