import { expect } from 'chai';
import { residentKiBIn } from '../../src/measure/idle.js';
import { cpuTimeMs, fromStat } from '../../src/processes/cpu-time.js';

describe('processor time', () => {
  it('is read past a name that holds brackets and blanks', () => {
    const stat = '42 (a) b (c)) S 1 42 42 0 -1 4194304 100 0 0 0 250 50 7 9 20 0 11 0 12345 1000 200';

    expect(fromStat(stat)).to.equal(3000);
  });

  it('of a process that works grows', () => {
    const before = cpuTimeMs(process.pid);

    const until = process.cpuUsage().user + 20_000;
    while (process.cpuUsage().user < until);

    expect(cpuTimeMs(process.pid) - before).to.be.greaterThan(5);
  });
});

describe('resident memory', () => {
  it('is read from the status of a process', () => {
    expect(residentKiBIn('Name:\tnode\nVmPeak:\t  999 kB\nVmRSS:\t   61440 kB\nThreads:\t11\n')).to.equal(61_440);
    expect(() => residentKiBIn('Name:\tnode\n')).to.throw('resident');
  });
});
