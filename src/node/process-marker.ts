import { createHash } from 'node:crypto';
import { readFileSync, readlinkSync } from 'node:fs';
import { hostname } from 'node:os';

/** Says which running process something belongs to, well enough that another process can tell whether it is gone. */
export interface ProcessMarker {
  /** Which machine or container: 8 hexadecimal digits. */
  readonly host: string;
  /** Which boot of the machine: 8 hexadecimal digits. */
  readonly boot: string;
  /** Which set of process numbers on it, a number; 0 if not known. */
  readonly space: string;
  readonly pid: string;
  /** When the process started, in the system's own count, so that a number used again is noticed; 0 if not known. */
  readonly started: string;
}

/** What Linux calls the process numbers of the machine itself, as opposed to those of a container. */
const wholeMachine = String(0xeffffffc);

const shortHash = (...parts: readonly string[]): string =>
  createHash('sha256').update(parts.join('\0')).digest('hex').slice(0, 8);

function orEmpty(read: () => string): string {
  try {
    return read().trim();
  } catch {
    return '';
  }
}

/** Field 22 of /proc/PID/stat; the name in field 2 may hold blanks and parentheses, so count from behind it. */
function startOf(pid: string): string {
  const stat = orEmpty(() => readFileSync(`/proc/${pid}/stat`, 'latin1'));
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? '0';
}

let own: ProcessMarker | undefined;

/** The marker of this process. */
export function ownMarker(): ProcessMarker {
  const text = (path: string): string => orEmpty(() => readFileSync(path, 'latin1'));
  own ??= Object.freeze({
    host: shortHash(hostname(), text('/etc/machine-id')),
    boot: shortHash(text('/proc/sys/kernel/random/boot_id')),
    space: orEmpty(() => readlinkSync('/proc/self/ns/pid')).replace(/\D/g, '') || '0',
    pid: String(process.pid),
    started: startOf(String(process.pid)),
  });
  return own;
}

/**
 * Whether the process behind `marker` is surely gone. What belongs to another machine, or to process
 * numbers that cannot be seen from here, is left alone (spec/files.md, "Leftovers").
 */
export function isGone(marker: ProcessMarker, here: ProcessMarker = ownMarker()): boolean {
  if (marker.host !== here.host || marker.space !== here.space) return false;
  // Containers on two machines may agree in everything but the boot; a machine itself has booted anew.
  if (marker.boot !== here.boot) return here.space === wholeMachine;
  try {
    process.kill(Number(marker.pid), 0);
  } catch (error) {
    // Anything but ESRCH means that it runs, as someone else.
    return error instanceof Error && 'code' in error && error.code === 'ESRCH';
  }
  const started = startOf(marker.pid);
  return started !== '0' && marker.started !== '0' && started !== marker.started;
}
