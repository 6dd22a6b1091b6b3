// Who is at the page: the access token and a name, kept by this tab until it is closed, and the orders they give.

import { byId, element, number } from './words.js';

const TOKEN = 'patronstream.token';
const NAME = 'patronstream.name';
const GIVE_UP_MILLIS = 60000;

let afterOrder = () => {};

// A link of `patronstream status --link` signs in; the token does not stay in the address bar or in the history.
function readLink() {
  const link = new URLSearchParams(location.hash.slice(1));
  if (!link.has('token')) return;
  sessionStorage.setItem(TOKEN, link.get('token'));
  history.replaceState(null, '', location.pathname + location.search);
}

const token = () => sessionStorage.getItem(TOKEN) ?? '';
const name = () => sessionStorage.getItem(NAME) ?? '';
const headers = (value) => (value ? { Authorization: `Bearer ${value}` } : {});

export function say(text) {
  byId('answered').textContent = text;
  byId('close-answered').hidden = text === '';
}

export function openSignIn(why) {
  byId('sign-in').hidden = false;
  byId('sign-in-why').textContent = why;
  byId('token-label').hidden = token() !== '';
  const first = token() === '' ? byId('token') : byId('your-name');
  first.focus();
}

function showSession() {
  const isIn = token() !== '' && name() !== '';
  byId('signed-in').textContent = isIn ? `Signed in as ${name()}` : '';
  byId('open-sign-in').hidden = isIn;
  byId('sign-out').hidden = !isIn;
}

function signOut() {
  sessionStorage.removeItem(TOKEN);
  sessionStorage.removeItem(NAME);
  byId('token').value = '';
  showSession();
  byId('open-sign-in').focus();
}

async function signIn(event) {
  event.preventDefault();
  const given = token() || byId('token').value.trim();
  try {
    const answer = await fetch('/sign-in', { headers: headers(given), cache: 'no-store', signal: AbortSignal.timeout(GIVE_UP_MILLIS) });
    if (!answer.ok) {
      sessionStorage.removeItem(TOKEN);
      openSignIn('That is not the access token of this district. Ask who runs patronstream for a link or the token.');
      return;
    }
  } catch (error) {
    openSignIn('patronstream does not answer; try again in a moment.');
    return;
  }
  sessionStorage.setItem(TOKEN, given);
  sessionStorage.setItem(NAME, byId('your-name').value.trim());
  byId('token').value = '';
  byId('sign-in').hidden = true;
  showSession();
  say(`You are signed in as ${name()}.`);
}

export function startSession(onOrder) {
  afterOrder = onOrder;
  readLink();
  addEventListener('hashchange', () => {
    readLink();
    if (token() !== '' && name() === '') openSignIn('Only your name is missing.');
  });
  byId('sign-in-form').addEventListener('submit', signIn);
  byId('open-sign-in').addEventListener('click', () => openSignIn(''));
  byId('cancel-sign-in').addEventListener('click', () => {
    byId('sign-in').hidden = true;
    byId('open-sign-in').focus();
  });
  byId('sign-out').addEventListener('click', signOut);
  byId('close-answered').addEventListener('click', () => say(''));
  showSession();
  if (token() !== '' && name() === '') openSignIn('Only your name is missing.');
}

// A question that may need the token: [the answer's body, or undefined; why not].
export async function question(path) {
  try {
    const answer = await fetch(path, { headers: headers(token()), cache: 'no-store', signal: AbortSignal.timeout(GIVE_UP_MILLIS) });
    const body = await answer.json();
    if (answer.ok) return [body, ''];
    if (answer.status === 401) {
      openSignIn('Persons are shown to who is signed in.');
      return [undefined, 'Sign in, then ask again.'];
    }
    return [undefined, `${body.error}.`];
  } catch (error) {
    return [undefined, 'patronstream does not answer; try again in a moment.'];
  }
}

export const me = () => name();

// Gives an order and says what became of it; a delivery may take minutes. The button waits meanwhile.
export async function order(from, path, body, done) {
  if (from.getAttribute('aria-disabled') === 'true') return;
  if (token() === '' || name() === '') {
    openSignIn('Sign in to give orders.');
    return;
  }
  // Not disabled, which would lose the place of who goes by keyboard.
  from.setAttribute('aria-disabled', 'true');
  try {
    const answer = await fetch(path, {
      method: 'POST', headers: { ...headers(token()), 'Content-Type': 'application/json' }, body: JSON.stringify(body), cache: 'no-store',
    });
    const json = await answer.json();
    if (answer.ok) {
      say(done(json));
    } else if (answer.status === 401) {
      sessionStorage.removeItem(TOKEN);
      showSession();
      openSignIn('The access token is not the right one any more.');
    } else {
      say(`This was not done. ${json.error}.`);
    }
  } catch (error) {
    say('patronstream does not answer, so whether it was done is not known. Look at the deliveries before you try again.');
  }
  from.removeAttribute('aria-disabled');
  afterOrder();
}

export function whatBecame(receipt) {
  const rows = `${number(receipt.rows)} patrons`;
  switch (receipt.result) {
    case 'delivered': return `The file is delivered: ${rows}.`;
    case 'unchanged': return `The library has this file already: ${rows}.`;
    case 'held': return 'The file is held: it waits for a decision at the top of the page.';
    case 'rejected': return 'The file is rejected; the library keeps the one it has.';
    case 'written': return `The file is written here only: ${rows}.`;
    default: return `The file was not delivered. ${receipt.message ?? ''}`;
  }
}

export const note = (id) => {
  const field = element('input', '');
  field.id = id;
  field.maxLength = 500;
  field.autocomplete = 'off';
  return element('label', 'wide', 'Note (why; no names of students)', field);
};
