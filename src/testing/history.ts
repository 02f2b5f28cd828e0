/** What happens to a world, as plain data: it can be played again, here or in another process. */
import { unreachable } from '../../actors/errors.js';
import type { JsonObject } from '../../games/contract.js';
import type { TestWorld } from './test-world.js';

export type Happening =
  /** `zone`: by name; absent: where the game's `place` says. */
  | { readonly type: 'join'; readonly name: string; readonly zone?: string }
  | { readonly type: 'leave'; readonly name: string }
  | { readonly type: 'intent'; readonly name: string; readonly data: JsonObject }
  | { readonly type: 'tick'; readonly count?: number }
  | { readonly type: 'sleep'; readonly ms: number }
  | { readonly type: 'kill' };

export async function happen(world: TestWorld, happening: Happening): Promise<void> {
  switch (happening.type) {
    case 'join':
      world.join(happening.name, happening.zone);
      break;
    case 'leave':
      world.leave(happening.name);
      break;
    case 'intent':
      world.intent(happening.name, happening.data);
      break;
    case 'tick':
      world.tick(happening.count);
      break;
    case 'sleep':
      world.sleep(happening.ms);
      break;
    case 'kill':
      await world.kill();
      break;
    default:
      unreachable(happening);
  }
}
