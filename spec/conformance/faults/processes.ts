import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

/** Bundles the programs of this folder into `folder`, which is below `node_modules`, so that packages are found. */
export async function buildPrograms(folder: string): Promise<void> {
  await build({
    entryPoints: ['licensing-server', 'fault-proxy'].map((name) =>
      fileURLToPath(new URL(`${name}.ts`, import.meta.url)),
    ),
    outdir: folder,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    packages: 'external',
    platform: 'node',
    format: 'esm',
    target: 'node20',
    logLevel: 'error',
  });
}

/** A process of ours that tells its port when it is ready. */
export interface Child {
  readonly port: number;
  /** Asks for what it has to say. */
  ask(): Promise<unknown>;
  /** Ends it; resolves to how it ended, and to what it complained about. */
  end(signal: 'SIGKILL' | 'SIGTERM'): Promise<string>;
}

/** Starts a program; rejects if it ends before it is ready. */
export async function start(program: string, ...parameters: readonly string[]): Promise<Child> {
  const child = fork(program, parameters, { execArgv: [], stdio: ['ignore', 'inherit', 'pipe', 'ipc'] });
  let errors = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    errors += text;
  });
  const ended = once(child, 'close').then(([code, signal]) => `${code ?? signal}${errors && `: ${errors}`}`);
  const port = await Promise.race([
    message(child),
    ended.then((how) => Promise.reject(new Error(`${program} ended: ${how}`))),
  ]);
  return {
    port: Number(port),
    ask() {
      child.send('?');
      return message(child);
    },
    end(signal) {
      child.kill(signal);
      return ended;
    },
  };
}

const message = async (child: ChildProcess): Promise<unknown> => (await once(child, 'message'))[0];

/** A port that nobody listens on. */
export async function freePort(): Promise<number> {
  const socket = createServer().listen(0, '127.0.0.1');
  await once(socket, 'listening');
  const address = socket.address();
  socket.close();
  await once(socket, 'close');
  return typeof address === 'object' && address !== null ? address.port : 0;
}
