import { expect } from 'chai';
import { newUuid } from '../../../actors/ids.js';
import { DebugUsers, warnOfUnregisteredDebugUsers } from '../../../src/auth/debug-users.js';
import { usernameKey } from '../../../src/auth/usernames.js';
import { MemoryAccounts } from '../../support/memory-accounts.js';
import { RecordingLog } from '../../support/recording-log.js';

describe('debug users', () => {
  it('are those of the setting in any spelling, and nobody when it is empty', () => {
    expect(new DebugUsers(['Root']).has(usernameKey('ROOT'))).to.equal(true);
    expect(new DebugUsers(['Root']).has(usernameKey('toor'))).to.equal(false);
    expect(new DebugUsers([]).has(usernameKey(''))).to.equal(false);
  });

  it('are warned of at start, each that is not registered yet', async () => {
    const store = new MemoryAccounts();
    const log = new RecordingLog();
    const names = { username: 'Ann', usernameKey: usernameKey('Ann') };
    await store.create({ id: newUuid(), ...names, passwordHash: '', createdAtMs: 0, lastLoginMs: null, ban: null });

    await warnOfUnregisteredDebugUsers(['ann', 'bob', 'carol'], store, log);

    expect(log.lines.map(({ level, fields }) => ({ level, fields }))).to.deep.equal([
      { level: 'warn', fields: { debug_user: 'bob' } },
      { level: 'warn', fields: { debug_user: 'carol' } },
    ]);
  });
});
