import { ownMarker, type ProcessMarker } from './process-marker.ts';
import { randomDigits } from './random-name.ts';

const suffix = '.sealwright-tmp';

/** UTF-16 units of the target's name that are repeated in the temporary one: a hint for people, and never too long. */
const hintLength = 32;

/**
 * A new name for the temporary file of `name`: `.NAME.HOST-BOOT-SPACE-PID-STARTED-RANDOM.sealwright-tmp`
 * (spec/files.md, "Leftovers").
 */
export function temporaryName(name: string, marker: ProcessMarker = ownMarker()): string {
  const hint = name.slice(0, hintLength).replace(/[\ud800-\udbff]$/, '');
  const { host, boot, space, pid, started } = marker;
  return `.${hint}.${[host, boot, space, pid, started, randomDigits()].join('-')}${suffix}`;
}

/** Whether a file of this name is one of our temporary files. */
export const isTemporaryName = (name: string): boolean => markerIn(name) !== undefined;

/** The process that a temporary file belongs to; `undefined` for any other name. */
export function markerIn(name: string): ProcessMarker | undefined {
  if (!name.endsWith(suffix)) return undefined;
  const found = /^\..*\.([0-9a-f]{8})-([0-9a-f]{8})-(\d+)-(\d+)-(\d+)-[0-9a-f]{12}\.sealwright-tmp$/s.exec(
    name,
  );
  if (found === null) return undefined;
  const [, host = '', boot = '', space = '', pid = '', started = ''] = found;
  return { host, boot, space, pid, started };
}
