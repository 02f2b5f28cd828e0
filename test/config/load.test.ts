import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { helpText, loadSettings, SettingsError } from '../../config/load.js';
import { SETTINGS } from '../../config/settings.js';

describe('settings', () => {
  let cwd: string;

  beforeEach(() => {
    cwd = mkdtempSync(join(tmpdir(), 'gridstead-settings-'));
  });
  afterEach(() => rmSync(cwd, { recursive: true }));

  it('have the documented defaults when nothing is given', () => {
    const settings = loadSettings({}, cwd, 4);

    expect(settings).to.deep.equal({
      host: '127.0.0.1',
      port: 8000,
      databaseUrl: 'sqlite:./data/gridstead.db',
      databasePoolMax: 10,
      game: 'movement',
      tickIntervalMs: 1000,
      snapshotEveryTicks: 1,
      persistEveryTicks: 1,
      journalKeepMinutes: 10,
      journalMaxMb: 512,
      zoneWorkers: 3,
      zoneWorkerHeapMb: 1024,
      zoneTickBudgetMs: 2000,
      zoneGraceMs: 5000,
      maxZoneBytes: 16_777_216,
      debugUsers: [],
      debugFaults: false,
      sessionTtlSeconds: 0,
      passwordMinLength: 8,
      bcryptCost: 10,
      authPerMinute: 300,
      loginFailuresPerMinute: 10,
      trustProxy: 0,
      maxConnections: 20_000,
      helloTimeoutMs: 5000,
      heartbeatMs: 15_000,
      idleTimeoutMs: 45_000,
      resumeWindowMs: 60_000,
      maxMessageBytes: 16_384,
      maxMessagesPerSecond: 200,
      maxIntentsPerTick: 32,
      allowedOrigins: null,
      fastSockets: true,
      logLevel: 'info',
    });
  });

  it('read .env, and let the environment win over it', () => {
    writeFileSync(join(cwd, '.env'), 'PORT=9000\nHOST=0.0.0.0\nNOT_A_SETTING=whatever\n');

    const settings = loadSettings({ PORT: '9001' }, cwd);

    expect([settings.port, settings.host]).to.deep.equal([9001, '0.0.0.0']);
  });

  it('take an empty text for not given, in the environment and in .env', () => {
    writeFileSync(join(cwd, '.env'), 'PORT=9000\nHOST=\nZONE_WORKERS=\n');

    const settings = loadSettings({ PORT: '', BCRYPT_COST: '' }, cwd, 3);

    expect([settings.port, settings.host, settings.zoneWorkers, settings.bcryptCost]).to.deep.equal([9000, '127.0.0.1', 2, 10]);
  });

  it('stop the start when .env is there but cannot be read', () => {
    mkdirSync(join(cwd, '.env'));

    expect(() => loadSettings({}, cwd)).to.throw(SettingsError, /^\.env is there but cannot be read \(EISDIR\)/);
  });

  it('derive workers from the cores and the tick budget from the interval', () => {
    const settingsOn = (cores: number, TICK_INTERVAL_MS: string) => {
      const { zoneWorkers, zoneTickBudgetMs } = loadSettings({ TICK_INTERVAL_MS }, cwd, cores);
      return [zoneWorkers, zoneTickBudgetMs];
    };

    expect(settingsOn(1, '50')).to.deep.equal([1, 1000]);
    expect(settingsOn(8, '3000')).to.deep.equal([7, 6000]);
  });

  it('split lists, and bring origins to the form that browsers send', () => {
    const settings = loadSettings(
      { DEBUG_USER: ' ann, ,bob,', ALLOWED_ORIGINS: 'https://Play.example:443/,http://localhost:3000' },
      cwd,
    );

    expect(settings.debugUsers).to.deep.equal(['ann', 'bob']);
    expect(settings.allowedOrigins).to.deep.equal(['https://play.example', 'http://localhost:3000']);
  });

  it('take 1 and 0 for on and off', () => {
    expect(['1', '0'].map((FAST_SOCKETS) => loadSettings({ FAST_SOCKETS }, cwd).fastSockets)).to.deep.equal([true, false]);
  });

  it('take each form of database address', () => {
    const addresses = [
      'sqlite::memory:',
      'sqlite:x.db',
      'sqlite:/a/b.db',
      'postgres://u:p@db:5432/world',
      'postgresql://db/world',
    ];

    for (const DATABASE_URL of addresses) expect(loadSettings({ DATABASE_URL }, cwd).databaseUrl).to.equal(DATABASE_URL);
  });

  const bad: Record<string, readonly string[]> = {
    HOST: ['two words', '-', 'http://x'],
    PORT: ['abc', '-1', '65536', '1.5', '0x10', 'NaN', '9007199254740993'],
    DATABASE_URL: [
      'x.db',
      'sqlite:',
      'sqlite::other:',
      'sqlite://data/x.db',
      'mysql://u:p@h/d',
      'postgres://',
      'postgres://host',
    ],
    TICK_INTERVAL_MS: ['19', '60001', 'Infinity'],
    BCRYPT_COST: ['3', '16'],
    PASSWORD_MIN_LENGTH: ['0', '73'],
    ZONE_WORKERS: ['-1', 'many'],
    ALLOWED_ORIGINS: ['*', 'play.example', 'https://x.example/path', 'https://x.example,ftp://y.example', 'https://u@x.example'],
    DEBUG_USER: ['x'.repeat(65)],
    GAME: ['x'.repeat(1025)],
    FAST_SOCKETS: ['2', 'yes', 'true', '01'],
    LOG_LEVEL: ['loud', 'INFO'],
  };
  for (const [variable, values] of Object.entries(bad)) {
    it(`refuse a bad ${variable} with one line that names it, what it got and what it takes`, () => {
      for (const value of values) {
        const error = refusalOf({ [variable]: value });

        expect(error.variable).to.equal(variable);
        expect(error.message)
          .to.match(new RegExp(`^${variable} is .+; it takes .+$`))
          .and.not.include('\n');
        if (variable !== 'DATABASE_URL') expect(error.message).to.include(value.slice(0, 80));
      }
    });
  }

  it('keep a refusal on one line, whatever the value has in it', () => {
    expect(refusalOf({ PORT: '1\n2\u001B[31m' }).message).to.equal(
      'PORT is "1\\n2\\u001b[31m"; it takes a whole number from 0 to 65535',
    );
  });

  it('never show the password of a bad database address', () => {
    const addresses = [
      'mysql://u:hunter2@h/d',
      'postgres//u:hunter2@h/d',
      'postgres://u:hunter2@',
      'hunter2',
      'postgres://u:hunter2@h:port/d',
    ];

    for (const DATABASE_URL of addresses) {
      expect(refusalOf({ DATABASE_URL }).message).to.not.include('hunter2');
    }
    expect(refusalOf({ DATABASE_URL: 'mysql://u:hunter2@h/d' }).message).to.match(/^DATABASE_URL is "mysql:…"/);
  });

  it('are all in the help, with default and meaning', () => {
    const help = helpText();

    for (const setting of Object.values(SETTINGS)) {
      expect(help).to.include(`  ${setting.env}\n      ${setting.help}\n`);
    }
    expect(help).to.include('default: cores - 1, at least 1').and.include('default: same origin and localhost');
  });

  function refusalOf(env: Record<string, string>): SettingsError {
    try {
      loadSettings(env, cwd);
    } catch (error) {
      if (error instanceof SettingsError) return error;
      throw error;
    }
    throw new Error(`accepted: ${JSON.stringify(env)}`);
  }
});
