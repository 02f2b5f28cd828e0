/**
 * The door: a name and a password, for an account that is there or a new one. What was wrong is said beside the form.
 */
import { patiently, RestError, UnreachableError } from '../../client/index.js';
import { byId, setText } from './dom.js';
import { logIn, rest, type Session } from './session.js';

/** Shows the door until somebody is let in. `why`: what is to be said first. */
export function askWhoWalksIn(why: string): Promise<Session> {
  const door = byId('door', HTMLElement);
  const form = byId('login', HTMLFormElement);
  const refusal = byId('refusal', HTMLElement);
  const username = byId('username', HTMLInputElement);
  const password = byId('password', HTMLInputElement);
  setText(refusal, why);
  door.hidden = false;
  username.focus();
  return new Promise((resolve) => {
    form.onsubmit = (event) => {
      event.preventDefault();
      const isNew = event.submitter instanceof HTMLButtonElement && event.submitter.value === 'register';
      setText(refusal, '');
      setBusy(form, true);
      enter(username.value.trim(), password.value, isNew)
        .then((session) => {
          password.value = '';
          door.hidden = true;
          resolve(session);
        })
        .catch((error: unknown) => setText(refusal, refusalText(error, isNew)))
        .finally(() => setBusy(form, false));
    };
  });
}

async function enter(username: string, password: string, isNew: boolean): Promise<Session> {
  if (isNew) await patiently(() => rest.register(username, password));
  return await patiently(() => logIn(username, password));
}

function setBusy(form: HTMLFormElement, isBusy: boolean): void {
  for (const button of form.querySelectorAll('button')) button.disabled = isBusy;
}

function refusalText(error: unknown, isNew: boolean): string {
  if (error instanceof UnreachableError) return 'The server does not answer. Try again in a moment.';
  if (!(error instanceof RestError)) return 'Something went wrong here.';
  if (error.status === 401) return 'Wrong name or password. If you are new here, make an account.';
  if (error.status === 409) return 'Somebody has this name already, or one that looks like it.';
  if (error.details.length > 0) return error.details.map(({ path, message }) => `${path}: ${message}`).join('; ');
  return isNew || error.status !== 400 ? error.message : 'Nobody can have this name or password.';
}
