import { expect } from 'chai';
import { LAP_STEPS, lapPlace, Sightings, stepOf } from '../../src/generator/lap.js';

const SPAWN = { x: 10, y: 20 };

function cellAfter(steps: number): { x: number; y: number } {
  const cell = { ...SPAWN };
  for (let number = 0; number < steps; number++) {
    const { dx, dy } = stepOf(number);
    cell.x += dx;
    cell.y += dy;
  }
  return cell;
}

describe('lap', () => {
  it('comes back to where it began', () => {
    expect(cellAfter(LAP_STEPS)).to.deep.equal(SPAWN);
  });

  it('tells from a cell how many steps of the lap were done', () => {
    const steps = Array.from({ length: LAP_STEPS }, (_, number) => number);

    expect(steps.map((number) => lapPlace(SPAWN, cellAfter(number)))).to.deep.equal(steps);
  });

  it('knows no place for a cell beside the way', () => {
    expect(lapPlace(SPAWN, { x: 11, y: 21 })).to.equal(null);
    expect(lapPlace(SPAWN, { x: 9, y: 20 })).to.equal(null);
    expect(lapPlace(SPAWN, { x: 10, y: 25 })).to.equal(null);
  });
});

describe('sightings', () => {
  it('time each step from its sending to the first state that shows it', () => {
    const sightings = new Sightings(SPAWN);
    const latencies: number[] = [];

    for (let number = 0; number < 5; number++) {
      sightings.sent(100 * number);
      sightings.seen(cellAfter(number + 1), 100 * number + 30, (ms) => latencies.push(ms));
    }

    expect(latencies).to.deep.equal([30, 30, 30, 30, 30]);
  });

  it('time two steps that show in one state each by itself', () => {
    const sightings = new Sightings(SPAWN);
    const latencies: number[] = [];

    sightings.sent(0);
    sightings.sent(100);
    sightings.seen(cellAfter(2), 110, (ms) => latencies.push(ms));

    expect(latencies).to.deep.equal([110, 10]);
  });

  it('count nothing for a state that shows no new step', () => {
    const sightings = new Sightings(SPAWN);
    const latencies: number[] = [];

    sightings.seen(SPAWN, 5, (ms) => latencies.push(ms));
    sightings.sent(10);
    sightings.seen(SPAWN, 20, (ms) => latencies.push(ms));
    sightings.seen(cellAfter(1), 30, (ms) => latencies.push(ms));
    sightings.seen(cellAfter(1), 40, (ms) => latencies.push(ms));

    expect(latencies).to.deep.equal([20]);
  });

  it('go on over many laps', () => {
    const sightings = new Sightings(SPAWN);
    const latencies: number[] = [];

    for (let number = 0; number < 10 * LAP_STEPS; number++) {
      sightings.sent(number);
      if (number >= 3) sightings.seen(cellAfter(number - 2), number, (ms) => latencies.push(ms));
    }

    expect(new Set(latencies)).to.deep.equal(new Set([3]));
    expect(latencies).to.have.length(10 * LAP_STEPS - 3);
  });
});
