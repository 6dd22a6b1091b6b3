'use strict';

// Everything that comes from outside is put in as text, never as markup.

const EVERY_MILLIS = 2000;
const GIVE_UP_MILLIS = 5000;

const NAMES = { capture: 'Capture', patrons: 'Patron table', deliveries: 'Delivery', kafka: 'Kafka', registry: 'Schema registry', stages: 'Topic of stages', disks: 'Disks' };
const WAY = ['capture', 'patrons', 'deliveries'];
const STATES = {
  starting: ['starting', 'waiting'], working: ['at work', 'waiting'], running: ['all well', 'good'],
  retrying: ['trying again', 'attention'], held: ['waits for a decision', 'attention'],
  failed: ['has given up', 'bad'], stopped: ['stopped', 'bad'], silent: ['not heard of', 'attention'], missing: ['does not run', 'attention'],
};
const RESULTS = {
  delivered: ['delivered', 'good'], unchanged: ['unchanged, not sent again', 'good'], held: ['held for approval', 'attention'],
  rejected: ['rejected', 'none'], failed: ['not delivered', 'bad'], written: ['written here only', 'none'], sending: ['being sent', 'waiting'],
  superseded: ['superseded by a newer file', 'none'],
};
const LEVEL_WORDS = { good: 'All well', waiting: 'Wait', attention: 'Attention', bad: 'Trouble' };

const byId = (id) => document.getElementById(id);
const number = (value) => Number(value).toLocaleString();

function element(tag, className, ...content) {
  const made = document.createElement(tag);
  if (className) made.className = className;
  made.append(...content.filter((part) => part !== undefined && part !== ''));
  return made;
}

function words([text, level], fallback) {
  const made = element('span', 'state', text ?? fallback);
  made.dataset.level = level ?? 'none';
  return made;
}

function span(seconds) {
  const units = [[86400, 'day', 172800], [3600, 'hour', 7200], [60, 'minute', 120], [1, 'second', 0]];
  const [size, unit] = units.find(([, , least]) => seconds >= least);
  const count = Math.floor(seconds / size);
  return `${count} ${unit}${count === 1 ? '' : 's'}`;
}

// Ages go by the clock of the process, so that a wrong clock of the reader does no harm.
function ago(time, now) {
  const seconds = Math.max(0, (Date.parse(now) - Date.parse(time)) / 1000);
  return seconds < 1 ? 'just now' : `${span(seconds)} ago`;
}

// How long something has been so.
function lasts(time, now) {
  return `for ${span(Math.max(0, (Date.parse(now) - Date.parse(time)) / 1000))}`;
}

function ahead(time, now) {
  const seconds = (Date.parse(time) - Date.parse(now)) / 1000;
  return seconds < 1 ? 'now' : `in ${span(seconds)}`;
}

// Times are the district's, wherever the reader sits.
let timeZone = 'UTC';

function timeOf(time, text) {
  const made = element('time', '', text);
  made.dateTime = time;
  made.title = new Date(time).toLocaleString('en-US', { timeZone, dateStyle: 'medium', timeStyle: 'long' });
  return made;
}

function clock(time, now) {
  const then = new Date(time);
  const day = (moment) => moment.toLocaleDateString('en-US', { timeZone });
  return day(then) === day(new Date(now))
    ? then.toLocaleTimeString('en-US', { timeZone, hour: 'numeric', minute: '2-digit' })
    : then.toLocaleString('en-US', { timeZone, month: 'short', day: 'numeric', hour: 'numeric', minute: '2-digit' });
}

function inWords(message, now) {
  return message.replace(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z/g, (time) => clock(time, now));
}

function pairs(entries) {
  const list = element('dl', '');
  for (const [name, ...value] of entries) list.append(element('dt', '', name), element('dd', '', ...value));
  return list;
}

// Replaces content only when it differs, so that a selection or an opened text stays.
const shown = new Map();
function show(id, key, make) {
  const text = JSON.stringify(key);
  if (shown.get(id) === text) return;
  shown.set(id, text);
  byId(id).replaceChildren(...make());
}

function showHeadline(status) {
  timeZone = status.timeZone;
  const { level, sentence } = status.headline;
  byId('headline').dataset.level = level;
  byId('sentence').textContent = sentence;
  // Read aloud when the kind of answer changes, not every two seconds.
  if (byId('announcement').dataset.level !== level) {
    byId('announcement').dataset.level = level;
    byId('announcement').textContent = `${LEVEL_WORDS[level] ?? ''}: ${sentence}`;
  }
  document.title = `${level === 'good' ? '' : '! '}${status.district} · patronstream`;
  byId('district').textContent = status.district;
  byId('process').textContent = `version ${status.version}, running for ${span(Math.max(0, (Date.parse(status.now) - Date.parse(status.startedAt)) / 1000))}`;
  const { students, staff, patrons, schools } = status.counts;
  const counts = [['students', students], ['staff', staff], ['schools', schools]].filter(([, count]) => count !== undefined);
  if (students === undefined && patrons !== undefined) counts.unshift(['patrons', patrons]);
  show('counts', counts, () => counts.map(([name, count]) => element('div', '', element('dt', '', name), element('dd', '', number(count)))));
}

// What is fresh no more is not well, though the stage itself runs; nor is what gets nothing from it.
function stateOf(stage, freshness) {
  if (stage.state === 'running' && ['stalled', 'stale'].includes(freshness.state)) {
    if (stage.name !== 'capture') return ['gets nothing new', 'none'];
    return freshness.state === 'stalled' ? ['stands still', 'attention'] : ['nothing new', 'attention'];
  }
  if (stage.state === 'running' && stage.name === 'capture' && freshness.state === 'unknown' && freshness.asOf) {
    return ['how fresh is not known', 'attention'];
  }
  return STATES[stage.state] ?? [stage.state, 'none'];
}

function processOf(instance, now) {
  const item = element('li', 'quiet', instance.here ? 'this process' : instance.process);
  if (instance.state === 'silent') item.append(', not heard of ', timeOf(instance.lastHeard, lasts(instance.lastHeard, now)));
  else if (instance.state === 'failed') item.append(', has given up');
  else if (instance.role === 'leads') item.append(', has done the work ', timeOf(instance.roleSince, lasts(instance.roleSince, now)));
  else if (instance.role === 'waits') item.append(` ${instance.sentence}; `, timeOf(instance.roleSince, lasts(instance.roleSince, now)));
  if (!instance.here && instance.statusUrl && instance.state !== 'silent') {
    const link = element('a', '', 'its page');
    link.href = instance.statusUrl;
    item.append(', ', link);
  }
  return item;
}

function showStages(status) {
  const known = status.stages.filter((stage) => WAY.includes(stage.name));
  const ages = known.map((stage) => [ago(stage.since, status.now),
    ...(stage.instances ?? []).flatMap((instance) => [ago(instance.roleSince, status.now), instance.state === 'silent' && ago(instance.lastHeard, status.now)])]);
  // When each was heard of last changes all the time.
  const lasting = known.map((stage) => ({ ...stage, instances: (stage.instances ?? []).map((instance) => ({ ...instance, lastHeard: undefined, roleSince: undefined })), since: undefined }));
  show('way', [lasting, ages, status.freshness.state], () => known.map((stage) => {
    const state = stateOf(stage, status.freshness);
    const item = element('li', '',
      element('h3', '', NAMES[stage.name], words(state)),
      element('p', '', stage.sentence),
      ...(stage.notices ?? []).slice(0, 4).map((notice) => element('p', 'quiet',
        ...(notice.at ? [timeOf(notice.at, clock(notice.at, status.now)), ': '] : []), notice.text)),
      (stage.instances ?? []).length > 0
        ? element('ul', 'processes', ...stage.instances.map((instance) => processOf(instance, status.now)))
        : element('p', 'quiet', timeOf(stage.since, lasts(stage.since, status.now))));
    item.dataset.level = state[1];
    return item;
  }));
  const ground = status.stages.filter((stage) => !WAY.includes(stage.name));
  show('ground', ground, () => ground.map((stage) => {
    const state = STATES[stage.state] ?? [stage.state, 'none'];
    return element('li', '', element('b', '', NAMES[stage.name] ?? stage.name), words(state), stage.sentence);
  }));
  show('details', [status.stages.map((stage) => stage.details), status.counters], () => {
    const blocks = status.stages.filter((stage) => Object.keys(stage.details).length > 0)
      .map((stage) => element('div', '', element('h3', '', NAMES[stage.name] ?? stage.name), pairs(Object.entries(stage.details))));
    const counters = Object.entries(status.counters).map(([name, count]) =>
      [name.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`), number(count)]);
    if (counters.length > 0) blocks.push(element('div', '', element('h3', '', 'Since the start'), pairs(counters)));
    return blocks;
  });
}

function feedCard(feed, now) {
  const receipt = feed.lastReceipt;
  const rows = [];
  if (feed.lastDelivery) {
    const { startedAt, rows: count, fileName, result, problems } = feed.lastDelivery;
    const how = result === 'unchanged' ? 'found there unchanged' : 'sent';
    const report = problems > 0 ? `, ${number(problems)} in the problem report (patronstream problems ${feed.name})` : '';
    rows.push(['The library has', `${fileName} with ${number(count)} rows, ${how} `, timeOf(startedAt, ago(startedAt, now)), report]);
  } else {
    rows.push(['The library has', 'no file from here yet']);
  }
  if (receipt && receipt.id !== feed.lastDelivery?.id) {
    rows.push(['Last attempt', words(RESULTS[receipt.result] ?? [receipt.result, 'none']), ', ', timeOf(receipt.startedAt, ago(receipt.startedAt, now))]);
  }
  if (feed.pausedUntil) {
    rows.push(['Paused', 'until ', timeOf(feed.pausedUntil, `${clock(feed.pausedUntil, now)}, ${ahead(feed.pausedUntil, now)}`)]);
  }
  rows.push(['Next run', ...(feed.delivering ? [words(['under way', 'waiting'])]
    : feed.nextRun ? [timeOf(feed.nextRun, `${clock(feed.nextRun, now)}, ${ahead(feed.nextRun, now)}`)]
      : [feed.onChange ? 'as soon as something changes' : 'on demand only'])]);
  const entries = feed.entries === undefined ? '' : element('span', '', `${number(feed.entries)} patrons`);
  const sheet = element('a', '', 'Who, what, to whom');
  sheet.href = `/feeds/${encodeURIComponent(feed.name)}/sheet`;
  return element('article', 'feed',
    element('h3', '', element('span', '', feed.name), entries),
    feed.schools.length > 0 ? element('p', 'quiet', feed.schools.join(', ')) : undefined,
    pairs(rows),
    feed.failure ? element('p', 'trouble', feed.failure) : undefined,
    element('p', 'quiet', sheet));
}

function showFeeds(status) {
  const ages = status.feeds.map((feed) => [
    feed.lastReceipt && ago(feed.lastReceipt.startedAt, status.now), feed.lastDelivery && ago(feed.lastDelivery.startedAt, status.now),
    feed.nextRun && ahead(feed.nextRun, status.now)]);
  show('feeds', [status.feeds, ages], () => status.feeds.length > 0
    ? status.feeds.map((feed) => feedCard(feed, status.now))
    : [element('p', 'quiet', 'No feeds are configured.')]);
}

function cell(className, ...content) {
  return element('td', className, ...content);
}

function showDeliveries(status) {
  const receipts = status.deliveries;
  byId('no-deliveries').hidden = receipts.length > 0;
  byId('deliveries').hidden = receipts.length === 0;
  show('receipts', [receipts, receipts.map((receipt) => ago(receipt.startedAt, status.now))], () => receipts.map((receipt) => {
    const result = RESULTS[receipt.result] ?? [receipt.result, 'none'];
    return element('tr', '',
      cell('', timeOf(receipt.startedAt, `${clock(receipt.startedAt, status.now)}, ${ago(receipt.startedAt, status.now)}`)),
      cell('feed-name', receipt.feed),
      cell('result', words(result), receipt.message ? element('span', 'why', inWords(receipt.message, status.now)) : undefined),
      cell('number', number(receipt.rows)),
      cell('file', receipt.fileName));
  }));
}

let lastAnswer;

async function ask() {
  try {
    const answer = await fetch('/status', { cache: 'no-store', signal: AbortSignal.timeout(GIVE_UP_MILLIS) });
    if (!answer.ok) throw new Error(`it answers with ${answer.status}`);
    const status = await answer.json();
    showHeadline(status);
    showStages(status);
    showFeeds(status);
    showDeliveries(status);
    lastAnswer = new Date();
    byId('gone').hidden = true;
    document.body.classList.remove('is-gone');
  } catch (error) {
    document.body.classList.add('is-gone');
    // The same words as long as it lasts, so that they are read aloud once.
    const since = lastAnswer === undefined ? '' : ` What you see is from ${lastAnswer.toLocaleTimeString('en-US', { timeZone })}.`;
    const text = `patronstream does not answer.${since} The page goes on by itself as soon as it does.`;
    if (byId('gone').textContent !== text) byId('gone').textContent = text;
    byId('gone').hidden = false;
  }
  setTimeout(ask, EVERY_MILLIS);
}

function gradeOf(grade) {
  return { '-2': 'preschool', '-1': 'transitional kindergarten', 0: 'kindergarten' }[grade] ?? `grade ${grade}`;
}

function tie(affiliation, primary) {
  const school = affiliation.schoolName ?? (affiliation.schoolCode === undefined ? 'No school' : `School ${affiliation.schoolCode}`);
  const rest = [affiliation.status.replace('-', ' ')];
  if (affiliation.grade !== undefined) rest.push(gradeOf(affiliation.grade));
  if (affiliation.enterDate) rest.push(`from ${affiliation.enterDate}`);
  if (affiliation.leaveDate) rest.push(`until ${affiliation.leaveDate}`);
  if (primary) rest.push('the one that counts');
  return element('li', '', element('b', '', school), ` ${rest.join(', ')}`);
}

function personCard(person) {
  const given = [person.firstName, person.middleName].filter(Boolean).join(' ');
  const name = [person.lastName, given].filter(Boolean).join(', ') || 'No name';
  const more = [`${person.kind === 'staff' ? 'Staff member' : 'Student'} ${person.id}`, person.email].filter(Boolean).join(' · ');
  return element('article', 'person',
    element('h3', '', name), element('p', 'quiet', more),
    element('ul', '', tie(person.primary, person.others.length > 0), ...person.others.map((other) => tie(other, false))));
}

async function lookUp(event) {
  event.preventDefault();
  const out = byId('person');
  const token = byId('token').value.trim();
  try {
    const answer = await fetch(`/patrons/${encodeURIComponent(byId('kind').value)}/${encodeURIComponent(byId('person-id').value.trim())}`, {
      headers: token ? { Authorization: `Bearer ${token}` } : {}, cache: 'no-store', signal: AbortSignal.timeout(GIVE_UP_MILLIS),
    });
    const body = await answer.json();
    byId('token-label').hidden = byId('token-label').hidden && answer.status !== 401;
    out.replaceChildren(answer.ok ? personCard(body) : element('p', 'answer', `${body.error}.`));
  } catch (error) {
    out.replaceChildren(element('p', 'answer', 'patronstream does not answer; try again in a moment.'));
  }
}

byId('look-up').addEventListener('submit', lookUp);
ask();
