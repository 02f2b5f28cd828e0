/**
 * The contract's promises as functions over what was witnessed: what clients saw, what the game returned to be
 * shown, and what the store held whenever a process ended. Each line that they answer begins with the number of the
 * promise it says is broken. Promise 6 compares two runs, and is `isolation.ts`.
 */
import { isDeepStrictEqual } from 'node:util';
import { allBooked, booksGrow, chainsHold, eachOnce, fatesAgree, pursesStay, ticksRise } from '../flows/chaos/checks.js';
import type { Evidence, History } from '../flows/chaos/history.js';
import { lettersArrive } from './post.js';
import type { Survey } from './survey.js';

export interface Witnessed {
  readonly players: readonly {
    readonly name: string;
    readonly id: string;
    readonly asked: number;
    readonly evidence: readonly Evidence[];
  }[];
  /** Each view that the game returned, by `viewKey`. */
  readonly returned: ReadonlyMap<string, readonly object[]>;
  /** Every frame that reached a client. */
  readonly overheard: readonly { readonly name: string; readonly bytes: Buffer }[];
  readonly unreadable: readonly string[];
  /** What there was at first. */
  readonly founded: Survey;
  /** What every end of a process left behind; the last one is the end of the run. */
  readonly surveys: readonly Survey[];
}

export function viewKey(zone: string, tick: number, player: string): string {
  return `${zone} ${tick} ${player}`;
}

/** In words; [] when every promise was kept. */
export function brokenPromises(witnessed: Witnessed): readonly string[] {
  return CHECKS.flatMap(([promise, check]) => check(witnessed).map((fault) => `${promise}: ${fault}`));
}

const CHECKS: readonly (readonly [promise: number, check: (witnessed: Witnessed) => readonly string[]])[] = [
  [1, nothingTakenBack],
  [2, onePlaceAtATime],
  [3, oneFateEach],
  [4, noByteMore],
  [5, ({ players }) => players.flatMap(ticksRise)],
];

/** All that anybody saw of a zone, and what the store holds at the end, is one history. */
function nothingTakenBack({ players, surveys }: Witnessed): readonly string[] {
  const kept = [...(surveys.at(-1)?.chains ?? [])].map(([zone, chain]): Evidence => {
    const book = { purse: '', ops: [], twice: [], withPurse: 0 };
    return { type: 'view', zone, tick: Number.POSITIVE_INFINITY, ack: null, view: { zone_id: zone, chain, book, purse: null } };
  });
  return [...chainsHold([...players, { name: 'the store', evidence: kept }]), ...players.flatMap(booksGrow)];
}

function onePlaceAtATime({ players, founded, surveys }: Witnessed): readonly string[] {
  const coins = new Set(founded.found.filter(({ metadata }) => metadata.kind === 'coin').map(({ id }) => id));
  const zones = [...founded.chains.keys()];
  const kept = surveys.flatMap((survey, index) => [
    ...eachOnce(survey.found, { coins, zones }),
    ...pursesStay((surveys[index - 1] ?? founded).found, survey.found),
    ...lettersArrive(survey.found, survey.letters),
    ...survey.lost.map((player) => `player ${player} is in nobody's hands`),
  ]);
  return [...kept, ...seenInOneZone(players)];
}

/** A zone takes only what was sent at a lower tick than its own: at one tick, nothing is seen in two zones. */
function seenInOneZone(histories: readonly History[]): readonly string[] {
  const zones = new Map<string, string>();
  const faults: string[] = [];
  for (const item of histories.flatMap(({ evidence }) => evidence)) {
    if (item.type !== 'view') continue;
    for (const { id } of entitiesOf(item.view)) {
      const seen = zones.get(`${item.tick} ${id}`) ?? item.zone;
      zones.set(`${item.tick} ${id}`, seen);
      if (seen !== item.zone) faults.push(`entity ${id} was seen in ${seen} and ${item.zone} at tick ${item.tick}`);
    }
  }
  return faults;
}

function oneFateEach({ players }: Witnessed): readonly string[] {
  return players.flatMap((player) => [...fatesAgree(player), ...allBooked(player, player.asked)]);
}

/** No secret of another player, and no state but the one that the game returned for this player and tick. */
function noByteMore({ players, returned, overheard, unreadable }: Witnessed): readonly string[] {
  return [
    ...overheard.flatMap(({ name, bytes }) => {
      const own = players.find((player) => player.name === name)?.id;
      const secrets = [...bytes.toString('latin1').matchAll(/secret-of-([0-9a-f-]{36})/g)].map(([, id]) => id);
      return secrets.filter((id) => id !== own).map((id) => `${name} was sent the secret of ${id}`);
    }),
    ...players.flatMap(({ name, id, evidence }) => evidence.flatMap((item) => strangeView(name, id, item, returned))),
    ...unreadable,
  ];
}

function strangeView(name: string, id: string, item: Evidence, returned: Witnessed['returned']): readonly string[] {
  if (item.type !== 'view') return [];
  const views = returned.get(viewKey(item.zone, item.tick, id)) ?? [];
  return views.some((view) => isSame(view, item.view))
    ? []
    : [`${name} was shown at tick ${item.tick} of ${item.zone} what the game never returned`];
}

function entitiesOf(view: object): readonly { readonly id: string }[] {
  return 'entities' in view && Array.isArray(view.entities) ? view.entities : [];
}

/** Keys have no order, and neither have entities. */
function isSame(returned: object, seen: object): boolean {
  return isDeepStrictEqual(inOrder(returned), inOrder(seen));
}

function inOrder(state: object): object {
  return { ...state, entities: [...entitiesOf(state)].sort((a, b) => (a.id < b.id ? -1 : 1)) };
}
