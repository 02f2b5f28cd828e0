/** The table of connections: who, where, how well, and how much was sent to each. */
import { element } from '../shared/dom.js';
import type { Model } from './model.js';
import { order } from './orders.js';
import type { ConnectionRow } from './wire.js';

const MOST_ROWS = 200;

export function showSockets(body: HTMLElement, model: Model, refused: (why: string) => void): void {
  const rows = model.connections.slice(0, MOST_ROWS).map((row) => rowOf(row, model, refused));
  body.replaceChildren(...rows);
  if (model.connections.length > MOST_ROWS)
    body.append(element('tr', {}, element('td', { colspan: '8' }, `and ${model.connections.length - MOST_ROWS} more`)));
}

function rowOf(row: ConnectionRow, model: Model, refused: (why: string) => void): HTMLTableRowElement {
  const kick = element('button', { type: 'button', 'aria-label': `kick ${row.username}` }, 'Kick');
  kick.addEventListener('click', () => {
    void order('POST', `debug/players/${row.player_id}/kick`).then((why) => why && refused(why));
  });
  const cells = [
    row.username,
    model.zoneById(row.zone_id)?.name ?? '–',
    row.rtt_ms === null ? '–' : `${row.rtt_ms.toFixed(0)} ms`,
    bytes(row.buffered_bytes),
    String(row.dropped_snapshots),
    ...kinds(row.sent_bytes ?? {}),
  ];
  return element('tr', {}, ...cells.map((text) => element('td', { class: 'number' }, text)), element('td', {}, kick));
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
