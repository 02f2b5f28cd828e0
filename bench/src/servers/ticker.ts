/** A clock without drift for the servers that have none of their own: each tick is due at a whole number of periods. */

/** Calls `tick` with its number every `periodMs`. A tick that comes too late is left out, not made up for. */
export function everyPeriod(periodMs: number, tick: (number: number) => void): void {
  const startMs = performance.now();
  let number = 0;
  const wait = () => {
    const passed = Math.floor((performance.now() - startMs) / periodMs);
    number = Math.max(number + 1, passed + 1);
    setTimeout(run, startMs + number * periodMs - performance.now());
  };
  const run = () => {
    tick(number);
    wait();
  };
  wait();
}
