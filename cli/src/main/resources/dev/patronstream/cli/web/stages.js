// The way of a row: what every stage does, on what they stand, and the details for experts.

import { NAMES, ago, byId, clock, element, lasts, number, pairs, show, timeOf, words } from './words.js';

const WAY = ['capture', 'patrons', 'deliveries'];
const STATES = {
  starting: ['starting', 'waiting'], working: ['at work', 'waiting'], running: ['all well', 'good'],
  retrying: ['trying again', 'attention'], held: ['waits for a decision', 'attention'],
  failed: ['has given up', 'bad'], stopped: ['stopped', 'bad'], silent: ['not heard of', 'attention'], missing: ['does not run', 'attention'],
};

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

export function showStages(status) {
  const known = status.stages.filter((stage) => WAY.includes(stage.name));
  const ages = known.map((stage) => [ago(stage.since, status.now),
    ...(stage.instances ?? []).flatMap((instance) => [ago(instance.roleSince, status.now), instance.state === 'silent' && ago(instance.lastHeard, status.now)])]);
  // When each was heard of last changes all the time.
  const lasting = known.map((stage) => ({ ...stage, instances: (stage.instances ?? []).map((instance) => ({ ...instance, lastHeard: undefined, roleSince: undefined })), since: undefined }));
  show(byId('way'), [lasting, ages, status.freshness.state], () => known.map((stage) => {
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
  show(byId('ground'), ground, () => ground.map((stage) => {
    const state = STATES[stage.state] ?? [stage.state, 'none'];
    return element('li', '', element('b', '', NAMES[stage.name] ?? stage.name), words(state), stage.sentence);
  }));
  show(byId('details'), [status.stages.map((stage) => stage.details), status.counters], () => {
    const blocks = status.stages.filter((stage) => Object.keys(stage.details).length > 0)
      .map((stage) => element('div', '', element('h3', '', NAMES[stage.name] ?? stage.name), pairs(Object.entries(stage.details))));
    const counters = Object.entries(status.counters).map(([name, count]) =>
      [name.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`), number(count)]);
    if (counters.length > 0) blocks.push(element('div', '', element('h3', '', 'Since the start'), pairs(counters)));
    return blocks;
  });
}
