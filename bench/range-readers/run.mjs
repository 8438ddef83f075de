// Many HTTP readers at once on one protected file, through examples/serve-protected-ranges.mjs, beside the same ranges of
// a plain file. Every byte is compared.
//   node bench/range-readers/run.mjs [--size BYTES] [--readers N] [--ranges BYTES,BYTES] [--seconds N] [--rounds N]
//     [--leave-every N] [--cipher-mode NAME] [--folder DIR] [--json FILE]
// The example imports `sealwright` by name, so this measures `dist`. One turn in `--leave-every` goes away early.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { statfsSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { fillFile } from '../measuring/content.mjs';
import { libraryEntry } from '../measuring/library.mjs';
import { describeMachine, machineLines } from '../measuring/machine.mjs';
import { peakBytes, processorSeconds, residentBytes } from '../measuring/process-figures.mjs';
import { runProcess } from '../measuring/run-process.mjs';
import { median, megabytes, number, table } from '../measuring/table.mjs';
import { workFolder } from '../measuring/work-folder.mjs';

const { values } = parseArgs({
  options: {
    size: { type: 'string', default: String(5 * 2 ** 30) },
    readers: { type: 'string', default: '100' },
    ranges: { type: 'string', default: '4096,65536,1048576,16777216' },
    seconds: { type: 'string', default: '10' },
    rounds: { type: 'string', default: '3' },
    'leave-every': { type: 'string', default: '20' },
    'cipher-mode': { type: 'string', default: 'SEALWRIGHT.GCM64K' },
    folder: { type: 'string', default: process.cwd() },
    json: { type: 'string' },
  },
});
const size = Number(values.size);
const rounds = Number(values.rounds);
const space = statfsSync(values.folder);
if (space.bavail * space.bsize < 2.1 * size)
  throw new Error(`${values.folder} has no room for two such files`);

const { path: folder, at, remove } = workFolder(values.folder);
const program = (path) => fileURLToPath(new URL(path, import.meta.url));
const machine = describeMachine(folder);
const servers = [];
try {
  const { initAuthority } = await libraryEntry('authority/folder');
  const { protectFile } = await libraryEntry('node');
  fillFile(at('plain'), size, folder);
  const authority = await initAuthority(at('authority'));
  await protectFile(at('plain'), {
    service: authority.as('alice@contoso.com'),
    policy: { grants: [{ to: 'contoso.com', rights: 'Viewer' }] },
    cipherMode: values['cipher-mode'],
    to: at('protected.pfile'),
  });
  await authority.close();

  const started = {
    plain: await start(program('plain-server.mjs'), at('plain')),
    protected: await start(
      program('../../examples/serve-protected-ranges.mjs'),
      ...['--authority', at('authority'), '--file', at('protected.pfile')],
    ),
  };
  const idle = Object.fromEntries(
    Object.entries(started).map(([name, server]) => [name, residentBytes(server.pid)]),
  );
  // Everybody opens the file once before anything counts; opening anew each minute does count.
  for (const [name, server] of Object.entries(started)) await measure(name, server, 4096, -1, 2);
  const results = [];
  for (let round = 0; round < rounds; round++)
    for (const rangeBytes of values.ranges.split(',').map(Number))
      for (const [name, server] of Object.entries(started))
        results.push(await measure(name, server, rangeBytes, round));

  console.log(machineLines(machine).join('\n'));
  print(results, idle);
  if (values.json)
    writeFileSync(values.json, `${JSON.stringify({ machine, size, settings: values, idle, results })}\n`);
} finally {
  for (const server of servers) {
    server.kill('SIGTERM');
    if (server.exitCode === null) await once(server, 'exit');
  }
  remove();
}

/** Starts a server that says where it is. */
async function start(path, ...args) {
  const child = spawn(process.execPath, [path, ...args], { stdio: ['ignore', 'pipe', 'inherit'] });
  servers.push(child);
  let said = '';
  for await (const data of child.stdout) {
    said += data;
    const url = /http:\S+/.exec(said)?.[0];
    if (url) return { url, pid: child.pid };
  }
  throw new Error(`${path} ended: ${said}`);
}

async function measure(name, { url, pid }, rangeBytes, round, seconds = Number(values.seconds)) {
  const before = processorSeconds(pid);
  const figures = await runProcess({
    program: process.execPath,
    args: [
      program('readers.mjs'),
      JSON.stringify({
        url,
        size,
        seed: folder,
        readers: Number(values.readers),
        rangeBytes,
        seconds,
        leaveEvery: Number(values['leave-every']),
      }),
    ],
  });
  const after = processorSeconds(pid);
  const serverSeconds = after.user + after.system - before.user - before.system;
  console.error(
    `round ${round + 1}: ${name}, ${rangeBytes} bytes: ${(figures.bytes / figures.took / 1e6).toFixed(0)} MB/s`,
  );
  return {
    name,
    rangeBytes,
    round,
    ...figures,
    serverSeconds,
    resident: residentBytes(pid),
    peak: peakBytes(pid),
  };
}

function print(results, idle) {
  console.log(
    `${values.readers} readers at once, each a user of their own, on one file of ${(size / 2 ** 30).toFixed(2)} GiB in ${values['cipher-mode']};`,
  );
  console.log(
    `random ranges, every byte compared; one turn in ${values['leave-every']} left early. Medians of ${rounds} rounds of ${values.seconds} s.`,
  );
  const groups = new Map();
  for (const result of results) {
    const key = `${result.name}, ${result.rangeBytes} bytes`;
    groups.set(key, [...(groups.get(key) ?? []), result]);
  }
  const middle = (list, figure) => median(list.map(figure));
  console.log(
    `\n${table(
      [
        'file, mean range',
        'ranges/s',
        'MB/s',
        'first byte ms',
        '99 % ms',
        'server CPU us/range',
        'server now MB',
        'server peak MB',
      ],
      [...groups].map(([key, list]) => [
        key,
        number(middle(list, ({ ranges, took }) => ranges / took)),
        number(middle(list, ({ bytes, took }) => bytes / took / 1e6)),
        number(
          middle(list, ({ firstByte }) => firstByte.median),
          1,
        ),
        number(
          middle(list, ({ firstByte }) => firstByte.p99),
          1,
        ),
        number(middle(list, ({ serverSeconds, ranges }) => (serverSeconds * 1e6) / Math.max(1, ranges))),
        megabytes(middle(list, ({ resident }) => resident)),
        megabytes(Math.max(...list.map(({ peak }) => peak))),
      ]),
    )}`,
  );
  console.log(
    `\nServer before its first reader: plain ${megabytes(idle.plain)} MB, protected ${megabytes(idle.protected)} MB.`,
  );
}
