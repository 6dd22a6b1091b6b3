// The feeds with what can be ordered, what waits for a decision, and the deliveries of the last 30 days.

import { button, byId, clock, clockOf, element, inWords, number, pairs, result, scrolling, show, span, words } from './words.js';
import { me, note, order, question, whatBecame } from './session.js';
import { heldPanel, mayBeDecided, receiptView } from './receipt.js';
import { deliveriesChart } from './charts.js';

const SHOWN = 10;

function facts(feed, now) {
  const rows = [];
  if (feed.lastDelivery) {
    const { startedAt, rows: count, fileName, result: how, problems, decision } = feed.lastDelivery;
    rows.push(['The library has', `${fileName} with ${number(count)} patrons, ${how === 'unchanged' ? 'found there unchanged' : 'sent'} `, clockOf(decision?.at ?? startedAt, now),
      problems > 0 ? `; ${number(problems)} in the problem report` : '']);
  } else {
    rows.push(['The library has', 'no file from here yet']);
  }
  const receipt = feed.lastReceipt;
  if (receipt && receipt.id !== feed.lastDelivery?.id) rows.push(['Last attempt', result(receipt), ', ', clockOf(receipt.startedAt, now)]);
  if (feed.pausedUntil) rows.push(['Paused', 'until ', clockOf(feed.pausedUntil, now)]);
  rows.push(['Next file', ...(feed.delivering ? [words(['under way', 'waiting'])]
    : feed.nextRun ? [clockOf(feed.nextRun, now)]
      : [feed.onChange ? 'as soon as something changes' : 'on demand only'])]);
  return rows;
}

function feedActions(feed) {
  const path = `/feeds/${encodeURIComponent(feed.name)}/`;
  const deliver = button('Deliver now', (event) => order(event.currentTarget, `${path}snapshot`, {}, whatBecame));
  if (feed.pausedUntil) {
    return [deliver, button('Resume', (event) => order(event.currentTarget, `${path}resume`, {}, () => 'Deliveries go on.'), 'second')];
  }
  const until = element('input', '');
  until.type = 'datetime-local';
  until.id = `until-${feed.name}`;
  until.required = true;
  const pause = element('form', 'pause', element('label', '', 'Pause until', until));
  const go = element('button', 'second', 'Pause');
  go.type = 'submit';
  pause.append(go);
  pause.addEventListener('submit', (event) => {
    event.preventDefault();
    order(go, `${path}pause`, { until: until.value, by: me() }, (body) => `Nothing is delivered until ${clock(body.pausedUntil, new Date().toISOString())}.`);
  });
  return [deliver, pause];
}

export function showFeeds(status) {
  const place = byId('feeds');
  show(place, status.feeds.map((feed) => feed.name), () => status.feeds.length === 0
    ? [element('p', 'quiet', 'No feeds are configured.')]
    : status.feeds.map((feed) => {
      const sheet = element('a', '', 'Who, what, to whom');
      sheet.href = `/feeds/${encodeURIComponent(feed.name)}/sheet`;
      return element('article', 'feed',
        element('h3', '', feed.vendor), element('p', 'quiet', feed.schools.join(', ')), element('div', 'facts'), element('div', 'actions'), element('p', 'quiet', sheet));
    }));
  status.feeds.forEach((feed, at) => {
    const card = place.children[at];
    const entries = feed.entries === undefined ? [] : [['In the feed now', `${number(feed.entries)} patrons`]];
    show(card.querySelector('.facts'), [{ ...feed, lastReceipt: feed.lastReceipt?.id + feed.lastReceipt?.result }], () => [
      pairs([...entries, ...facts(feed, status.now)]),
      ...(feed.failure && !mayBeDecided(feed.lastReceipt ?? {}) ? [element('p', 'trouble', inWords(feed.failure, status.now))] : [])]);
    show(card.querySelector('.actions'), [feed.pausedUntil], () => feedActions(feed));
  });
}

export function showHeld(status) {
  const held = status.feeds.filter((feed) => feed.lastReceipt && mayBeDecided(feed.lastReceipt));
  const place = byId('held');
  // Who has just decided goes on at the first line, which says what became of it.
  if (held.length === 0 && place.contains(document.activeElement)) byId('sentence').focus();
  place.hidden = held.length === 0;
  show(byId('held-files'), held.map((feed) => [feed.lastReceipt.id, feed.lastReceipt.result, feed.sites]),
    () => held.map((feed) => heldPanel(feed.lastReceipt, feed, status.now)));
}

const HOLD_EVERY_MILLIS = 10000;
let holdAt = 0;

// What capture holds is asked for when it says that it holds something.
export async function showCaptureHold(status) {
  const isHeld = status.stages.some((stage) => stage.name === 'capture' && stage.state === 'held');
  const place = byId('capture-hold');
  if (!isHeld) {
    place.hidden = true;
    holdAt = 0;
    return;
  }
  if (Date.now() - holdAt < HOLD_EVERY_MILLIS) return;
  holdAt = Date.now();
  const [hold] = await question('/capture/hold');
  place.hidden = !hold?.held;
  if (!hold?.held) return;
  show(byId('capture-held'), [hold.id, hold.heldSince], () => {
    const give = (name, what, done) => button(name, (event) => {
      const why = byId('note-capture').value.trim();
      order(event.currentTarget, `/capture/hold/${encodeURIComponent(hold.id)}/${what}`, { by: me(), ...(why ? { note: why } : {}) }, () => done);
    }, what === 'reject' ? 'second' : '');
    return [
      element('p', '', `Reading the tables again would remove ${hold.wouldRemove}. They were read again because ${hold.reason}. Held since `, clockOf(hold.heldSince, status.now), '.'),
      element('div', 'actions', note('note-capture'), give('Approve', 'approve', 'Approved: capture publishes what it holds within seconds.'),
        give('Reject', 'reject', 'Rejected: nothing of it is published.'))];
  });
}

let month = [];
let all = false;

// The rows of opened receipts by ID: the same ones when the table is drawn again, so that a half-filled note stays.
const open = new Map();

async function toggle({ id, result: known }, sites, columns, now, draw) {
  if (open.has(id)) {
    open.delete(id);
  } else {
    const [receipt, why] = await question(`/deliveries/${encodeURIComponent(id)}`);
    const cell = element('td', '', ...(receipt ? receiptView(receipt, sites, now) : [element('p', 'trouble', why)]));
    cell.colSpan = columns;
    open.set(id, { known, row: element('tr', 'opened', cell) });
  }
  draw();
  byId(`open-${id}`)?.focus();
}

function deliveryRows(status, draw) {
  const several = status.feeds.length > 1;
  const sitesOf = (feed) => status.feeds.find((one) => one.name === feed)?.sites ?? {};
  const columns = several ? 9 : 8;
  return month.slice(0, all ? month.length : SHOWN).flatMap((receipt) => {
    const opener = button('', () => toggle(receipt, sitesOf(receipt.feed), columns, status.now, draw), 'plain');
    opener.append(clockOf(receipt.startedAt, status.now));
    opener.id = `open-${receipt.id}`;
    opener.setAttribute('aria-expanded', String(open.has(receipt.id)));
    const head = element('th', '', opener);
    head.scope = 'row';
    const count = (value) => element('td', 'number', value === undefined ? '–' : number(value));
    const row = element('tr', '', head, ...(several ? [element('td', '', status.feeds.find((one) => one.name === receipt.feed)?.vendor ?? receipt.feed)] : []),
      element('td', '', result(receipt)), count(receipt.rows), count(receipt.added), count(receipt.removed), count(receipt.changed), count(receipt.problems),
      element('td', 'number', span(receipt.durationMillis / 1000)));
    return open.has(receipt.id) ? [row, open.get(receipt.id).row] : [row];
  });
}

function drawDeliveries(status) {
  const draw = () => drawDeliveries(status);
  byId('no-deliveries').hidden = month.length > 0;
  const place = byId('deliveries');
  place.hidden = month.length === 0;
  if (month.length === 0) return;
  byId('deliveries-words').textContent = deliveriesChart(byId('deliveries-chart'), month, status.now);
  const heads = ['When', ...(status.feeds.length > 1 ? ['Feed'] : []), 'Result', 'Patrons', 'Added', 'Removed', 'Changed', 'Problems', 'Took'];
  const head = element('tr', '', ...heads.map((name, at) => {
    const cell = element('th', at > (status.feeds.length > 1 ? 2 : 1) ? 'number' : '', name);
    cell.scope = 'col';
    return cell;
  }));
  const caption = 'Deliveries of the last 30 days, newest first; the time opens the receipt';
  const list = element('table', '', element('caption', '', caption), element('thead', '', head), element('tbody', '', ...deliveryRows(status, draw)));
  const more = month.length <= SHOWN ? [] : [button(all ? 'Show fewer' : `Show all ${number(month.length)}`, () => {
    all = !all;
    draw();
    byId('deliveries-table').querySelector('.second')?.focus();
  }, 'second')];
  byId('deliveries-table').replaceChildren(scrolling(list, caption), ...more);
}

let known = '';
let lastStatus;
addEventListener('resize', () => {
  if (month.length > 0) deliveriesChart(byId('deliveries-chart'), month, lastStatus.now);
});

// The month is asked for again when there is something new in it.
export async function showDeliveries(status) {
  lastStatus = status;
  const now = JSON.stringify([status.deliveries.map((receipt) => [receipt.id, receipt.result, receipt.decision]), status.feeds.map((feed) => feed.sites)]);
  if (now === known) return;
  const [answer] = await question('/deliveries');
  if (!answer) return;
  known = now;
  month = answer.deliveries;
  for (const [id, { known: old }] of open) {
    if (month.find((receipt) => receipt.id === id)?.result !== old) open.delete(id);
  }
  drawDeliveries(status);
}
