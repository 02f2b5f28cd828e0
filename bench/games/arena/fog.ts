/** The arena in fog: a player sees the walkers around its own, and nothing else. */
import type { PlayerView } from '../../../games/contract.js';
import arena, { walkerOf } from './index.js';
import { SIGHT } from './rules.js';

export default { ...arena, name: 'arena-fog', getPlayerState };

const SIDE = 2 * SIGHT + 1;

function getPlayerState({ zone, player, entities }: PlayerView): object {
  const id = walkerOf(player);
  const walker = id === null ? undefined : entities.get(id);
  if (!walker) return { zone_id: zone.id, entities: [] };
  const seen = entities.inArea({ x: walker.x - SIGHT, y: walker.y - SIGHT, width: SIDE, height: SIDE });
  return { zone_id: zone.id, entities: seen };
}
