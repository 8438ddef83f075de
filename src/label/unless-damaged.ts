import { SealwrightError } from '../errors.ts';

const damage: readonly string[] = ['MALFORMED_CONTAINER', 'LIMIT_EXCEEDED', 'UNSUPPORTED_FORMAT'];

/** Whether an error tells of what stands in a file, and not of a source that cannot be read. */
export const isDamage = (error: unknown): boolean =>
  error instanceof SealwrightError && damage.includes(error.code);

/** What unreadable label metadata gives: nothing. Failures of the source itself are passed on. */
export async function unlessDamaged<T>(read: () => Promise<T>): Promise<T | undefined> {
  try {
    return await read();
  } catch (error) {
    if (isDamage(error)) return undefined;
    throw error;
  }
}
