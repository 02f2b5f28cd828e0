/**
 * A player of the `lane` that foresees its own steps and draws itself once a frame, by the client library: what a page does, with
 * numbers for a picture. Runs in a browser, as text, so it uses nothing but what it is given and what every page has.
 */
import type * as library from '../../client/index.js';

/** What there was to be seen at one frame, in cells. */
export interface Sighting {
  readonly atMs: number;
  /** Where the server's newest state has the player. */
  readonly known: number;
  /** Where that state has it with the intents that wait. */
  readonly foreseen: number;
  /** Where it is drawn between two states. */
  readonly drawn: number;
  /** Intents whose fate is not known. */
  readonly waiting: number;
}

export interface Walker {
  /** A step, and what is to be seen in the same turn of the page. null: not there yet. */
  step(dx: number): Sighting | null;
  /** All frames since the last call. */
  sightings(): readonly Sighting[];
  close(): Promise<void>;
}

interface Seen {
  readonly id: string;
  readonly x: number;
  readonly metadata: { readonly player?: string };
}

type Options = Pick<library.ClientOptions<object>, 'url' | 'token' | 'timing'>;

/** `nextFrame`: of the page. */
export function walk(
  { connect, Motion }: Pick<typeof library, 'connect' | 'Motion'>,
  options: Options,
  nextFrame: (draw: () => void) => unknown,
): Walker {
  const client: library.WorldClient = connect({
    ...options,
    predict: (state, { dx }) => ({
      ...state,
      entities: entitiesOf(state).map((entity) => (isOwn(entity) ? { ...entity, x: entity.x + Number(dx) } : entity)),
    }),
  });
  const motion = new Motion();
  let seen: Sighting[] = [];
  client.on('state', (state) => motion.take(state, performance.now()));

  function entitiesOf(state: library.JsonObject | null | undefined): readonly Seen[] {
    return (state?.entities ?? []) as readonly Seen[]; // as the lane has them
  }

  function isOwn({ metadata }: Seen): boolean {
    return metadata.player === client.playerId;
  }

  function look(): Sighting | null {
    const known = entitiesOf(client.snapshot?.state).find(isOwn);
    const foreseen = entitiesOf(client.predicted).find(isOwn);
    const atMs = performance.now();
    const drawn = known && motion.at(known.id, atMs);
    if (!known || !foreseen || !drawn) return null;
    return { atMs, known: known.x, foreseen: foreseen.x, drawn: drawn.x, waiting: client.waiting.length };
  }

  function frame(): void {
    const sighting = look();
    if (sighting) seen.push(sighting);
    nextFrame(frame);
  }
  nextFrame(frame);

  return {
    step(dx) {
      client.intent({ dx });
      return look();
    },
    sightings() {
      const taken = seen;
      seen = [];
      return taken;
    },
    close: () => client.close(),
  };
}
