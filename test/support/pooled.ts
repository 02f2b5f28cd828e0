/**
 * The simulation in worker threads, for tests that turn a clock of their own: it knows whether it has answered all that it
 * was asked. Its watchdog has the real time.
 */
import type { Simulation } from '../../actors/ports.js';
import type { GameModule } from '../../games/contract.js';
import { SystemClock } from '../../src/observe/clock.js';
import { PooledSimulation } from '../../src/simulation/pool/pool.js';
import { BUILT_WORKER } from './built.js';
import { RecordingLog } from './recording-log.js';

export interface Pooled {
  readonly simulation: Simulation;
  isBusy(): boolean;
  stop(): Promise<void>;
}

/** `file`: where the workers find this very game, built. */
export async function pooled(game: GameModule, file: string, workers: number): Promise<Pooled> {
  const pool = new PooledSimulation({
    game,
    start: {
      entry: BUILT_WORKER,
      game: file,
      cwd: process.cwd(),
      gamesDir: '',
      secret: 'secret',
      maxZoneBytes: 2 ** 20,
      spoilable: false,
      tickBudgetMs: 10_000,
    },
    ...{ workers, heapMb: 128, tickIntervalMs: 100, clock: new SystemClock(), log: new RecordingLog() },
    onHostLost: (zone, error) => {
      throw new Error(`zone ${zone} has lost its host`, { cause: error });
    },
    onStray() {},
    ask: async () => ({}),
  });
  await pool.ready();
  let asked = 0;
  const simulation = new Proxy(pool, {
    get(target, key) {
      const member: unknown = Reflect.get(target, key);
      if (typeof member !== 'function') return member;
      return (...args: unknown[]) => {
        const answer: unknown = member.apply(target, args);
        if (!(answer instanceof Promise)) return answer;
        asked += 1;
        return answer.finally(() => {
          asked -= 1;
        });
      };
    },
  });
  return { simulation, isBusy: () => asked > 0, stop: () => pool.stop() };
}
