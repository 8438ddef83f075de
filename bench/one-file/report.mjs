// Tables of one file: speeds beside copying, then the library beside every peer.
import { median, megabytes, number, table } from '../measuring/table.mjs';

/** Median of a figure over the rounds; `undefined` where it was never measured. */
const middle = (runs, figure) => {
  const values = (runs ?? []).map(figure).filter((value) => value !== undefined);
  return values.length === 0 ? undefined : median(values);
};

/** Median over the rounds of `one / other`, each pair of the same round. */
function ratio(one, other) {
  const pairs = (one ?? []).flatMap((run, round) => (other?.[round] ? [[run, other[round]]] : []));
  return pairs.length === 0 ? undefined : median(pairs.map(([a, b]) => a.seconds / b.seconds));
}

const processor = (run) => run.processor.user + run.processor.system;

export function speeds({ subjects, results, state, size }) {
  const find = (name, work) => results[`${state} ${work} ${name}`];
  const rows = subjects.map(({ name, flush, copy }) => {
    const reference = find(flush ? 'cp, flushed' : 'cp', 'copy');
    const columns = (work) => {
      const runs = find(name, work);
      const seconds = middle(runs, (run) => run.seconds);
      const peak = runs === undefined ? undefined : Math.max(...runs.map((run) => run.peakBytes ?? 0));
      return [
        number(seconds === undefined ? undefined : size / seconds / 1e6),
        number(ratio(reference, runs), 2),
        number(middle(runs, processor), 2),
        megabytes(peak),
      ];
    };
    return copy
      ? [name, ...columns('copy'), '', '', '', '']
      : [name, ...columns('encrypt'), ...columns('decrypt')];
  });
  const head = (work) => [`${work} MB/s`, 'x cp', 'CPU s', 'peak MB'];
  return table([state, ...head('encrypt'), ...head('decrypt')], rows);
}

/** How many times as fast as each peer the library is: one line a peer, one column for each of ours and direction. */
export function beside({ subjects, results, state }) {
  const ours = subjects.filter((each) => each.ours && !each.flush);
  const others = subjects.filter((each) => !each.ours && !each.copy);
  if (ours.length === 0 || others.length === 0) return undefined;
  const find = (name, work) => results[`${state} ${work} ${name}`];
  const head = ours.map(({ name }) => name.replace('sealwright ', '').replace(/ threads?/, ''));
  return table(
    [`${state}: times as fast as`, ...head.flatMap((name) => [`${name} enc`, 'dec'])],
    others.map((other) => [
      other.name,
      ...ours.flatMap(({ name }) =>
        ['encrypt', 'decrypt'].map((work) => number(ratio(find(other.name, work), find(name, work)), 2)),
      ),
    ]),
  );
}
