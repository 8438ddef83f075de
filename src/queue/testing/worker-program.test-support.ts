import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

/** A worker that is a process, and can be killed. */
export interface WorkerProcess {
  readonly process: ChildProcess;
  /** How it ended, and what it printed. */
  readonly ended: Promise<{ readonly code: number | null; readonly output: string }>;
}

/** A program that works on runs, bundled once for all tests of a file. */
export interface WorkerProgram {
  start(options: WorkerProcessOptions): WorkerProcess;
  remove(): void;
}

/** What a worker process is told. */
export interface WorkerProcessOptions {
  readonly url: string;
  readonly root: string;
  /** Folder of the authority. */
  readonly authority: string;
  readonly leaseSeconds?: number;
  readonly patienceSeconds?: number;
  readonly concurrency?: number;
}

const here = fileURLToPath(new URL('.', import.meta.url));

const source = `
import { openAuthority } from ${JSON.stringify(join(here, '../../authority/folder/index.ts'))};
import { openBulkDatabase, workOnBulkRuns } from ${JSON.stringify(join(here, '../index.ts'))};
const { url, authority, ...options } = JSON.parse(process.argv[2]);
const controller = new AbortController();
process.once('SIGINT', () => controller.abort());
const opened = await openAuthority(authority);
const database = await openBulkDatabase(url, { patienceSeconds: 30 });
try {
  const work = await workOnBulkRuns(database, {
    ...options, service: opened.as('alice@contoso.com'), threads: 0, signal: controller.signal,
    operations: ['protect', 'open', 'reprotect', 'unprotect', 'inspect'],
  });
  console.log(JSON.stringify(work));
} catch (error) {
  console.log(JSON.stringify({ code: error.code, message: error.message }));
  process.exitCode = 1;
}
await database.close();
await opened.close();
`;

/** Bundles the program. It lies inside the project, so that it finds the packages it leaves out. */
export async function buildWorkerProgram(): Promise<WorkerProgram> {
  const folder = mkdtempSync(join(here, '../../../node_modules/.sealwright-workers-'));
  const entry = join(folder, 'source.mjs');
  const program = join(folder, 'worker.mjs');
  writeFileSync(entry, source);
  await build({
    entryPoints: [entry],
    outfile: program,
    bundle: true,
    platform: 'node',
    format: 'esm',
    external: ['@photostructure/sqlite', 'pg-boss'],
    logLevel: 'error',
  });
  return {
    start(options) {
      const child = spawn(process.execPath, [program, JSON.stringify(options)], {
        stdio: ['ignore', 'pipe', 'pipe'],
      });
      let output = '';
      for (const stream of [child.stdout, child.stderr]) {
        stream.on('data', (chunk: Buffer) => {
          output += chunk.toString();
        });
      }
      const ended = new Promise<{ code: number | null; output: string }>((resolve) => {
        child.once('close', (code) => resolve({ code, output }));
      });
      return { process: child, ended };
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}
