/** What `serve` refuses before it opens anything; servers that it starts are in `test/flows/process/package.slow.ts`. */
import { expect } from 'chai';
import { SettingsError } from '../../config/load.js';
import { type ServeOptions, serve } from '../../src/serve.js';

const BAD_PORT = { PORT: 'nowhere' };

describe('a server inside a program', () => {
  afterEach(() => {
    delete process.env.SOMEBODY_ELSES;
  });

  it('refuses a setting that there is not, and names it', async () => {
    const error = await refusal({ game: 'movement', settings: { PROT: 0, ...BAD_PORT } });

    expect(error.variable).to.equal('PROT');
    expect(error.message).to.equal('PROT is not the name of a setting; docs/settings.md has all of them');
  });

  it('takes the environment of the process, whatever else is in it', async () => {
    process.env.SOMEBODY_ELSES = 'value';

    const error = await refusal({ game: 'movement', settings: { ...process.env, ...BAD_PORT } });

    expect(error.variable).to.equal('PORT');
  });

  it('says what is missing where no game is given', async () => {
    const takes = "it takes a module's path or URL, a game's name, or the game itself";
    // What only plain JavaScript can do.
    const untyped = serve as (options?: unknown) => Promise<unknown>;

    const errors = await Promise.all([untyped(), untyped({}), untyped({ game: null }), untyped({ game: 42 })].map(rejection));

    expect(errors.map(({ message }) => message)).to.deep.equal([
      `serve: game is missing; ${takes}`,
      `serve: game is missing; ${takes}`,
      `serve: game is null; ${takes}`,
      `serve: game is a number; ${takes}`,
    ]);
  });
});

function refusal(options: ServeOptions): Promise<SettingsError> {
  return rejection(serve(options));
}

async function rejection(answer: Promise<unknown>): Promise<SettingsError> {
  const error: unknown = await answer.then(() => null).catch((thrown: unknown) => thrown);
  if (error instanceof SettingsError) return error;
  throw new Error(`no refusal: ${error}`);
}
