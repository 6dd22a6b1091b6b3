// One delivery in full: what became of it, why it was held, who decided, what the file changes, and what can be done.

import { button, clockOf, element, inWords, number, pairs, plural, result, span, table } from './words.js';
import { me, note, order, whatBecame } from './session.js';

const CHECKS = {
  'removed-above': 'Too many would be removed', 'added-above': 'Too many would be added', 'transferred-above': 'Too many would change school',
  'changed-above': 'Too many would change', 'per-site-removed-above': 'Too many of one school would be removed', 'school-gone': 'A school would be gone',
  'rows-below': 'Too few patrons', 'identifiers-changed': 'Too many would get other identifiers', 'columns-changed': 'The columns are others',
  'problems-above': 'Too many rows have problems', 'max-age': 'The data is too old', first: 'The first file of the feed', pause: 'The feed is paused',
  empty: 'The file is empty', 'roll-over': 'The database before the roll-over', rules: 'A rule holds the file',
};
const STATUSES = { A: 'active', I: 'inactive' };
const FINAL = ['empty', 'roll-over'];

function inNames(text, sites) {
  return Object.entries(sites).reduce((words, [site, name]) => words.replace(new RegExp(`\\b${site.replace(/[^A-Za-z0-9]/g, '\\$&')}\\b`, 'g'), () => name), text);
}

export const mayBeDecided = (receipt) => receipt.result === 'held' || (receipt.result === 'failed' && receipt.decision?.kind === 'approved' && !receipt.resendOf);

function holds(receipt, sites, now) {
  if (receipt.holds.length === 0) return undefined;
  return element('ul', 'holds', ...receipt.holds.map((hold) => element('li', '', element('b', '', CHECKS[hold.check] ?? hold.check),
    element('span', 'quiet', ` (rule ${hold.check})`), `: ${inNames(inWords(hold.message, now), sites)}.`)));
}

function difference(receipt, sites, caption) {
  const change = receipt.difference;
  if (!change || change.groups.length === 0) return [];
  const withStatus = new Set(change.groups.map((group) => group.status)).size > 1;
  const cells = (group) => [group.before, group.added, group.removed, group.changed, group.after].map(number);
  const schoolOf = (group) => (sites[group.site] ?? group.site) + (withStatus && group.status !== '' ? `, ${STATUSES[group.status] ?? group.status}` : '');
  const rows = change.groups.map((group) => [schoolOf(group), ...cells(group)]);
  rows.push([withStatus ? 'All schools, without inactive' : 'All schools', ...cells(change)]);
  const parts = [table(caption, ['School', 'Before', 'Added', 'Removed', 'Changed', 'After'], rows, 1)];
  const samples = ['removed', 'added', 'transferred', 'changed'].filter((kind) => (change.samples[kind] ?? []).length > 0);
  if (samples.length > 0) {
    parts.push(element('p', 'quiet', 'For example, by ID:'), pairs(samples.map((kind) => [kind, change.samples[kind].join(', ')])));
  }
  return parts;
}

// The buttons of what can be done about a delivery, with a field for why.
export function actions(receipt) {
  const field = `note-${receipt.id}`;
  const path = `/deliveries/${encodeURIComponent(receipt.id)}/`;
  const give = (name, what) => button(name, (event) => {
    const why = document.getElementById(field)?.value.trim();
    order(event.currentTarget, path + what, { by: me(), ...(why ? { note: why } : {}) }, whatBecame);
  }, what === 'reject' ? 'second' : '');
  const buttons = [];
  if (mayBeDecided(receipt)) {
    if (!receipt.holds.some((hold) => FINAL.includes(hold.check))) buttons.push(give('Approve', 'approve'));
    buttons.push(give('Reject', 'reject'));
  }
  if (['delivered', 'unchanged'].includes(receipt.result)) buttons.push(give('Resend', 'resend'));
  return buttons.length === 0 ? undefined : element('div', 'actions', note(field), ...buttons);
}

export function receiptView(receipt, sites, now) {
  const facts = [
    ['Result', result(receipt)],
    ['When', clockOf(receipt.startedAt, now), `, took ${span(receipt.durationMillis / 1000)}`],
    ['File', `${receipt.fileName}, ${plural(receipt.rows, 'patron')}`],
  ];
  if (receipt.problems > 0) facts.push(['Problem report', plural(receipt.problems, 'line')]);
  if (receipt.freshAsOf) facts.push(['As in Aeries at', clockOf(receipt.freshAsOf, now)]);
  if (receipt.decision) {
    facts.push(['Decision', `${receipt.decision.kind} by ${receipt.decision.by}, `, clockOf(receipt.decision.at, now), receipt.decision.note ? `: ${receipt.decision.note}` : '']);
  }
  if (receipt.resendOf) facts.push(['Sent again', `the file of ${receipt.resendOf}`]);
  facts.push(['Receipt', receipt.id]);
  return [
    pairs(facts),
    receipt.message && receipt.holds.length === 0 ? element('p', 'trouble', inWords(receipt.message, now)) : undefined,
    holds(receipt, sites, now),
    ...difference(receipt, sites, `What the file of ${receipt.id} changes, by school`),
    ...(receipt.captureNews ?? []).map((news) => element('p', 'quiet', inWords(news, now))),
    actions(receipt),
  ].filter((part) => part !== undefined);
}

// What waits for a person, on top of the page.
export function heldPanel(receipt, feed, now) {
  return element('article', 'held',
    element('h3', '', `${feed.vendor}: the file of `, clockOf(receipt.startedAt, now)),
    element('p', '', 'The library keeps the file it has until someone decides. What was an accident can also be undone in Aeries: the next file then goes out by itself.'),
    ...[holds(receipt, feed.sites, now), ...difference(receipt, feed.sites, 'What the file changes, by school'), actions(receipt)].filter((part) => part !== undefined));
}
