// Processor time and memory of processes, as Linux counts them.
import { readFileSync } from 'node:fs';

/** Ticks in /proc/PID/stat; Linux has told programs 100 a second on every common machine. */
const ticksPerSecond = 100;

/**
 * Largest memory so far, in bytes. Not `getrusage`: a child that was forked from a large process begins there with
 * the peak of its parent.
 */
export function peakBytes(pid = 'self') {
  const found = /^VmHWM:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'latin1'));
  return found ? Number(found[1]) * 1024 : undefined;
}

/** Memory now, in bytes. */
export function residentBytes(pid = 'self') {
  const found = /^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'latin1'));
  return found ? Number(found[1]) * 1024 : undefined;
}

/** Seconds of processor time of another process, to a hundredth. */
export function processorSeconds(pid) {
  const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return { user: Number(fields[11]) / ticksPerSecond, system: Number(fields[12]) / ticksPerSecond };
}

/** Seconds of processor time of this process since `before`, which an earlier call of `process.cpuUsage` gave. */
export function ownProcessorSeconds(before) {
  const { user, system } = process.cpuUsage(before);
  return { user: user / 1e6, system: system / 1e6 };
}
