import { open, stat } from 'node:fs/promises';

/**
 * When the run of a journal began; now, if there is no journal yet, or none that says so, which is for the run itself to
 * refuse. Relative times (`--newer 30d`, `--valid-until +30d`) count from then: else the same command, typed again the
 * next day, would be another run.
 */
export async function runBeganAt(journal: string | undefined): Promise<Date> {
  const now = new Date();
  if (journal === undefined) return now;
  // A pipe must not be waited for.
  const facts = await stat(journal).catch(() => undefined);
  const file = facts?.isFile() ? await open(journal, 'r').catch(() => undefined) : undefined;
  if (file === undefined) return now;
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(4096), 0, 4096, 0);
    const [, second = ''] = buffer.toString('utf8', 0, bytesRead).split('\n', 2);
    const { session } = JSON.parse(second) as { readonly session?: unknown };
    const at = typeof session === 'string' ? new Date(session) : undefined;
    return at === undefined || Number.isNaN(at.getTime()) ? now : at;
  } catch {
    return now;
  } finally {
    await file.close();
  }
}
