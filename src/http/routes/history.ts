/**
 * What is kept of zones behind their checkpoints, for the debug role: which ticks there are, what a zone was like after
 * one of them, and a stretch of them as a test.
 */
import Joi from 'joi';
import type { ZoneId } from '../../../actors/ids.js';
import type { ZoneHistory } from '../../../actors/ports.js';
import { askedBy } from '../../replay/asked.js';
import { testOf } from '../../replay/export.js';
import { pastOf } from '../../replay/past.js';
import { NoHistoryError, readStretch } from '../../replay/stretch.js';
import { failure, ok, type Reply } from '../reply.js';
import { playerRoute, type Route, type RouteFacts } from '../route.js';
import {
  askedShape,
  entityOnWire,
  exportedTestShape,
  historyShape,
  isoTime,
  pastShape,
  playerQuery,
  zonePath,
} from '../shapes.js';
import { noSuchZone } from './zones.js';

export interface HistoryRouteDeps {
  readonly history: ZoneHistory;
  /** The game that runs, and whether it looks over borders. */
  readonly game: { readonly source: string; readonly hasBorder: boolean };
}

const HISTORY = { auth: 'debug', tag: 'debug', method: 'get' } as const satisfies Partial<RouteFacts>;
/** Where a test that is exported is to lie, in a project like this one. */
const FROM_TESTS = '../..';

const tickNumber = Joi.number().integer().min(1).max(Number.MAX_SAFE_INTEGER).required();
const pastPath = zonePath.append<{ id: ZoneId; tick: number }>({ tick: tickNumber });
const stretchQuery = Joi.object<{ from: number; to: number }>({ from: tickNumber, to: tickNumber });

export function historyRoutes({ history, game }: HistoryRouteDeps): readonly Route[] {
  return [
    playerRoute({
      ...HISTORY,
      path: '/api/debug/zones/:id/history',
      summary: 'Which ticks of a zone can be looked at and played again: above `after`, up to `up_to`; null: none',
      params: zonePath,
      responses: { 200: historyShape },
      async handle({ params: { id } }): Promise<Reply> {
        if (!(await history.zone(id))) return noSuchZone();
        const range = await history.range(id);
        return ok({ after: range?.after ?? null, up_to: range?.upTo ?? null });
      },
    }),
    playerRoute({
      ...HISTORY,
      path: '/api/debug/zones/:id/history/intents',
      summary: 'What a player has asked of a zone lately: the newest 20 intents of the last 200 ticks, the newest first',
      params: zonePath,
      query: playerQuery,
      responses: { 200: askedShape },
      async handle({ params: { id }, query: { player_id } }): Promise<Reply> {
        if (!(await history.zone(id))) return noSuchZone();
        const asked = await askedBy(history, id, player_id);
        return ok({
          intents: asked.map(({ tick, seq, data, receivedAtMs }) => ({
            ...{ tick_number: tick, seq, data, received_at: isoTime(receivedAtMs) },
          })),
        });
      },
    }),
    playerRoute({
      ...HISTORY,
      path: '/api/debug/zones/:id/history/test',
      summary: 'A stretch of a zone as a test: two files, to be put into test/replays',
      params: zonePath,
      query: stretchQuery,
      responses: { 200: exportedTestShape },
      async handle({ params: { id }, query: { from, to } }): Promise<Reply> {
        const zone = await history.zone(id);
        if (!zone) return noSuchZone();
        try {
          const stretch = await readStretch(history, zone, { from, to, besides: game.hasBorder });
          const gameImport = `${FROM_TESTS}/games/${game.source}/index.js`;
          return ok(testOf(stretch, { gameImport, replayImport: `${FROM_TESTS}/src/replay/index.js` }));
        } catch (error) {
          if (error instanceof NoHistoryError) return failure('not_found', error.message);
          throw error;
        }
      },
    }),
    playerRoute({
      ...HISTORY,
      path: '/api/debug/zones/:id/history/:tick',
      summary: 'A zone as it was after a tick, and what was asked of it in that tick',
      params: pastPath,
      responses: { 200: pastShape },
      async handle({ params: { id, tick } }): Promise<Reply> {
        const zone = await history.zone(id);
        if (!zone) return noSuchZone();
        const past = await pastOf(history, zone, tick);
        if (!past) return failure('not_found', `nothing is kept of this zone at tick ${tick}`);
        return ok({
          tick_number: past.tick,
          entities: past.entities.map((entity) => entityOnWire(id, entity)),
          intents: past.intents.map(({ player, seq, data, receivedAtMs }) => ({
            ...{ player_id: player, seq, data, received_at: isoTime(receivedAtMs) },
          })),
        });
      },
    }),
  ];
}
