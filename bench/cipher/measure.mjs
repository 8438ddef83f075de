// Runs cases turn by turn, so that a slow moment of the machine hits all of them, and takes medians.
// On a busy machine set SEALWRIGHT_BENCH_CLOCK=cpu: processor time instead of wall time.

const clocks = {
  wall: () => Number(process.hrtime.bigint()) / 1e9,
  cpu: () => {
    const { user, system } = process.cpuUsage();
    return (user + system) / 1e6;
  },
};
const now = clocks[process.env.SEALWRIGHT_BENCH_CLOCK ?? 'wall'];

/** @param {Record<string, () => unknown>} cases @returns {Promise<Record<string, number>>} seconds a run */
export async function measure(cases, { rounds = 15, warmups = 5 } = {}) {
  const names = Object.keys(cases);
  const times = Object.fromEntries(names.map((name) => [name, []]));
  for (const name of names) for (let i = 0; i < warmups; i++) await cases[name]();
  for (let round = 0; round < rounds; round++)
    for (const name of names) {
      const start = now();
      // Awaiting what is no promise would add a turn of the event loop.
      const result = cases[name]();
      if (result instanceof Promise) await result;
      times[name].push(now() - start);
    }
  const median = (list) => list.sort((a, b) => a - b)[list.length >> 1];
  return Object.fromEntries(names.map((name) => [name, median(times[name])]));
}

/** Prints MB/s and the ratio to `unit` for cases that each do `bytes` bytes. */
export function report(title, seconds, bytes, unit) {
  console.log(title);
  for (const [name, time] of Object.entries(seconds)) {
    const rate = bytes / time / 1e6;
    const ratio = seconds[unit] / time;
    console.log(
      `  ${name.padEnd(40)}${rate.toFixed(0).padStart(8)} MB/s  ${ratio.toFixed(2).padStart(6)} x ${unit}`,
    );
  }
}
