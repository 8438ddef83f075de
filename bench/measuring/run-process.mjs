// One measured thing in a process of its own.
import { spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { peakBytes, processorSeconds } from './process-figures.mjs';

/** How often a program is looked at that cannot tell its own figures. The peak only ever grows, so the last look tells. */
const lookEveryMilliseconds = 10;

/**
 * Runs a program and gives seconds, processor time and peak memory. A Node program that prints a line of JSON as
 * its last tells its own figures, without the start of the process; of others, the whole process counts.
 *
 * @param {{ program: string, args?: string[], input?: string, output?: string, env?: Record<string, string> }} what
 *   `input` and `output` are paths that become its standard input and output
 */
export function runProcess({ program, args = [], input, output, env = {} }) {
  const handles = [];
  const handle = (path, flags) => {
    const opened = openSync(path, flags);
    handles.push(opened);
    return opened;
  };
  return new Promise((resolve, reject) => {
    const began = process.hrtime.bigint();
    const child = spawn(program, args, {
      env: { ...process.env, ...env },
      stdio: [
        input === undefined ? 'ignore' : handle(input, 'r'),
        output === undefined ? 'pipe' : handle(output, 'w'),
        'pipe',
      ],
    });
    let printed = '';
    let complaints = '';
    let peak = 0;
    let processor = { user: 0, system: 0 };
    child.stdout?.on('data', (data) => {
      printed += data;
    });
    child.stderr.on('data', (data) => {
      complaints = (complaints + data).slice(-4000);
    });
    const look = () => {
      try {
        peak = Math.max(peak, peakBytes(child.pid) ?? 0);
        processor = processorSeconds(child.pid);
      } catch {
        // It has ended.
      }
    };
    const looking = setInterval(look, lookEveryMilliseconds);
    let processSeconds = 0;
    child.once('exit', () => {
      processSeconds = Number(process.hrtime.bigint() - began) / 1e9;
      clearInterval(looking);
    });
    child.once('error', reject);
    child.once('close', (code, signal) => {
      for (const each of handles) closeSync(each);
      if (code !== 0)
        return reject(
          new Error(`${program} ${args.join(' ')} ended with ${signal ?? code}: ${complaints.trim()}`),
        );
      const own = lastJson(printed);
      resolve({
        seconds: processSeconds,
        processor,
        peakBytes: peak > 0 ? peak : undefined,
        ...own,
        processSeconds,
      });
    });
  });
}

/** The figures of several processes, one after the other. */
export async function runProcesses(list) {
  const results = [];
  for (const each of list) results.push(await runProcess(each));
  return {
    seconds: results.reduce((sum, { seconds }) => sum + seconds, 0),
    processSeconds: results.reduce((sum, { processSeconds }) => sum + processSeconds, 0),
    processor: {
      user: results.reduce((sum, { processor }) => sum + processor.user, 0),
      system: results.reduce((sum, { processor }) => sum + processor.system, 0),
    },
    peakBytes: Math.max(...results.map((result) => result.peakBytes ?? 0)) || undefined,
  };
}

function lastJson(text) {
  const line = text.trimEnd().split('\n').at(-1) ?? '';
  if (!line.startsWith('{')) return {};
  try {
    return JSON.parse(line);
  } catch {
    return {};
  }
}
