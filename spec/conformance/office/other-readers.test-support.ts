import { writeFileSync } from 'node:fs';
import cfb from 'cfb';
import { firstProgram, hasProgram, runProgram } from './programs.test-support.ts';

// What others find in a compound file: paths of streams with their sizes, written with `/` and real control characters.

/** Path of each stream and its size. */
export type StreamList = Readonly<Record<string, number>>;

const sevenZip = firstProgram('7zz', '7z');
const python = ['/usr/bin/python3', 'python3'].find(
  (command) => runProgram(command, ['-c', 'import olefile']).status === 0,
);

/** Which of the other readers are there. */
export const present = {
  sevenZip: sevenZip !== undefined,
  olefile: python !== undefined,
  file: hasProgram('file', '--version'),
};

/** Streams as 7-Zip lists them, which writes control characters as `[6]`. */
export function listWithSevenZip(path: string): StreamList {
  const { status, output } = runProgram(sevenZip as string, [
    'l',
    '-ba',
    '-slt',
    '-sccUTF-8',
    '-tCompound',
    path,
  ]);
  if (status !== 0)
    throw new Error(`7-Zip cannot read it: ${output.split('\n').find((line) => /rror/.test(line))}`);
  const streams: Record<string, number> = {};
  for (const entry of output.split(/\n(?=Path = )/)) {
    const name = /^Path = (.*)$/m.exec(entry)?.[1];
    const size = /^Size = (\d+)$/m.exec(entry)?.[1];
    // Storages have no size.
    if (name === undefined || size === undefined) continue;
    streams[name.replace(/\[(\d+)\]/g, (_, code: string) => String.fromCharCode(Number(code)))] =
      Number(size);
  }
  return streams;
}

const olefileProgram = `
import json, sys, olefile
ole = olefile.OleFileIO(sys.argv[1], raise_defects=olefile.DEFECT_INCORRECT)
paths = ole.listdir(streams=True, storages=False)
issues = [str(kind.__name__) + ': ' + text for kind, text in ole.parsing_issues]
print(json.dumps({'streams': {'/'.join(p): ole.get_size(p) for p in paths}, 'issues': issues,
  'read': {'/'.join(p): len(ole.openstream(p).read()) for p in paths}}))
`;

/** Streams as olefile lists them; refuses a file with the least defect. */
export function listWithOlefile(path: string): StreamList {
  const { status, output } = runProgram(python as string, ['-c', olefileProgram, path]);
  if (status !== 0) throw new Error(`olefile cannot read it: ${output.trim().split('\n').at(-1)}`);
  const found = JSON.parse(output) as { streams: StreamList; issues: string[]; read: StreamList };
  if (found.issues.length > 0) throw new Error(`olefile finds a defect: ${found.issues[0]}`);
  if (JSON.stringify(found.read) !== JSON.stringify(found.streams))
    throw new Error('olefile reads other lengths than the directory states.');
  return found.streams;
}

/** Streams as the package `cfb` lists them. */
export function listWithCfb(bytes: Uint8Array): StreamList {
  const file = cfb.read(Buffer.from(bytes), { type: 'buffer' });
  const streams: Record<string, number> = {};
  for (const [i, path] of file.FullPaths.entries()) {
    const entry = file.FileIndex[i];
    if (entry?.type !== 2) continue;
    streams[path.slice(path.indexOf('/') + 1)] = (entry.content ?? []).length;
  }
  return streams;
}

/** What `file` takes it for, as a MIME type. */
export const typeByFile = (path: string): string =>
  runProgram('file', ['-b', '--mime-type', path]).output.trim();

/** Puts bytes where other programs can read them. */
export function written(path: string, bytes: Uint8Array): string {
  writeFileSync(path, bytes);
  return path;
}
