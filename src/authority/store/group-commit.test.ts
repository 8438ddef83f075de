import { describe, expect, it } from 'vitest';
import { createGroupCommit } from './group-commit.ts';
import type { RecordKeeper } from './record-keeper.ts';

/** A keeper that writes down what it is told; `broken` names steps that fail. */
function notingKeeper(
  broken: Partial<Record<string, Error>> = {},
  lost = () => false,
  readTogether?: RecordKeeper['readTogether'],
) {
  const told: string[] = [];
  const tell = (step: string) => () => {
    told.push(step);
    if (broken[step] !== undefined) throw broken[step];
  };
  const keeper = {
    attempt: async <T>(step: () => T) => step(),
    explain: (error: unknown) => error,
    inTransaction: () => !lost(),
    readTogether,
    ...Object.fromEntries(
      ['begin', 'commit', 'rollback', 'savepoint', 'release', 'rollbackToSavepoint'].map((step) => [
        step,
        tell(step),
      ]),
    ),
  } as unknown as RecordKeeper;
  return { told, note: (step: string) => void told.push(step), group: createGroupCommit(keeper) };
}

const failure = new Error('on purpose');
const fail = () => {
  throw failure;
};

describe('writes at the same time', () => {
  it('share one commit, in the order in which they were asked for', async () => {
    const { group, told, note } = notingKeeper();
    await Promise.all(['a', 'b', 'c'].map((name) => group.write(() => note(name), 'one')));
    expect(told).toEqual(['begin', 'a', 'b', 'c', 'commit']);
    await group.write(() => note('d'), 'one');
    expect(told.slice(5)).toEqual(['begin', 'd', 'commit']);
  });

  it('wait a moment for as many as the commit before had, and no longer', async () => {
    const { group, told, note } = notingKeeper();
    await Promise.all(['a', 'b'].map((name) => group.write(() => note(name), 'one')));
    const early = group.write(() => note('c'), 'one');
    await new Promise((resolve) => setImmediate(() => setImmediate(resolve)));
    expect(told).toEqual(['begin', 'a', 'b', 'commit']);
    await Promise.all([early, group.write(() => note('d'), 'one')]);
    expect(told.slice(4)).toEqual(['begin', 'c', 'd', 'commit']);
    await group.write(() => note('e'), 'one');
    expect(told.slice(8)).toEqual(['begin', 'e', 'commit']);
  });

  it('are answered after the commit and not before', async () => {
    const { group, told } = notingKeeper();
    await group.write(() => undefined, 'one').then(() => told.push('answered'));
    expect(told).toEqual(['begin', 'commit', 'answered']);
  });

  it('do not suffer from one that fails, which is undone by itself', async () => {
    const { group, told, note } = notingKeeper();
    const outcomes = await Promise.allSettled([
      group.write(() => note('a'), 'one'),
      group.write(fail, 'several'),
      group.write(async () => fail(), 'several'),
      group.write(async () => note('b'), 'several'),
    ]);
    expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'rejected', 'fulfilled']);
    const undone = ['savepoint', 'rollbackToSavepoint'];
    expect(told).toEqual(['begin', 'a', ...undone, ...undone, 'savepoint', 'b', 'release', 'commit']);
  });

  it.each(['begin', 'commit'])(
    'are all refused when the %s fails, and the next ones are served',
    async (step) => {
      const broken: Partial<Record<string, Error>> = { [step]: failure };
      const { group } = notingKeeper(broken);
      const outcomes = await Promise.allSettled([1, 2].map(() => group.write(() => 1, 'one')));
      expect(outcomes).toEqual([1, 2].map(() => ({ status: 'rejected', reason: failure })));
      delete broken[step];
      await expect(group.write(() => 2, 'one')).resolves.toBe(2);
    },
  );

  it('are all refused when one of them loses the whole transaction', async () => {
    let lost = false;
    const { group, told, note } = notingKeeper({}, () => lost);
    const outcomes = await Promise.allSettled([
      group.write(() => note('a'), 'one'),
      group.write(() => {
        lost = true;
        return fail();
      }, 'one'),
      group.write(() => note('c'), 'one'),
    ]);
    expect(outcomes.map((each) => each.status === 'rejected' && each.reason)).toEqual([
      failure,
      failure,
      failure,
    ]);
    expect(told).toEqual(['begin', 'a', 'rollback']);
  });
});

describe('reading', () => {
  it('does not wait for writes that are answered at once', async () => {
    const { group, told, note } = notingKeeper();
    const writing = group.write(() => note('written'), 'one');
    await group.read(() => note('read'));
    await writing;
    expect(told).toEqual(['read', 'begin', 'written', 'commit']);
  });

  it('begins once for all that is asked for in one turn, and one that fails leaves the others be', async () => {
    const { group, told, note } = notingKeeper({}, undefined, (run) => {
      note('together');
      run();
    });
    const outcomes = await Promise.allSettled([
      group.read(() => note('a')),
      group.read(fail),
      group.read(() => note('b')),
    ]);
    expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    await group.read(() => note('c'));
    expect(told).toEqual(['together', 'a', 'b', 'c']);
  });

  it('sees nothing of a transaction that waits for something, not even while its commit is slow', async () => {
    const { group, told, note } = notingKeeper();
    const writing = group.write(async () => {
      note('begun');
      await new Promise((resolve) => setTimeout(resolve, 20));
      note('done');
    }, 'several');
    await new Promise((resolve) => setTimeout(resolve, 10));
    await group.read(() => note('read'));
    await writing;
    expect(told).toEqual(['begin', 'savepoint', 'begun', 'done', 'release', 'commit', 'read']);
  });
});
