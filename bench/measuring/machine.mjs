// What the figures were measured on.
import { execFileSync } from 'node:child_process';
import { readFileSync, statfsSync } from 'node:fs';
import { cpus, release, totalmem } from 'node:os';

/** Description of this machine and of the disk that `folder` is on. */
export function describeMachine(folder) {
  return {
    processors: cpus().length,
    model: cpus()[0]?.model ?? 'unknown',
    memoryBytes: totalmem(),
    kernel: release(),
    node: process.versions.node,
    nodeOpenssl: process.versions.openssl,
    openssl: versionOf('openssl', ['version']),
    disk: folder === undefined ? undefined : describeDisk(folder),
    loadAverage: Number(readFileSync('/proc/loadavg', 'latin1').split(' ')[0]),
    measuredAt: new Date().toISOString(),
  };
}

/** The same in two lines. */
export function machineLines(machine) {
  const memory = `${(machine.memoryBytes / 1e9).toFixed(0)} GB`;
  const lines = [
    `${machine.processors} x ${machine.model}, ${memory}, Linux ${machine.kernel}, load ${machine.loadAverage} at the start`,
    `Node ${machine.node} with OpenSSL ${machine.nodeOpenssl}; ${machine.openssl ?? 'no openssl program'}`,
  ];
  return machine.disk ? [...lines, `Files on ${machine.disk}`] : lines;
}

/** First line of what a program says of itself; `undefined` where it is not installed. */
export function versionOf(program, args) {
  try {
    const text = execFileSync(program, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
    return text.split('\n')[0].trim();
  } catch {
    return undefined;
  }
}

function describeDisk(folder) {
  const free = statfsSync(folder);
  const mount = mountOf(folder);
  return `${mount.type} (${mount.device}), ${((free.bavail * free.bsize) / 1e9).toFixed(0)} GB free`;
}

/** File system under a folder: of the mount points that lead to it, the longest. */
function mountOf(folder) {
  const mounts = readFileSync('/proc/mounts', 'utf8')
    .split('\n')
    .map((line) => line.split(' '))
    .filter(([, at]) => at === '/' || folder === at || folder.startsWith(`${at}/`))
    .sort((a, b) => b[1].length - a[1].length);
  const [device, , type] = mounts[0] ?? ['unknown', '', 'unknown'];
  return { device, type };
}
