// Words, times and elements. Everything that comes from outside is put in as text, never as markup.

export const NAMES = { capture: 'Capture', patrons: 'Patron table', deliveries: 'Delivery', kafka: 'Kafka', registry: 'Schema registry', stages: 'Topic of stages', disks: 'Disks' };
export const RESULTS = {
  delivered: ['delivered', 'good'], unchanged: ['unchanged, not sent again', 'good'], held: ['held for approval', 'attention'],
  rejected: ['rejected', 'none'], failed: ['not delivered', 'bad'], written: ['written here only', 'none'], sending: ['being sent', 'waiting'],
  superseded: ['superseded by a newer file', 'none'],
};

export const byId = (id) => document.getElementById(id);
export const number = (value) => Number(value).toLocaleString('en-US');
export const plural = (count, what) => `${number(count)} ${what}${Number(count) === 1 ? '' : 's'}`;

export function element(tag, className, ...content) {
  const made = document.createElement(tag);
  if (className) made.className = className;
  made.append(...content.filter((part) => part !== undefined && part !== ''));
  return made;
}

export function button(name, onClick, className) {
  const made = element('button', className, name);
  made.type = 'button';
  made.addEventListener('click', onClick);
  return made;
}

export function words([text, level], fallback) {
  const made = element('span', 'state', text ?? fallback);
  made.dataset.level = level ?? 'none';
  return made;
}

export const result = (receipt) => words(RESULTS[receipt.result] ?? [receipt.result, 'none']);

export function pairs(entries) {
  const list = element('dl', '');
  for (const [name, ...value] of entries) list.append(element('dt', '', name), element('dd', '', ...value));
  return list;
}

// A table that scrolls by itself where it is wider than the page, also by keyboard.
export function table(caption, heads, rows, numbersFrom) {
  const body = element('tbody', '');
  for (const row of rows) {
    const [first, ...rest] = row;
    const head = element('th', '', first);
    head.scope = 'row';
    body.append(element('tr', '', head, ...rest.map((value, at) => element('td', at + 1 >= numbersFrom ? 'number' : '', value))));
  }
  const names = heads.map((name, at) => {
    const head = element('th', at >= numbersFrom ? 'number' : '', name);
    head.scope = 'col';
    return head;
  });
  const made = element('table', '', element('caption', '', caption), element('thead', '', element('tr', '', ...names)), body);
  return scrolling(made, caption);
}

export function scrolling(content, name) {
  const made = element('div', 'scrolling', content);
  made.tabIndex = 0;
  made.setAttribute('role', 'region');
  made.setAttribute('aria-label', name);
  return made;
}

export function span(seconds) {
  const units = [[86400, 'day', 172800], [3600, 'hour', 7200], [60, 'minute', 120], [1, 'second', 0]];
  const [size, unit] = units.find(([, , least]) => seconds >= least);
  return plural(Math.floor(seconds / size), unit);
}

// Ages go by the clock of the process, so that a wrong clock of the reader does no harm.
export function ago(time, now) {
  const seconds = Math.max(0, (Date.parse(now) - Date.parse(time)) / 1000);
  return seconds < 1 ? 'just now' : `${span(seconds)} ago`;
}

// How long something has been so.
export function lasts(time, now) {
  return `for ${span(Math.max(0, (Date.parse(now) - Date.parse(time)) / 1000))}`;
}

// Times are the district's, wherever the reader sits.
let timeZone = 'UTC';
export function useTimeZone(zone) {
  timeZone = zone;
}

export function timeOf(time, text) {
  const made = element('time', '', text);
  made.dateTime = time;
  made.title = new Date(time).toLocaleString('en-US', { timeZone, dateStyle: 'medium', timeStyle: 'long' });
  return made;
}

export const dayOf = (time) => new Date(time).toLocaleDateString('en-US', { timeZone, month: 'short', day: 'numeric' });

export function clock(time, now) {
  const then = new Date(time);
  const day = (moment) => moment.toLocaleDateString('en-US', { timeZone });
  return day(then) === day(new Date(now))
    ? then.toLocaleTimeString('en-US', { timeZone, hour: 'numeric', minute: '2-digit' })
    : then.toLocaleString('en-US', { timeZone, month: 'short', day: 'numeric', hour: 'numeric', minute: '2-digit' });
}

export const clockOf = (time, now) => timeOf(time, clock(time, now));

export function inWords(message, now) {
  return message.replace(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z/g, (time) => clock(time, now));
}

// What explain prints of the district's clock.
export function clocksInWords(text) {
  return text.replace(/(\d{4}-\d\d-\d\d) (\d\d:\d\d) [A-Z][A-Za-z]+\/[A-Za-z_/]+/g,
    (all, day, time) => new Date(`${day}T${time}Z`).toLocaleString('en-US', { timeZone: 'UTC', month: 'short', day: 'numeric', year: 'numeric', hour: 'numeric', minute: '2-digit' }));
}

// Replaces content only when it differs, so that a selection, an opened text or a half-filled field stays.
const shown = new WeakMap();
export function show(place, key, make) {
  const text = JSON.stringify(key);
  if (shown.get(place) === text) return;
  shown.set(place, text);
  place.replaceChildren(...make());
}
