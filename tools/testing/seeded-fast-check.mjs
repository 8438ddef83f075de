// What tests get for `fast-check` (vitest.config.ts): that library, drawing the same values in every run, so that a run of
// the suite speaks of the change it checks and not of luck. To look for new mistakes draw others: PROPERTY_SEED=random
// npm test. A test that fails states its seed, and PROPERTY_SEED=<that> repeats it.
import fc from '../../node_modules/fast-check/lib/fast-check.js';

const stated = process.env.PROPERTY_SEED ?? '20261122';
if (stated !== 'random') fc.configureGlobal({ ...fc.readConfigureGlobal(), seed: Number(stated) });

export * from '../../node_modules/fast-check/lib/fast-check.js';
// biome-ignore lint/style/noDefaultExport: the library has one
export default fc;
