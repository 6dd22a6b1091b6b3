// Questions about a person and about bad data: the answers hold private values or IDs, and may need the token.

import { button, byId, clocksInWords, element, number, plural, show, table } from './words.js';
import { question } from './session.js';

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

function explanation(answer, vendor) {
  const lines = element('pre', '', answer.lines.join('\n'));
  return element('article', 'person', element('h3', '', `In the files for ${vendor}`),
    element('ul', '', ...answer.inShort.map(clocksInWords).map((line) => {
      const at = line.indexOf(':');
      return at > 0 && line.startsWith('In the ') ? element('li', '', element('b', '', line.slice(0, at + 1)), line.slice(at + 1)) : element('li', '', line);
    })),
    element('details', 'inside', element('summary', '', 'Why, column by column'), lines));
}

async function lookUp(event) {
  event.preventDefault();
  const out = byId('person');
  const kind = encodeURIComponent(byId('kind').value);
  const id = encodeURIComponent(byId('person-id').value.trim());
  const feed = byId('person-feed');
  out.replaceChildren(element('p', 'answer', 'Looking …'));
  const [person, noPerson] = await question(`/patrons/${kind}/${id}`);
  const first = person ? personCard(person) : element('p', 'answer', noPerson);
  out.replaceChildren(first, element('p', 'answer', 'Looking in the files …'));
  const [answer, why] = await question(`/feeds/${encodeURIComponent(feed.value)}/people/${kind}/${id}`);
  const vendor = feed.selectedOptions[0]?.textContent ?? '';
  out.replaceChildren(...(noPerson !== '' && noPerson === why ? [] : [first]), answer ? explanation(answer, vendor) : element('p', 'answer', why));
}

async function showProblems(feed, out) {
  out.replaceChildren(element('p', 'answer', 'Looking …'));
  const [answer, why] = await question(`/feeds/${encodeURIComponent(feed)}/problems`);
  if (!answer) {
    out.replaceChildren(element('p', 'answer', why));
  } else if (answer.rules.length === 0) {
    out.replaceChildren(element('p', 'answer', 'The rules find nothing wrong.'));
  } else {
    const rows = answer.rules.map((rule) => [rule.rule.replaceAll('-', ' '),
      rule.first.map((found) => `${found.key} (${found.field}: ${found.done})`).join('; ') + (rule.count > rule.first.length ? `; and ${number(rule.count - rule.first.length)} more` : ''),
      number(rule.count)]);
    out.replaceChildren(table('Problems as the feed stands now, by rule', ['Rule', 'Whose row', 'Count'], rows, 2));
  }
}

export function showQuestions(status) {
  show(byId('person-feed'), status.feeds.map((feed) => feed.name), () => status.feeds.map((feed) => {
    const option = element('option', '', feed.vendor);
    option.value = feed.name;
    return option;
  }));
  byId('person-feed-label').hidden = status.feeds.length < 2;
  show(byId('problems'), status.feeds.map((feed) => [feed.name, feed.lastDelivery?.problems]), () => status.feeds.map((feed) => {
    const out = element('div', '');
    out.setAttribute('aria-live', 'polite');
    const of = feed.lastDelivery ? `${plural(feed.lastDelivery.problems, 'line')} in the problem report of the last file.` : 'No file has been delivered yet.';
    return element('article', '', element('h3', '', feed.vendor), element('p', 'quiet', of), button('Show problems', () => showProblems(feed.name, out), 'second'), out);
  }));
}

export function startQuestions() {
  byId('look-up').addEventListener('submit', lookUp);
}
