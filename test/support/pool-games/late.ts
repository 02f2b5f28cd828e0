/** The rogue, in a version that takes its time to start once a test says so: threads are given the environment as it is when they begin. */
import rogue from './rogue.js';

await new Promise((resolve) => setTimeout(resolve, Number(process.env.GRIDSTEAD_TEST_LATE_MS ?? 0)));

export default rogue;
