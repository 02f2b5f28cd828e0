/** The picture of a scene. */
import { expect } from 'chai';
import { type Canvas, drawScene } from '../../../../src/tools/play/map.js';
import { Scene } from '../../../../src/tools/play/scene.js';

const ESCAPE = '\u001b';
const COLOUR = new RegExp(`${ESCAPE}\\[\\d+m`, 'g');
const ZONE = { id: 'z', name: 'meadow', width: 10, height: 6 };
const CANVAS: Canvas = { columns: 60, rows: 14, colour: false, draft: null };

describe('map', () => {
  it('shows what is around the player, who is here, and what was said', () => {
    const scene = sceneWith([
      { id: 'wall', x: 0, y: 0, width: 10, height: 1, metadata: { kind: 'wall' } },
      { id: 'gate', x: 4, y: 0, width: 1, height: 1, metadata: { kind: 'gate', name: 'orchard' } },
      { id: 'item', x: 3, y: 3, width: 0, height: 0, metadata: { kind: 'item', name: 'apple' } },
      { id: 'hare', x: 3, y: 1, width: 1, height: 1, metadata: { kind: 'animal', name: 'hare' } },
      { id: 'me', x: 2, y: 2, width: 1, height: 1, metadata: { kind: 'walker', name: 'ann' } },
      { id: 'bob', x: 1, y: 2, width: 1, height: 1, metadata: { kind: 'walker', name: 'bob' } },
    ]);
    scene.note('you went through a gate');
    hear(scene, 'bob', 'hello');

    expect(drawScene(scene, CANVAS)).to.deep.equal(
      [
        'meadow  tick 7  latency –  ann',
        '                here:',
        '  # # # # + #   @ you',
        '  · · · % · ·   B bob',
        '  · B @ · · ·   ',
        '  · · · * · ·   ',
        '  · · · · · ·   ',
        '  · · · · · ·   ',
        'bob: hello',
        '',
        'you went through a gate',
        'carrying: apple, reed',
        '# wall   + gate   * something to pick up   , something that grows   % animal',
        'arrows/wasd walk   g pick up   f put down   t talk   q quit',
      ].map((line) => line.slice(0, 60)),
    );
  });

  it('shows the newest of what happened only, and what was said until more is said', () => {
    const scene = sceneWith([]);
    hear(scene, 'bob', 'hello');
    scene.note('something is in the way');
    scene.note('you went through a gate');

    expect(drawScene(scene, CANVAS).slice(-6, -3)).to.deep.equal(['bob: hello', '', 'you went through a gate']);
  });

  it('draws nobody as it draws a thing, whatever the name', () => {
    const kinds = ['wall', 'gate', 'item', 'sprout', 'animal'];
    const symbolOf = (metadata: object) =>
      drawScene(sceneWith([{ id: 'it', x: 3, y: 2, width: 1, height: 1, metadata }]), { ...CANVAS, columns: 30 })[4]?.split(
        '@ ',
      )[1]?.[0];

    const signs = kinds.map((kind) => symbolOf({ kind }));
    const initials = ['olga', '1st', '+x', '#', ',', ...'abcdefghijklmnopqrstuvwxyz'].map((name) =>
      symbolOf({ kind: 'walker', name }),
    );

    expect(signs).to.deep.equal(['#', '+', '*', ',', '%']);
    expect(initials).to.include('O');
    for (const sign of signs) expect(initials).to.not.include(sign);
  });

  it('fits all that one sees on a screen of 24 lines', () => {
    const scene = sceneWith([]);
    scene.sight = 8;

    const rows = drawScene(scene, { ...CANVAS, columns: 80, rows: 24 });

    expect(rows).to.have.length(24);
    expect(rows.filter((row) => row.includes('·'))).to.have.length(6); // the zone is six cells high
    expect(rows.at(-1)).to.include('q quit');
  });

  it('draws only as much as fits', () => {
    for (const [columns, rows] of [
      [80, 24],
      [40, 12],
      [10, 5],
      [1, 1],
      [500, 200],
    ] as const) {
      const lines = drawScene(sceneWith([]), { ...CANVAS, columns, rows });

      expect(lines.length).to.be.at.most(rows);
      for (const line of lines) expect([...line].length).to.be.at.most(columns);
    }
  });

  it('colours without changing what is shown', () => {
    const scene = sceneWith([{ id: 'wall', x: 0, y: 0, width: 10, height: 1, metadata: { kind: 'wall' } }]);

    const coloured = drawScene(scene, { ...CANVAS, colour: true });

    expect(coloured.join()).to.include('\u001b[90m#\u001b[0m');
    expect(coloured.map((line) => line.replaceAll(COLOUR, ''))).to.deep.equal(drawScene(scene, CANVAS));
  });

  it('does not look at all cells of a wall that is a million long', () => {
    const scene = sceneWith([{ id: 'wall', x: 0, y: 3, width: 1_000_000, height: 1_000_000, metadata: { kind: 'wall' } }]);

    expect(drawScene(scene, CANVAS)[5]).to.include('# # #');
  });

  it('shows the text that is being typed, and what became of the connection', () => {
    const scene = sceneWith([]);
    scene.link = { type: 'lost', code: 1006, retryInMs: 1500 };

    const lines = drawScene(scene, { ...CANVAS, columns: 100, draft: 'hi' });

    expect(lines[0]).to.include('[connection lost, next try in 1.5 s]');
    expect(lines.at(-1)).to.equal('say: hi_');
  });

  it('has something to show before the first tick', () => {
    expect(drawScene(new Scene('ann'), CANVAS).join('\n'))
      .to.include('connecting')
      .and.include('waiting for the next tick');
  });

  it('leaves everything where it is while the player is between two zones', () => {
    const scene = sceneWith([]);
    const before = drawScene(scene, CANVAS);

    scene.apply({ type: 'handover', from: { zone_id: 'z' }, to: { zone_id: 'y', x: 1, y: 1 } });
    const between = drawScene(scene, CANVAS);

    expect(between.join('\n')).to.include('waiting for the next tick').and.include('you went through a gate');
    expect(between.slice(-2)).to.deep.equal(before.slice(-2));
    expect(between).to.have.length(before.length);
  });

  it('marks names that begin with no simple letter', () => {
    const scene = sceneWith(
      ['山本', '_x', ''].map((name, index) => ({
        id: name,
        x: index + 3,
        y: 2,
        width: 1,
        height: 1,
        metadata: { kind: 'walker', name },
      })),
    );

    expect(drawScene(scene, CANVAS)[4]).to.include('@ & & &');
  });
});

function hear(scene: Scene, name: string, text: string): void {
  const you = { id: 'me', x: 2, y: 2, items: ['apple', 'reed'] };
  const { things: entities, sight } = scene;
  scene.see({ zone: 'z', tick: 7, state: { zone_id: 'z', sight, you, entities, events: [{ type: 'said', name, text }] } });
}

function sceneWith(entities: object[]): Scene {
  const scene = new Scene('ann');
  scene.link = { type: 'joined' };
  scene.apply({ type: 'subscribed', zone_id: 'z', zone: ZONE });
  const you = { id: 'me', x: 2, y: 2, items: ['apple', 'reed'] };
  scene.see({ zone: 'z', tick: 7, state: { zone_id: 'z', sight: 3, you, entities, events: [] } });
  return scene;
}
