/**
 * States in `gridstead.v1.bin`, read with the project's own decoder. It needs every state since the subscription, so
 * only the players whose walker is looked for have one that is fed.
 */
import { BinaryDecoder, type JsonObject } from '../../../../client/binary.js';
import type { Cell } from '../../../games/arena/rules.js';

/** Finds the walker of one player over whole states and deltas. */
export class BinaryWalker {
  readonly #player: string;
  readonly #decoder = new BinaryDecoder();
  #id: unknown = null;
  #cell: Cell | null = null;

  constructor(player: string) {
    this.#player = player;
  }

  /** Throws the decoder's `ProtocolError` for bytes that make no state. */
  cellIn(bytes: Buffer): Cell | null {
    const { entities } = this.#decoder.decode(bytes).state as { entities?: unknown }; // both kinds of state have one
    for (const entity of Array.isArray(entities) ? entities : setOf(entities)) this.#look(entity);
    return this.#cell;
  }

  #look({ id, x, y, metadata }: JsonObject): void {
    if (ownerOf(metadata) === this.#player) this.#id = id;
    if (id !== this.#id) return;
    this.#cell = { x: typeof x === 'number' ? x : (this.#cell?.x ?? 0), y: typeof y === 'number' ? y : (this.#cell?.y ?? 0) };
  }
}

/** The entities that a delta sets. */
function setOf(entities: unknown): JsonObject[] {
  return (entities as { set: JsonObject[] } | undefined)?.set ?? []; // the decoder makes it so
}

function ownerOf(metadata: unknown): unknown {
  return typeof metadata === 'object' && metadata !== null && 'player' in metadata ? metadata.player : undefined;
}
