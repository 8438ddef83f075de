#!/usr/bin/env node
import { exitCodes } from './exit-codes.ts';
import { runCli } from './run-cli.ts';

const interruption = new AbortController();
let brokenPipe = false;

// The first signal stops the work cleanly; a second one ends the process where it is.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(signal, () => {
    if (interruption.signal.aborted) process.exit(exitCodes.interrupted);
    interruption.abort(new DOMException('Interrupted.', 'AbortError'));
  });
}

// Whoever reads our output may stop reading ("| head"): no reason to complain, and none to go on.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  brokenPipe = true;
  interruption.abort(new DOMException('Nobody reads the output.', 'AbortError'));
});
process.stderr.on('error', () => {});

const exitCode = await runCli(process.argv.slice(2), {
  stdout: process.stdout,
  stderr: process.stderr,
  stdin: process.stdin,
  env: process.env,
  signal: interruption.signal,
});
process.exitCode = brokenPipe ? exitCodes.brokenPipe : exitCode;
