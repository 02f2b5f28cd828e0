/**
 * A game without a build step, as an instance of a class: what its methods need, they find in `this`. At each
 * start it makes what is not there yet, and says what came of that in the metadata of a zone.
 */
class Settler {
  name = 'settler';
  #motto = 'stay';

  async init(world) {
    const known = world.zones().map(({ name }) => name);
    const first = await world.createZone({ name: 'valley', width: 10, height: 5, metadata: { founded: known.length === 0 } });
    const again = await world.createZone({ name: 'valley', width: 99, height: 99 });
    const settled = await world.createEntities(first.id, [
      { x: 1, y: 1, metadata: { house: 1 } },
      { x: 9, y: 4, width: 0, height: 0 },
    ]);
    const doubled = await world.createEntities(first.id, [{ x: 2, y: 2 }]);
    const late = await world.createZone({ name: 'marsh', width: 10, height: 10 });
    // Only at a second start, when somebody has been there and left nothing behind.
    const drained = known.length === 0 ? [] : await world.createEntities(late.id, [{ x: 3, y: 3, metadata: { dyke: true } }]);
    const refused = [];
    for (const attempt of [
      () => world.createZone({ name: 'abyss', width: 0, height: 1 }),
      () => world.createZone({ name: '', width: 1, height: 1 }),
      () => world.createEntities(late.id, [{ x: 10, y: 0 }]),
      () => world.createEntities('nowhere', []),
    ]) {
      await attempt().catch(() => refused.push(true));
    }
    const report = { known, same: first.id === again.id, width: again.width, settled, doubled, drained, refused: refused.length };
    await world.createZone({ name: `start ${known.length === 0 ? 1 : 2}`, width: 1, height: 1, metadata: report });
  }

  onTick() {
    return {};
  }

  routes(api) {
    api.get('/motto', { auth: false }, () => this.#motto);
  }
}

export default new Settler();
