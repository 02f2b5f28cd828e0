/**
 * Preloaded into a server by a test: SIGUSR2 sets its wall clock a day forward, and the next one back again.
 * Monotonic time and timers stay as they are, as with a real clock that is set.
 */
const DAY_MS = 86_400_000;
const realNow = Date.now;
let offsetMs = 0;

process.on('SIGUSR2', () => {
  offsetMs = offsetMs === 0 ? DAY_MS : 0;
});
Date.now = () => realNow() + offsetMs;
