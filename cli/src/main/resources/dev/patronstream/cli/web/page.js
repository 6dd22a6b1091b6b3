// The page: asks the process every two seconds how things stand, and shows it. What it shows and how is in the modules.

import { byId, clock, element, number, show, span, useTimeZone } from './words.js';
import { question, startSession } from './session.js';
import { showStages } from './stages.js';
import { showCaptureHold, showDeliveries, showFeeds, showHeld } from './files.js';
import { freshnessChart } from './charts.js';
import { showQuestions, startQuestions } from './person.js';

const EVERY_MILLIS = 2000;
const GIVE_UP_MILLIS = 5000;
const FRESHNESS_EVERY_MILLIS = 60000;
const LEVEL_WORDS = { good: 'All well', waiting: 'Wait', attention: 'Attention', bad: 'Trouble' };

function showHeadline(status) {
  useTimeZone(status.timeZone);
  const { level, sentence, more } = status.headline;
  byId('headline').dataset.level = level;
  byId('level').textContent = LEVEL_WORDS[level] ?? '';
  byId('sentence').textContent = sentence;
  byId('more').textContent = more;
  // Read aloud when the answer is another one, not whenever a number in it is.
  const kind = level + sentence.replace(/[\d,]+/g, '');
  if (byId('announcement').dataset.kind !== kind) {
    byId('announcement').dataset.kind = kind;
    byId('announcement').textContent = `${LEVEL_WORDS[level] ?? ''}: ${sentence} ${more}`;
  }
  document.title = `${level === 'good' ? '' : '! '}${status.district} · patronstream`;
  byId('district').textContent = status.district;
  byId('process').textContent = `version ${status.version}, running for ${span(Math.max(0, (Date.parse(status.now) - Date.parse(status.startedAt)) / 1000))}`;
  const counts = [['patrons in the district', status.counts.patrons]].filter(([, count]) => count !== undefined);
  show(byId('counts'), counts, () => counts.map(([name, count]) => element('div', '', element('dt', '', name), element('dd', '', number(count)))));
}

let freshnessAt = 0;
async function showFreshness(status) {
  if (Date.now() - freshnessAt < FRESHNESS_EVERY_MILLIS) return;
  freshnessAt = Date.now();
  const [answer] = await question('/freshness');
  if (answer) byId('freshness-words').textContent = freshnessChart(byId('freshness-chart'), answer.samples, answer.since, (time) => clock(time, status.now));
}

let lastAnswer;
let lastStatus;
addEventListener('resize', () => {
  freshnessAt = 0;
  if (lastStatus) showFreshness(lastStatus);
});

async function showAll(status) {
  showHeadline(status);
  showHeld(status);
  showFeeds(status);
  showStages(status);
  showQuestions(status);
  await Promise.all([showCaptureHold(status), showDeliveries(status), showFreshness(status)]);
}

async function askOnce() {
  try {
    const answer = await fetch('/status', { cache: 'no-store', signal: AbortSignal.timeout(GIVE_UP_MILLIS) });
    if (!answer.ok) throw new Error(`it answers with ${answer.status}`);
    lastStatus = await answer.json();
    await showAll(lastStatus);
    lastAnswer = new Date();
    byId('gone').hidden = true;
    document.body.classList.remove('is-gone');
  } catch (error) {
    document.body.classList.add('is-gone');
    // The same words as long as it lasts, so that they are read aloud once.
    const since = lastAnswer === undefined ? '' : ` What you see is from ${clock(lastAnswer.toISOString(), new Date().toISOString())}.`;
    const text = `patronstream does not answer.${since} The page goes on by itself as soon as it does.`;
    if (byId('gone').textContent !== text) byId('gone').textContent = text;
    byId('gone').hidden = false;
  }
}

async function ask() {
  await askOnce();
  setTimeout(ask, EVERY_MILLIS);
}

startSession(askOnce);
startQuestions();
ask();
