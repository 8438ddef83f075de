import type { Session } from './session.ts';
import { usageError } from './usage-error.ts';

/** Asks for a secret on the terminal without showing what is typed. */
export function promptHidden(session: Session, question: string): Promise<string> {
  const { stdin, stderr, signal } = session;
  return new Promise((resolve, reject) => {
    let typed = '';
    const finish = (settle: () => void) => {
      stdin.off('data', onData);
      stdin.off('end', onEnd);
      signal.removeEventListener('abort', onAbort);
      stdin.setRawMode?.(false);
      stdin.pause();
      stderr.write('\n');
      settle();
    };
    const onAbort = () => finish(() => reject(signal.reason));
    const onEnd = () => finish(() => reject(usageError('The input ended before a passphrase was typed.')));
    const onData = (chunk: Buffer | string) => {
      for (const character of chunk.toString()) {
        if (character === '\r' || character === '\n') return finish(() => resolve(typed));
        if (character === '\u0003')
          return finish(() => reject(new DOMException('Interrupted.', 'AbortError')));
        if (character === '\u0004') return onEnd();
        // The terminal does no editing in raw mode, so erasing is done here.
        if (character === '\u007f' || character === '\b') typed = [...typed].slice(0, -1).join('');
        else if (character === '\u0015') typed = '';
        else if (character >= ' ') typed += character;
      }
    };
    stderr.write(question);
    stdin.setRawMode?.(true);
    stdin.on('data', onData);
    stdin.on('end', onEnd);
    signal.addEventListener('abort', onAbort);
    stdin.resume();
  });
}

/** Asks for a new secret twice, so that a slip of the finger does not lock anyone out. */
export async function promptNewSecret(session: Session, what: string): Promise<string> {
  const first = await promptHidden(session, `New ${what}: `);
  if (first === '') throw usageError(`An empty ${what} protects nothing. Type at least one character.`);
  const second = await promptHidden(session, 'The same again: ');
  if (first !== second) throw usageError('The two were not the same. Nothing was changed; start again.');
  return first;
}
