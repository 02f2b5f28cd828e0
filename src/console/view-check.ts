/**
 * Looks, now and then, at what one player is sent, and holds it against what the game shows that player at that tick. It is one
 * look at a time, a sample: what it has not looked at, it says nothing of. What is strange once may have come of the looking, so the
 * same player is looked at again; twice in a row is a promise broken.
 */
import type { WorldControl, ZoneState } from '../../actors/control.js';
import type { PlayerId, ZoneId } from '../../actors/ids.js';
import type { Witnessed } from '../../actors/witnessing.js';
import { type Strange, stateOf, strangeIn } from './sent-state.js';

/** What looking has brought so far. */
export interface ViewFindings {
  /** So many views were what the game shows. */
  readonly same: number;
  /** What was sent instead; null: nothing but what the game shows. */
  readonly strange: string | null;
}

/** Of so many pulses, one begins a look: the message that is looked at costs its player a whole state. */
const PULSES_A_LOOK = 4;
/** A larger one is not read: that would hold up the thread that all sockets are served by. */
const MOST_BYTES = 256 * 1024;
/** A player that was strange once and is not to be seen again is forgotten. */
const MOST_TRIES = 4;

interface Doubt {
  readonly zone: ZoneId;
  readonly player: PlayerId;
  readonly tries: number;
}

export class ViewCheck {
  #pulses = 0;
  #isLooking = false;
  #doubt: Doubt | null = null;
  #findings: ViewFindings = { same: 0, strange: null };

  constructor(private readonly world: Pick<WorldControl, 'witness' | 'entities' | 'links' | 'zone'>) {}

  get findings(): ViewFindings {
    return this.#findings;
  }

  /** With each pulse. */
  pulse(zones: readonly ZoneState[]): void {
    this.#pulses += 1;
    if (this.#isLooking || this.#pulses % PULSES_A_LOOK !== 1) return;
    const zone = this.#doubt?.zone ?? anyWithPlayers(zones);
    if (zone === null) return;
    this.#isLooking = true;
    // A game that fails at a view, a zone that cannot be read: others tell of that. This look says nothing.
    this.#look(zone)
      .catch(() => this.#sawNothing())
      .finally(() => {
        this.#isLooking = false;
      });
  }

  async #look(zone: ZoneId): Promise<void> {
    const witnessed = await this.world.witness(zone, this.#doubt?.player ?? null);
    if (!witnessed || witnessed.sent.body.length > MOST_BYTES) return this.#sawNothing();
    const [strange] = await this.#strangeIn(zone, witnessed);
    const { player, sent } = witnessed;
    if (!strange) this.#findings = { ...this.#findings, same: this.#findings.same + 1 };
    else if (this.#doubt) this.#tell(`a player in zone ${this.#nameOf(zone)} was sent ${strange.what}, at tick ${sent.tick}`);
    this.#doubt = strange && !this.#doubt ? { zone, player, tries: 0 } : null;
  }

  /** What lies over a border is a tick older in what was sent than in what is asked for now. */
  async #strangeIn(zone: ZoneId, { sent, shown }: Witnessed): Promise<readonly Strange[]> {
    const strange = strangeIn(stateOf(sent), shown);
    const seesOthers = this.world.links().some((link) => link.zone === zone);
    if (strange.length === 0 || !seesOthers) return strange;
    const own = new Set((await this.world.entities(zone, null))?.map(({ id }): string => id));
    return strange.filter(({ entity }) => entity === null || own.has(entity));
  }

  #sawNothing(): void {
    if (!this.#doubt) return;
    const tries = this.#doubt.tries + 1;
    this.#doubt = tries < MOST_TRIES ? { ...this.#doubt, tries } : null;
  }

  /** The first is the one to be told. */
  #tell(strange: string): void {
    if (this.#findings.strange === null) this.#findings = { ...this.#findings, strange };
  }

  #nameOf(zone: ZoneId): string {
    return this.world.zone(zone)?.name ?? zone;
  }
}

function anyWithPlayers(zones: readonly ZoneState[]): ZoneId | null {
  const lived = zones.filter(({ phase, present }) => phase === 'live' && present > 0);
  return lived[Math.floor(Math.random() * lived.length)]?.zone ?? null;
}
