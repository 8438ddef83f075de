import { describe, expect, it, vi } from 'vitest';
import { loadBuiltIn, loadSqliteDriver } from './sqlite-driver.ts';

const builtIn = loadBuiltIn();

describe('loading SQLite', () => {
  it('gives a driver that answers at once', async () => {
    const driver = await loadSqliteDriver();
    const database = driver.open(':memory:');
    expect(database.prepare('SELECT ? AS x').get('a')).toEqual({ x: 'a' });
    database.close();
  });

  it('falls back to the SQLite of Node, or says what to install, when the package is missing', async () => {
    vi.doMock('@photostructure/sqlite', () => {
      throw new Error('not installed');
    });
    const loaded = loadSqliteDriver();
    if (builtIn === undefined)
      await expect(loaded).rejects.toEqual(
        expect.objectContaining({
          code: 'SERVICE_UNAVAILABLE',
          message: expect.stringMatching(/npm install @photostructure\/sqlite.*Node 22\.13/),
        }),
      );
    else expect((await loaded).name).toBe('node:sqlite');
    vi.doUnmock('@photostructure/sqlite');
  });

  it('holds back the one notice about SQLite, lets others through, and puts everything back', () => {
    const warnings: unknown[] = [];
    const emitWarning = vi.spyOn(process, 'emitWarning').mockImplementation((warning) => {
      warnings.push(warning);
    });
    const before = process.emitWarning;
    vi.spyOn(process, 'getBuiltinModule').mockImplementation(((): undefined => {
      process.emitWarning('SQLite is an experimental feature', 'ExperimentalWarning');
      process.emitWarning('something else', 'ExperimentalWarning');
      process.emitWarning('SQLite is old', 'DeprecationWarning');
    }) as never);
    expect(loadBuiltIn()).toBeUndefined();
    expect(warnings).toEqual(['something else', 'SQLite is old']);
    expect(process.emitWarning).toBe(before);
    emitWarning.mockRestore();
  });
});
