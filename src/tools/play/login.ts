/**
 * Gets a player in: with the account that the name has, or with a new one.
 */
import { patiently, type RestClient, RestError } from '../../../client/index.js';

/** Answers a token. Throws an error with a message for the player when the name is taken by somebody else. */
export async function enter(rest: RestClient, name: string, password: string): Promise<string> {
  try {
    return (await patiently(() => rest.login(name, password))).token;
  } catch (error) {
    // The same answer for an unknown name and a wrong password: registering tells them apart.
    if (!(error instanceof RestError) || error.status !== 401) throw error;
  }
  try {
    await patiently(() => rest.register(name, password));
  } catch (error) {
    if (error instanceof RestError && error.status === 409)
      throw new Error(`the name ${name} is taken, and that is not its password`);
    throw error;
  }
  return (await patiently(() => rest.login(name, password))).token;
}
