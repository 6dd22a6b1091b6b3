// Charts as inline SVG. Each has a sentence that says the same, and marks by shape as well as by color.

import { dayOf, number, plural, span } from './words.js';

const SVG = 'http://www.w3.org/2000/svg';
const LEFT = 46;
const RIGHT = 8;
const TOP = 22;
const BOTTOM = 24;
const DAY_MILLIS = 86400000;

function shape(name, attributes, title) {
  const made = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  if (title) {
    const words = document.createElementNS(SVG, 'title');
    words.textContent = title;
    made.append(words);
  }
  return made;
}

function text(x, y, words, anchor) {
  const made = shape('text', { x, y, 'text-anchor': anchor });
  made.textContent = words;
  return made;
}

// As wide as its place, so that letters keep their size.
function chart(place, height, sentence) {
  const width = Math.max(260, place.clientWidth);
  const made = shape('svg', { viewBox: `0 0 ${width} ${height}`, width, height, role: 'img', 'aria-label': sentence, class: 'chart' });
  return [made, width];
}

function grid(svg, width, height, top, label) {
  const bottom = height - BOTTOM;
  for (const [y, words] of [[TOP, label(top)], [(TOP + bottom) / 2, label(top / 2)], [bottom, label(0)]]) {
    svg.append(shape('line', { x1: LEFT, x2: width - RIGHT, y1: y, y2: y, class: 'grid' }), text(LEFT - 6, y + 4, words, 'end'));
  }
}

// The worst of a day is what a mark says.
function markOf(results) {
  if (results.has('failed')) return 'failed';
  if (results.has('held') || results.has('rejected')) return 'held';
  return undefined;
}

function mark(kind, x, y) {
  return kind === 'failed'
    ? shape('path', { d: `M${x - 4} ${y - 4}l8 8m0 -8l-8 8`, class: 'mark failed' }, 'not delivered')
    : shape('path', { d: `M${x} ${y - 5}l5 9h-10z`, class: 'mark held' }, 'held or rejected');
}

function range(values) {
  const [least, most] = [Math.min(...values), Math.max(...values)];
  return least === most ? number(most) : `${number(least)} to ${number(most)}`;
}

// One bar a day: the patrons that the library had by the last file of the day, of all feeds.
export function deliveriesChart(place, deliveries, now) {
  const days = new Map();
  for (let back = 29; back >= 0; back--) {
    const time = new Date(Date.parse(now) - back * DAY_MILLIS).toISOString();
    days.set(dayOf(time), { time, rows: new Map(), results: new Set() });
  }
  for (const receipt of deliveries) {
    const day = days.get(dayOf(receipt.startedAt));
    if (!day) continue;
    day.results.add(receipt.result);
    if (['delivered', 'unchanged'].includes(receipt.result) && !day.rows.has(receipt.feed)) day.rows.set(receipt.feed, receipt.rows);
  }
  const all = [...days.values()].map((day) => ({ ...day, total: [...day.rows.values()].reduce((sum, rows) => sum + rows, 0), mark: markOf(day.results) }));
  const withFile = all.filter((day) => day.total > 0);
  const totals = withFile.map((day) => day.total);
  const marked = (kind, what) => {
    const count = all.filter((day) => day.mark === kind).length;
    return count === 0 ? '' : ` On ${plural(count, 'day')} ${what}.`;
  };
  const sentence = withFile.length === 0 ? 'No file reached the library in the last 30 days.'
    : `In the last 30 days a file reached the library on ${plural(withFile.length, 'day')}, with ${range(totals)} patrons.${marked('held', 'a file was held or rejected')}${marked('failed', 'a file was not delivered')}`;
  const height = 170;
  const [svg, width] = chart(place, height, sentence);
  // Without a file yet, two of the lines must not both be called 1.
  const top = Math.max(2, ...totals);
  grid(svg, width, height, top, (value) => number(Math.round(value)));
  const step = (width - LEFT - RIGHT) / all.length;
  all.forEach((day, at) => {
    const x = LEFT + at * step;
    const tall = ((height - BOTTOM - TOP) * day.total) / top;
    if (day.total > 0) {
      svg.append(shape('rect', { x: x + step * 0.15, y: height - BOTTOM - tall, width: step * 0.7, height: tall, class: 'bar' },
        `${dayOf(day.time)}: ${number(day.total)} patrons`));
    }
    if (day.mark) svg.append(mark(day.mark, x + step / 2, 10));
    if ((all.length - 1 - at) % 7 === 0) svg.append(text(Math.min(width - RIGHT, x + step / 2), height - 6, dayOf(day.time), at === all.length - 1 ? 'end' : 'middle'));
  });
  place.replaceChildren(svg);
  return sentence;
}

// The age of the patrons over the last day; where it was not known, the line is broken and the place is hatched.
export function freshnessChart(place, samples, since, clockOf) {
  const known = samples.filter((sample) => sample.ageSeconds !== undefined);
  const unknown = samples.length - known.length;
  if (samples.length < 2) {
    place.replaceChildren();
    return 'Nothing to show yet: this process has just begun.';
  }
  const ages = known.map((sample) => sample.ageSeconds).sort((one, other) => one - other);
  const worst = known.reduce((old, sample) => (old === undefined || sample.ageSeconds > old.ageSeconds ? sample : old), undefined);
  const sentence = (known.length === 0 ? 'How fresh the patrons were was not known. '
    : `The patrons were mostly ${span(ages[Math.floor(ages.length / 2)])} old, and at most ${span(worst.ageSeconds)}, at ${clockOf(worst.at)}. `)
    + (unknown > 0 && known.length > 0 ? `For ${plural(unknown, 'minute')} it was not known. ` : '') + `Since this process began, ${clockOf(since)}.`;
  const height = 150;
  const [svg, width] = chart(place, height, sentence);
  const top = Math.max(60, worst?.ageSeconds ?? 0);
  grid(svg, width, height, top, (value) => (value >= 7200 ? `${Math.round(value / 3600)} h` : value >= 120 ? `${Math.round(value / 60)} min` : `${Math.round(value)} s`));
  const first = Date.parse(samples[0].at);
  const length = Math.max(1, Date.parse(samples[samples.length - 1].at) - first);
  const xOf = (sample) => LEFT + ((width - LEFT - RIGHT) * (Date.parse(sample.at) - first)) / length;
  const yOf = (sample) => height - BOTTOM - ((height - BOTTOM - TOP) * sample.ageSeconds) / top;
  let path = '';
  let pen = 'M';
  samples.forEach((sample, at) => {
    const x = xOf(sample).toFixed(1);
    if (sample.ageSeconds === undefined) {
      const next = at + 1 < samples.length ? xOf(samples[at + 1]) : Number(x) + 1;
      svg.append(shape('rect', { x, y: TOP, width: Math.max(1, next - Number(x)).toFixed(1), height: height - BOTTOM - TOP, class: 'unknown' }));
      pen = 'M';
    } else {
      path += `${pen}${x} ${yOf(sample).toFixed(1)}`;
      pen = 'L';
    }
  });
  svg.append(shape('path', { d: path, class: 'line' }), text(LEFT, height - 6, clockOf(samples[0].at), 'start'), text(width - RIGHT, height - 6, clockOf(samples[samples.length - 1].at), 'end'));
  place.replaceChildren(svg);
  return sentence;
}
