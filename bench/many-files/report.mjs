// Tables of many files: rates beside copying and the floor, how the rate and the memory hold, and the parts of the floor.
import { lineThrough, median, megabytes, number, table } from '../measuring/table.mjs';

const fileCalls = ['read', 'write', 'rename'];
/** Which parts a file cannot do without. Files that share a license share its RSA operations. */
const needed = {
  'per-file': { protect: ['sign', 'wrap', ...fileCalls], open: ['verify', 'unwrap', ...fileCalls] },
  'per-policy': { protect: fileCalls, open: fileCalls },
};

/** Microseconds of one thread that a file costs if it takes nothing but these parts. */
export const floorOf = (parts, licenses, work, durable) =>
  [...needed[licenses][work], ...(durable ? ['flush'] : [])].reduce((sum, part) => sum + parts[part], 0);

/** Rates of each further `step` files. */
export const ratesOfSteps = (steps, step) =>
  steps.map((at, n) => (step * 1000) / (at - (n === 0 ? 0 : steps[n - 1])));

export function printRuns({ files, bytes, step, rounds, cores, settings, copies, floor, runs }) {
  const rate = (list) => files / median(list.map(({ seconds }) => seconds));
  console.log(
    `${files} files of 16 to 64 KiB (${(bytes / 1e9).toFixed(1)} GB), in place, licenses ${settings.licenses}, ${cores} cores; medians of ${rounds} rounds.`,
  );
  console.log(
    'After every run the protected files were counted; at the end the tree was what it had been, by SHA-256.',
  );

  console.log(
    `\n${table(
      ['part of the floor, one thread', 'us a file', 'of it CPU'],
      Object.keys(floor.microseconds).map((part) => [
        part,
        number(floor.microseconds[part], 1),
        number(floor.processor[part], 1),
      ]),
    )}`,
  );

  const groups = new Map();
  for (const run of runs) groups.set(titleOf(run), [...(groups.get(titleOf(run)) ?? []), run]);
  const rows = [...groups.values()].map((list) => {
    const [{ work, durable }] = list;
    const ours = rate(list);
    const least = (cores * 1e6) / floorOf(floor.microseconds, settings.licenses, work, durable);
    const user = median(list.map(({ processor }) => processor.user));
    const system = median(list.map(({ processor }) => processor.system));
    return [
      titleOf(list[0]),
      number(ours),
      number(ours / rate(durable ? copies.flushed : copies.plain), 2),
      number(least),
      number(ours / least, 2),
      number((floorOf(floor.processor, settings.licenses, work, durable) * files) / 1e6 / (user + system), 2),
      number(user, 1),
      number(system, 1),
      megabytes(Math.max(...list.map(({ peakBytes }) => peakBytes))),
    ];
  });
  console.log(
    `\n${table(
      [
        'in place',
        'files/s',
        'x cp -r',
        'floor files/s',
        'of floor',
        'of floor, CPU',
        'user s',
        'system s',
        'peak MB',
      ],
      [
        ['cp -r', number(rate(copies.plain)), '1.00', '', '', '', ...copyFigures(copies.plain)],
        ['cp -r, flushed', number(rate(copies.flushed)), '1.00', '', '', '', ...copyFigures(copies.flushed)],
        ...rows,
      ],
    )}`,
  );

  console.log(
    `\n${table(
      [
        `files/s per ${step} files`,
        'first',
        'median',
        'last',
        'slowest',
        '% a step',
        'first MB',
        'last MB',
        'MB a minute',
      ],
      [...groups.values()].map(([run]) => [titleOf(run), ...constancy(run, step)]),
    )}`,
  );
}

const titleOf = ({ work, durable, loop, threads, concurrency }) =>
  `${work}, ${loop ? 'a loop' : threads < 2 ? 'one thread' : `${threads} threads`}, ${concurrency} at once${durable ? ', flushed' : ''}`;

const copyFigures = (list) => [
  number(median(list.map(({ processor }) => processor.user)), 1),
  number(median(list.map(({ processor }) => processor.system)), 1),
  megabytes(Math.max(...list.map(({ peakBytes }) => peakBytes ?? 0))),
];

/** How rate and memory hold over a run. The slopes are by least squares, of memory after a fifth of the run. */
function constancy({ steps, memory }, step) {
  const rates = ratesOfSteps(steps, step);
  if (rates.length === 0) return ['', '', '', '', '', '', '', ''];
  const middle = median(rates);
  const settled = memory.slice(Math.floor(memory.length / 5));
  return [
    number(rates[0]),
    number(middle),
    number(rates.at(-1)),
    number(Math.min(...rates)),
    number((100 * lineThrough(rates.map((rate, n) => [n, rate])).slope) / middle, 3),
    megabytes(settled[0]?.rss),
    megabytes(settled.at(-1)?.rss),
    number(lineThrough(settled.map(({ at, rss }) => [at / 60_000, rss / 1e6])).slope, 2),
  ];
}
