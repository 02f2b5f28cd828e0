import { expect } from 'chai';
import { newUuid, type PlayerId, type ZoneId } from '../../../actors/ids.js';
import { type Listener, Presence } from '../../../actors/players/presence.js';
import { SeqLedger } from '../../../actors/players/seq-ledger.js';
import { FRAME } from '../../../actors/steps.js';
import { showTick } from '../../../actors/zone/show.js';
import { ZoneSlot } from '../../../actors/zone/slot.js';
import { RecordingTelemetry } from '../../support/recording-telemetry.js';

describe('a committed tick', () => {
  it('is shown to who is still in the zone, each its own body, and to nobody who has left meanwhile', () => {
    const zone = newUuid<ZoneId>();
    const slot = new ZoneSlot({ id: zone, name: 'a', width: 1, height: 1, metadata: {}, createdAtMs: 0, updatedAtMs: 0 }, 1);
    const shown: string[] = [];
    const watching = ['ann', 'ben', 'cid'].map((name) => watcher(name, zone, shown));
    const [, ben] = watching;
    if (ben) ben.presentIn = null;

    const frames = { bytes: Buffer.from('aabbc'), table: Int32Array.of(0, 2, FRAME.whole, 2, 4, FRAME.whole, 4, 5, FRAME.delta) };
    showTick(7, slot, watching, { messages: [], frames }, new RecordingTelemetry());

    expect(shown).to.deep.equal(['ann 7 aa', 'cid 7 c, delta']);
  });
});

function watcher(name: string, zone: ZoneId, shown: string[]): Presence {
  const mark = { run: 1, highest: 0, dropped: [] };
  const place = { number: 1, holder: zone, stay: 1, document: null, mark, zone, newest: null, spoken: null, droppedAtMs: null };
  const presence = new Presence(newUuid<PlayerId>(), name, place, new SeqLedger(1, mark));
  presence.presentIn = zone;
  const tick: Listener['tick'] = (_zone, number, body, isDelta) =>
    shown.push(`${name} ${number} ${Buffer.from(body)}${isDelta ? ', delta' : ''}`);
  presence.listener = { tick } as Listener; // nothing else of it is called
  return presence;
}
