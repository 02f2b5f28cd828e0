/**
 * A game whose author saves it while it is played: its players notice by the rules, and by nothing else.
 */
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { type JoinedSocket, PlayerSocket, register } from '../../support/player.js';
import { TestServer } from '../../support/server.js';
import { until } from '../../support/until.js';

for (const workers of ['0', '1']) {
  describe(`a game that is watched, with ZONE_WORKERS=${workers}`, function () {
    this.timeout(30_000);
    let folder: string;
    let server: TestServer;
    let ann: JoinedSocket;
    before(async () => {
      folder = mkdtempSync(join(tmpdir(), 'gridstead-watched-'));
      mkdirSync(join(folder, 'wood'));
      save('one');
      const args = ['--game', join(folder, 'wood'), '--watch'];
      server = await TestServer.start({ args, env: { ZONE_WORKERS: workers, LOG_LEVEL: 'info' } });
      ann = await PlayerSocket.join(server.socketUrl, (await register(server.url, 'ann')).token);
      await saying('one');
    });
    after(async () => {
      await server.dispose();
      rmSync(folder, { recursive: true, force: true });
    });

    const save = (word: string, rule = '') =>
      writeFileSync(
        join(folder, 'wood/index.ts'),
        `export default {
          name: 'wood',
          async init(world: any) { await world.createZone({ name: 'wood', width: 9, height: 9 }); },
          place: (_: unknown, zones: any[]) => zones[0].id,
          onTick({ zone }: any) {
            ${rule}
            const ticks: number = (zone.metadata.ticks ?? 0) + 1;
            return { zoneMetadata: { ticks }, extras: { word: '${word}', ticks } };
          },
        };`,
      );
    const last = () => ann.messages.findLast(({ type }) => type === 'tick');
    const saying = (word: string) => until(() => last()?.state.word === word);
    const logged = (text: string) => until(() => server.output.stderr.includes(text));
    const newTick = () => {
      const { length } = ann.messages;
      return until(() => ann.messages.length > length + 3);
    };

    it('goes on with the new rules from the committed state, on the same socket', async () => {
      save('two');
      await saying('two');
      await logged('the new version of the game is a good one');

      const ticks = ann.messages.filter(({ type }) => type === 'tick').map(({ state }) => state.ticks);
      expect(ticks).to.deep.equal(ticks.map((_, index) => ticks[0] + index));
    });

    it('goes back to the last good rules when a new version fails', async () => {
      save('three', "if (zone.name) throw new Error('three is wrong');");
      await logged('the last good version of the game runs again');
      await newTick();

      expect(last()?.state.word).to.equal('two');
      expect(server.output.stderr).to.contain('three is wrong');
    });

    it('stays as it is when a new version cannot be compiled, and takes up the one that can', async () => {
      save('four', 'const = ;');
      await logged('index.ts:6');
      await newTick();
      const stayed = last()?.state.word;
      save('five');
      await saying('five');

      expect(stayed).to.equal('two');
      expect(ann.messages.filter(({ type }) => type === 'join_ack' || type === 'error')).to.have.length(1);
    });

    it('leaves nothing beside the game when the server stops', async () => {
      const { status } = await server.signal('SIGTERM');

      expect(status).to.equal(0);
      expect(readdirSync(folder)).to.deep.equal(['wood']);
    });
  });
}
