/**
 * A player that writes down what it sees, by the client library. The same function runs in Node.js and, as text, in a
 * browser, so it uses nothing but what it is given.
 */
import type * as library from '../../client/index.js';

/** What was seen so far; plain, so that it can leave a browser. */
export interface Report {
  readonly links: readonly string[];
  /** By number; an intent that settled twice is here twice. */
  readonly fates: readonly (readonly [number, string])[];
  readonly ticks: readonly number[];
  readonly wholes: number;
  readonly deltas: number;
  readonly rttMs: number | null;
  /** How far the server's clock, as it is followed, is from the one of this machine. */
  readonly clockOffMs: number | null;
  readonly hasSelf: boolean;
}

export interface Recorder {
  intent(data: object): number | null;
  report(): Report;
  close(): Promise<void>;
}

type Options = Omit<library.ClientOptions<object>, 'home' | 'predict' | 'random'>;

export function record({ connect }: Pick<typeof library, 'connect'>, options: Options): Recorder {
  const links: string[] = [];
  const fates: [number, string][] = [];
  const ticks: number[] = [];
  let [wholes, deltas] = [0, 0];
  const client = connect(options);
  client.on('link', ({ type }) => links.push(type));
  client.on('settled', ({ seq, fate }) => fates.push([seq, fate]));
  client.on('state', ({ tick }) => ticks.push(tick));
  client.on('tick', () => {
    wholes += 1;
  });
  client.on('delta', () => {
    deltas += 1;
  });
  return {
    intent: (data) => client.intent({ ...data }),
    report() {
      const nowMs = client.clock.now();
      const clockOffMs = nowMs === null ? null : nowMs - Date.now();
      const hasSelf = client.snapshot?.state.you != null;
      return {
        links: [...links],
        fates: [...fates],
        ticks: [...ticks],
        wholes,
        deltas,
        rttMs: client.rttMs,
        clockOffMs,
        hasSelf,
      };
    },
    close: () => client.close(),
  };
}
