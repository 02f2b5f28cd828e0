import { expect } from 'chai';
import { call, login } from '../../support/player.js';
import { House, note, noted, subscribe } from './house.js';

describe('time limits over the real server', () => {
  let house: House;

  before(async () => {
    house = await House.open({
      HELLO_TIMEOUT_MS: '400',
      HEARTBEAT_MS: '100',
      IDLE_TIMEOUT_MS: '400',
      SESSION_TTL_SECONDS: '2',
    });
  });
  afterEach(() => house.tidy());
  after(() => house.close());

  it('close with 4408 who never says hello, whatever else it mutters', async () => {
    const [silent, muttering] = [await house.dial(), await house.dial()];

    muttering.socket.send('hm?');
    const codes = [(await silent.closed).code, (await muttering.closed).code];

    expect(codes).to.deep.equal([4408, 4408]);
    expect(silent.messages).to.deep.equal([]);
  });

  it('close with 4408 who is silent, pongs counting as words, and leave who answers alone', async () => {
    const { token } = await house.account('arnold');
    // A client that does not answer pings, as one does whose cable was pulled.
    const mute = await house.dial({ autoPong: false });
    mute.send({ type: 'hello', token });
    await mute.next('join_ack');
    const listener = await house.join((await house.account('bertram')).token);

    const { code } = await mute.closed;
    listener.send({ type: 'ping' });

    expect(code).to.equal(4408);
    expect(await listener.next('pong')).to.have.property('type', 'pong');
  });

  it('close the sockets of a session that has expired with 4401, and its token and resume tokens are dead', async () => {
    const { token, username } = await house.account('clemens');
    const socket = await house.join(token);
    await subscribe(socket, house.parlour);
    socket.send(note(1, 1));
    await noted(socket, 1);

    const { code } = await socket.closed;
    const late = await house.dial({ query: `?token=${token}` });
    const { body } = await call(house.server.url, 'GET', '/api/auth/me', { token });
    const again = await house.join((await login(house.server.url, username)).token, socket.joinAck.resume_token);

    expect(code).to.equal(4401);
    expect((await late.closed).code).to.equal(4401);
    expect(body.error.code).to.equal('unauthorized');
    expect(again.joinAck.last_seq).to.equal(0);
  });
});
