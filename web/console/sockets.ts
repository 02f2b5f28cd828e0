/** The table of connections: who, where, how well, and how much was sent to each. */
import { element, setText } from '../shared/dom.js';
import { Keyed } from './keyed.js';
import type { Model } from './model.js';
import { order } from './orders.js';
import type { ConnectionRow } from './wire.js';

const MOST_ROWS = 200;

interface Row {
  readonly element: HTMLTableRowElement;
  readonly cells: readonly HTMLTableCellElement[];
}

export class Sockets {
  readonly #rows: Keyed<ConnectionRow, Row>;

  constructor(
    body: HTMLElement,
    private readonly more: HTMLElement,
    private readonly model: Model,
    private readonly refused: (why: string) => void,
  ) {
    this.#rows = new Keyed(
      body,
      ({ connection_id }) => connection_id,
      (row) => this.#rowOf(row),
      ({ cells }, row) => {
        for (const [index, text] of this.#textsOf(row).entries()) if (cells[index]) setText(cells[index], text);
      },
    );
  }

  show(): void {
    const { connections } = this.model;
    this.#rows.show(connections.slice(0, MOST_ROWS));
    setText(this.more, connections.length > MOST_ROWS ? `and ${connections.length - MOST_ROWS} more` : '');
  }

  #rowOf(row: ConnectionRow): Row {
    const { username, player_id } = row;
    const kick = this.#button(`kick ${username}`, 'Kick', () => order('POST', `debug/players/${player_id}/kick`));
    const ban = this.#button(`ban ${username}`, 'Ban', async () => {
      const reason = prompt(`Ban ${username}? Its sessions end, and each login is told why:`);
      return reason === null ? null : order('POST', `debug/players/${player_id}/ban`, { reason });
    });
    const cells = this.#textsOf(row).map(() => element('td', { class: 'number' }));
    return { element: element('tr', {}, ...cells, element('td', {}, kick, ' ', ban)), cells };
  }

  #button(name: string, label: string, obey: () => Promise<string | null>): HTMLButtonElement {
    const button = element('button', { type: 'button', 'aria-label': name }, label);
    button.addEventListener('click', () => void obey().then((why) => why && this.refused(why)));
    return button;
  }

  #textsOf(row: ConnectionRow): readonly string[] {
    return [
      row.username,
      this.model.zoneById(row.zone_id)?.name ?? '–',
      row.rtt_ms === null ? '–' : `${row.rtt_ms.toFixed(0)} ms`,
      bytes(row.buffered_bytes),
      String(row.dropped_snapshots),
      ...kinds(row.sent_bytes ?? {}),
    ];
  }
}

/** Views, and all the rest by kind. */
function kinds({ tick = 0, ...others }: Readonly<Record<string, number>>): readonly string[] {
  const rest = Object.entries(others).sort(([, a], [, b]) => b - a);
  return [bytes(tick), rest.map(([kind, count]) => `${kind} ${bytes(count)}`).join(', ') || '–'];
}

function bytes(count: number): string {
  if (count < 1_024) return `${count} B`;
  return count < 1_048_576 ? `${(count / 1_024).toFixed(1)} KiB` : `${(count / 1_048_576).toFixed(1)} MiB`;
}
