/** ws behind the splitter is ws: the same bytes in, in whatever chunks, have the same consequences in the same order. */
import { setImmediate as turn } from 'node:timers/promises';
import { expect } from 'chai';
import fc from 'fast-check';
import { type WebSocket, WebSocketServer } from 'ws';
import { FrameSplitter } from '../../../src/ws/splitter.js';
import { MemorySocket, maskedFrame, UPGRADE_REQUEST } from '../../support/memory-socket.js';

const TEXT = 0x81;
const BINARY = 0x82;
const PING = 0x89;
const PONG = 0x8a;
const CLOSE = 0x88;
const MAX_BYTES = 1000;
const NOTHING: Buffer = Buffer.alloc(0);

/** What happens to a socket: bytes come, time goes by, or this side does something. */
type Event = Buffer | 'turn' | 'pause' | 'resume' | 'close' | 'terminate';

interface Circumstances {
  /** false: the peer is gone before it ends. */
  readonly ends?: boolean;
  readonly head?: Buffer;
  /** ws tells of one message, ping or pong in a turn of the event loop. */
  readonly oneEventATurn?: boolean;
}

interface Outcome {
  /** All that can be observed, in order. */
  readonly log: readonly string[];
  /** Texts that ws has not seen. */
  readonly taken: number;
}

describe('frame splitter', () => {
  it('makes no difference to what comes of any frames, however they are cut', async function () {
    this.timeout(30_000);
    await fc.assert(
      fc.asyncProperty(arbitraryEvents(), async (events) => {
        const [plain, split] = [await outcomeOf(events, false), await outcomeOf(events, true)];

        expect(split.log).to.deep.equal(plain.log);
      }),
      { numRuns: 800 },
    );
  });

  it('takes whole texts, short and long, ASCII or not, before ws sees them', async () => {
    const texts = ['', 'a', 'x'.repeat(125), 'y'.repeat(126), 'z'.repeat(MAX_BYTES), 'größer 🜁'];

    const { log, taken } = await outcomeOf([Buffer.concat(texts.map((text) => maskedFrame(TEXT, text)))], true);

    expect(log.slice(1, -1)).to.deep.equal(texts.map((text) => `text ${text}`));
    expect(taken).to.equal(texts.length);
  });

  it('takes texts again once ws is through with what it was given', async () => {
    const between = [
      maskedFrame(PING, 'p'),
      maskedFrame(0x01, 'a'),
      maskedFrame(PONG, ''),
      maskedFrame(0x80, 'b'),
      maskedFrame(BINARY, 'c'),
    ];

    const { log, taken } = await outcomeOf([Buffer.concat([...between, maskedFrame(TEXT, 'after')])], true);

    expect(log).to.include.members(['ping p', 'text ab', 'pong ', 'binary c', 'text after']);
    expect(taken).to.equal(1);
  });

  it('leaves the whole texts behind a cut one to itself, and the cut one to ws', async () => {
    const bytes = Buffer.concat(['one', 'two', 'three', 'four'].map((text) => maskedFrame(TEXT, text)));

    const { log, taken } = await outcomeOf([bytes.subarray(0, 12), bytes.subarray(12)], true);

    expect(log.slice(1, -1)).to.deep.equal(['text one', 'text two', 'text three', 'text four']);
    expect(taken).to.equal(3);
  });

  it('lets no text overtake one that ws has not delivered yet', async () => {
    const first = maskedFrame(TEXT, 'first');
    const cut = [
      first.subarray(0, 8),
      'pause',
      first.subarray(8),
      maskedFrame(TEXT, 'second'),
      'turn',
      'resume',
      'turn',
    ] as const;

    const { log, taken } = await outcomeOf([...cut, maskedFrame(TEXT, 'third')], true);

    expect(log.slice(1, -1)).to.deep.equal(['text first', 'text second', 'text third']);
    expect(taken).to.equal(1);
  });

  it('lets no text overtake one that ws delivers at its own time', async () => {
    const bytes = Buffer.concat([maskedFrame(0x01, 'a'), maskedFrame(0x80, 'b'), maskedFrame(TEXT, 'behind')]);

    const { log } = await outcomeOf([bytes], true, { oneEventATurn: true });

    expect(log.slice(1, -1)).to.deep.equal(['text ab', 'text behind']);
  });

  it('takes nothing while ws is paused', async () => {
    const { log, taken } = await outcomeOf(
      ['pause', maskedFrame(TEXT, 'a'), 'turn', 'resume', 'turn', maskedFrame(TEXT, 'b')],
      true,
    );

    expect(log.slice(1, -1)).to.deep.equal(['text a', 'text b']);
    expect(taken).to.equal(1);
  });

  it('takes nothing after a close frame of either side, or an error', async () => {
    const text = maskedFrame(TEXT, 'late');
    const ends: Event[][] = [
      [Buffer.concat([maskedFrame(CLOSE, Buffer.from([0x03, 0xe8])), text])],
      ['close', text],
      ['terminate', text],
      [Buffer.concat([maskedFrame(0x83, ''), text])],
      [Buffer.concat([maskedFrame(TEXT, Buffer.from([0xff])), text])],
      [Buffer.concat([maskedFrame(0x01, Buffer.from([0xff])), maskedFrame(0x80, ''), text])],
      [Buffer.concat([maskedFrame(0x80, ''), text])],
    ];

    for (const events of ends) expect((await outcomeOf(events, true)).taken).to.equal(0);
  });

  it('closes with 1007 where text is none, though it would be one with its mask on', async () => {
    const mask = Buffer.alloc(4, 0x9e);

    const { log } = await outcomeOf([maskedFrame(TEXT, Buffer.alloc(8, 0xff), mask)], true);

    expect(log).to.include('error 1007');
  });

  it('finds fault as soon as ws does, with no byte more', async () => {
    // Two bytes are enough to see each of these.
    for (const [first, second] of [
      [0x83, 0x80],
      [TEXT, 0x05],
      [TEXT, 0x7e],
      [PING, 0xfe],
      [0x80, 0xfe],
      [CLOSE, 0x81],
    ] as const) {
      const { log } = await outcomeOf([Buffer.from([first]), Buffer.from([second]), 'turn'], true, { ends: false });

      expect(log, `${first} ${second}`).to.include('error 1002');
    }
  });

  it('copies no byte twice, however small the pieces are', async () => {
    const long = maskedFrame(TEXT, 'x'.repeat(MAX_BYTES));
    const copied = await bytesConcatenated(() =>
      outcomeOf(
        [...long].map((byte) => Buffer.from([byte])),
        true,
      ),
    );

    expect(copied).to.be.below(10);
  });

  it('reads on in the socket only as fast as ws does', async () => {
    const raw = new MemorySocket();
    const { ws } = upgrade(raw, true, () => {});
    await turn();

    ws.pause();
    for (let sent = 0; sent < 100; sent++) raw.arrive(maskedFrame(TEXT, 'x'.repeat(900)));
    const heldBack = raw.isPaused();
    const waiting = raw.readableLength;
    ws.resume();
    await turn();

    expect(heldBack).to.equal(true);
    expect(waiting).to.be.greaterThan(70_000);
    expect(raw.isPaused()).to.equal(false);
    expect(raw.readableLength).to.equal(0);
    raw.destroy();
  });

  it('reads what came with the upgrade request first', async () => {
    const { log } = await outcomeOf([maskedFrame(TEXT, 'second')], true, { head: maskedFrame(TEXT, 'first') });

    expect(log.slice(1, -1)).to.deep.equal(['text first', 'text second']);
  });

  it('ends with the socket, whichever way that ends', async () => {
    const ends: ((raw: MemorySocket) => void)[] = [
      (raw) => raw.destroy(),
      (raw) => raw.destroy(new Error('reset')),
      (raw) => raw.push(null),
    ];
    for (const end of ends) {
      const raw = new MemorySocket();
      const { ws } = upgrade(raw, true, () => {});
      const closed = new Promise((resolve) => ws.once('close', resolve));

      end(raw);

      expect(await closed).to.equal(1006);
      expect(raw.destroyed).to.equal(true);
    }
  });

  it('ends the socket first after a closing handshake, as is the part of a server', async () => {
    const raw = new MemorySocket();
    upgrade(raw, true, () => {});
    const finished = new Promise((resolve) => raw.once('finish', resolve));

    raw.arrive(maskedFrame(CLOSE, ''));
    await finished;

    expect(raw.readableEnded).to.equal(false);
    raw.push(null);
  });

  it('is dead from the start when the socket is', () => {
    const raw = new MemorySocket();
    raw.destroy();

    expect(new FrameSplitter(raw, MAX_BYTES).destroyed).to.equal(true);
  });
});

// ─── what comes of it ───

function upgrade(
  raw: MemorySocket,
  splits: boolean,
  onText: (text: string) => void,
  { head = NOTHING, oneEventATurn = false }: Circumstances = {},
): { ws: WebSocket } {
  const server = new WebSocketServer({
    noServer: true,
    clientTracking: false,
    perMessageDeflate: false,
    maxPayload: MAX_BYTES,
    maxFragments: 8,
    allowSynchronousEvents: !oneEventATurn,
  });
  raw.on('error', () => {});
  const upgraded: WebSocket[] = [];
  if (splits) {
    const splitter = new FrameSplitter(raw, MAX_BYTES);
    server.handleUpgrade(UPGRADE_REQUEST, splitter, NOTHING, (ws) => {
      upgraded.push(ws);
      splitter.start(ws, head, onText);
    });
  } else server.handleUpgrade(UPGRADE_REQUEST, raw, head, (ws) => upgraded.push(ws));
  const [ws] = upgraded;
  if (!ws) throw new Error('the upgrade failed');
  return { ws };
}

async function outcomeOf(events: readonly Event[], splits: boolean, circumstances: Circumstances = {}): Promise<Outcome> {
  const log: string[] = [];
  let taken = 0;
  const raw = new MemorySocket().onWritten((bytes) => logWritten(log, bytes));
  const { ws } = upgrade(
    raw,
    splits,
    (text) => {
      taken++;
      log.push(`text ${text}`);
    },
    circumstances,
  );
  ws.on('message', (data, isBinary) => log.push(`${isBinary ? 'binary' : 'text'} ${data}`));
  ws.on('ping', (data) => log.push(`ping ${data}`));
  ws.on('pong', (data) => log.push(`pong ${data}`));
  ws.on('error', (error) => log.push(`error ${codeOf(error)}`));
  const closed = new Promise<void>((resolve) => {
    ws.on('close', (code, reason) => {
      log.push(`closed ${code} ${reason}`);
      resolve();
    });
  });
  await turn();
  for (const event of events) {
    if (typeof event !== 'string') raw.arrive(event);
    else if (event === 'close') ws.close(1000, 'enough');
    else if (event !== 'turn') ws[event]();
    // A stream that is resumed flows from the next turn on.
    if (event === 'turn' || event === 'resume') await turn();
  }
  await turn();
  if (circumstances.ends === false) raw.destroy();
  ws.resume();
  await turn();
  raw.push(null);
  await closed;
  return { log, taken };
}

/** Adjacent writes are one: how a frame is cut on its way out does not show. */
function logWritten(log: string[], bytes: Buffer): void {
  const last = log.at(-1);
  const text = bytes.toString('latin1');
  if (last?.startsWith('wrote ')) log[log.length - 1] = last + text;
  else log.push(`wrote ${text}`);
}

/** The close code that belongs to an error of ws, or its name. */
function codeOf(error: Error & { code?: string }): number | string {
  const codes: Record<string, number> = {
    WS_ERR_INVALID_UTF8: 1007,
    WS_ERR_TOO_MANY_BUFFERED_PARTS: 1008,
    WS_ERR_UNSUPPORTED_MESSAGE_LENGTH: 1009,
    WS_ERR_UNSUPPORTED_DATA_PAYLOAD_LENGTH: 1009,
  };
  return codes[error.code ?? ''] ?? (error.code?.startsWith('WS_ERR') ? 1002 : error.message);
}

async function bytesConcatenated(run: () => Promise<unknown>): Promise<number> {
  const original = Buffer.concat;
  let copied = 0;
  Buffer.concat = (list, length) => {
    const whole = original(list, length);
    copied += whole.length;
    return whole;
  };
  try {
    await run();
  } finally {
    Buffer.concat = original;
  }
  return copied;
}

// ─── what may come ───

function arbitraryEvents(): fc.Arbitrary<Event[]> {
  const acts = fc.constantFrom<Event>('turn', 'turn', 'turn', 'turn', 'pause', 'resume', 'resume', 'close', 'terminate');
  return fc
    .tuple(
      fc.array(arbitraryFrames(), { maxLength: 25 }).map((frames) => Buffer.concat(frames.flat())),
      fc.array(fc.nat(1500), { maxLength: 40 }),
      fc.array(fc.tuple(fc.nat(60), acts), { maxLength: 12 }),
    )
    .map(([bytes, cuts, acted]) => {
      const events: Event[] = chunksOf(bytes, cuts);
      for (const [at, act] of acted) events.splice(at % (events.length + 1), 0, act);
      return events;
    });
}

/** Some bytes in chunks: at the places named, or, where none are, each byte alone. */
function chunksOf(bytes: Buffer, cuts: readonly number[]): Buffer[] {
  if (cuts.length === 0) return Array.from(bytes, (byte) => Buffer.from([byte]));
  const places = [...new Set(cuts.map((cut) => cut % (bytes.length + 1)))].sort((one, other) => one - other);
  return [0, ...places]
    .map((from, index) => bytes.subarray(from, places[index] ?? bytes.length))
    .filter(({ length }) => length > 0);
}

function arbitraryFrames(): fc.Arbitrary<Buffer[]> {
  const mask = fc.uint8Array({ minLength: 4, maxLength: 4 });
  const masked = (first: fc.Arbitrary<number>, payload: fc.Arbitrary<Uint8Array | string>) =>
    fc.tuple(first, payload, mask).map((parts) => maskedFrame(...parts));
  const text = fc.oneof(fc.string(), fc.string({ unit: 'binary' }), fc.string({ minLength: 100, maxLength: 160 }));
  const small = fc.uint8Array({ maxLength: 125 });
  const control = masked(fc.constantFrom(PING, PONG), small);
  const message = fc
    .tuple(fc.constantFrom(0x01, 0x02), fc.array(text, { maxLength: 9 }), fc.array(control, { maxLength: 3 }), mask)
    .map(([opcode, pieces, controls, key]) => [
      ...['', ...pieces].flatMap((piece, at) => [
        maskedFrame(at === 0 ? opcode : 0x00, piece, key),
        ...controls.slice(at, at + 1),
      ]),
      maskedFrame(0x80, '', key),
    ]);
  const wrong = fc.oneof(
    masked(fc.nat(255), small),
    masked(fc.constantFrom(TEXT, 0x01, 0x80, 0x00), small),
    masked(fc.constant(CLOSE), fc.oneof(fc.constant(Buffer.from([0x03, 0xe8, 0x68, 0x69])), fc.constant(''), small)),
    masked(fc.constant(TEXT), fc.constant('x'.repeat(MAX_BYTES + 1))),
    fc.uint8Array({ maxLength: 20 }).map((bytes) => Buffer.from(bytes)),
    // Longer ways to write a length than is needed.
    text.map((body) => longHeaded(maskedFrame(TEXT, body))),
  );
  return fc.oneof(
    { weight: 20, arbitrary: masked(fc.constant(TEXT), text).map((frame) => [frame]) },
    { weight: 4, arbitrary: control.map((frame) => [frame]) },
    { weight: 4, arbitrary: message },
    { weight: 2, arbitrary: masked(fc.constant(BINARY), small).map((frame) => [frame]) },
    { weight: 1, arbitrary: wrong.map((frame) => [frame]) },
  );
}

/** The same short frame with its length in eight bytes. */
function longHeaded(frame: Buffer): Buffer {
  const length = (frame[1] ?? 0) & 0x7f;
  return length > 125 ? frame : Buffer.concat([Buffer.from([TEXT, 0xff, 0, 0, 0, 0, 0, 0, 0, length]), frame.subarray(2)]);
}
