/** What the map of a console draws, by the calls that a canvas gets. */
import { expect } from 'chai';
import { type Brush, MapPainter } from '../../../web/console/map-painter.js';
import { Model } from '../../../web/console/model.js';
import type { Palette } from '../../../web/console/palette.js';
import type { AwakeRow, Happened, PulseMessage } from '../../../web/console/wire.js';

const PALETTE: Palette = {
  ...{ ground: 'ground', surface: 'surface', ink: 'ink', muted: 'muted', line: 'line' },
  ...{ accent: 'accent', warn: 'warn', bad: 'bad', costs: [] },
};
const TICK = 100;

/** A canvas that remembers what was filled, and where lines went. */
class RecordingContext implements Brush {
  fillStyle: unknown = '';
  strokeStyle: unknown = '';
  globalAlpha = 1;
  lineWidth = 1;
  font = '';
  readonly lines: string[] = [];
  /** Colours of rectangles by their left edge. */
  readonly rectangles = new Map<number, unknown>();
  #from = '';

  moveTo(x: number, y: number): void {
    this.#from = `${x},${y}`;
  }
  lineTo(x: number, y: number): void {
    this.lines.push(`${this.#from} to ${x},${y}`);
  }
  fillRect(x: number): void {
    this.rectangles.set(x, this.fillStyle);
  }
  measureText(): { readonly width: number } {
    return { width: 10 };
  }
  beginPath(): void {}
  stroke(): void {}
  fill(): void {}
  arc(): void {}
  rect(): void {}
  strokeRect(): void {}
  fillText(): void {}
}

/** Zones of 10×10 beside one another, a pixel to the cell. */
function painted(awake: readonly AwakeRow[], happened: readonly Happened[] = [], at = 0): RecordingContext {
  const [model, context] = [new Model(), new RecordingContext()];
  const zones = awake.map((_, index) => ({ id: `z${index}`, name: `z${index}`, width: 10, height: 10 }));
  model.tell({ type: 'zones', zones, links: zones.slice(1).map((_, index) => [index, index + 1, 10, 0] as const) });
  const tick = { paused: false, tick_number: TICK, tick_interval_ms: 50, drift_ms: 0, p99_duration_ms: 1, skipped_ticks: 0 };
  const pulse: PulseMessage = {
    ...{ type: 'pulse', at, status: { tick, live_zones: 2, connections: 0 }, down: [], game: null },
    ...{ lost: 0, views: { same: 0, strange: null }, loop_delay_ms: { mean: 0, max: 0 }, awake, happened, entities: [] },
  };
  model.tell(pulse);
  const place = { scale: 1, left: 0, top: 0, width: 100, height: 100, isByKeys: false, chosen: null };
  new MapPainter({ ...place, context, model, palette: PALETTE, visible: model.zones }).paint();
  return context;
}

const zone = (index: number, phase: string, tick: number): AwakeRow => [index, phase, tick, 0, 0, 0, 0];

describe('the map of a console, drawn', () => {
  it('has an arrow from zone to zone for a handover, for a moment', () => {
    const handover: Happened = { type: 'handover', zone: 0, to: 1, player_id: 'ann', at: 1_000 };
    const awake = [zone(0, 'live', TICK), zone(1, 'live', TICK)];

    expect(painted(awake, [handover], 1_500).lines).to.include('5,5 to 15,5');
    expect(painted(awake, [handover], 9_000).lines).to.deep.equal([]);
  });

  it('colours a zone by how far its tick is behind, and by what ails it', () => {
    const states: [string, number][] = [
      ['live', TICK],
      ['live', TICK - 5],
      ['live', TICK - 20],
      ['stalled', TICK],
      ['quarantined', TICK],
    ];

    const { rectangles } = painted(states.map(([phase, tick], index) => zone(index, phase, tick)));

    expect(states.map((_, index) => rectangles.get(index * 10))).to.deep.equal(['accent', 'warn', 'bad', 'warn', 'bad']);
  });
});
