/** Which changes follow a notice that has left: Art. 33(4) GDPR for authorities and customers, advice alone for people. */
import { describe, expect, it } from 'vitest';
import type { Change, Item } from '../../src/domain/difference.ts';
import { changesThatMatter, noLongerStands, supplementFor } from '../../src/law/supplements.ts';

const change = (item: Change['item'], more: Partial<Change> = {}): Change => ({
  ...{ item, name: '', about: '', before: null, after: 'new' },
  ...more,
});
const categories = change('fact', { name: 'data.categories' });
const count = change('fact', { name: 'subjects.count' });
const everything = [
  ...[change('aware'), count, categories, change('people-in-scope'), change('countries')],
  ...[change('assets', { name: 'data.categories' }), change('consequences'), change('advice')],
  ...[change('measures'), change('delay-reasons')],
];

describe('a change matters', () => {
  it('to an authority and to a customer, whatever their notices state of it', () => {
    expect(changesThatMatter('authority', everything)).toEqual(everything);
    expect(changesThatMatter('controller', everything)).toEqual(everything);
  });
  it('to people where it bears on them: which data, what may happen, what they can do', () => {
    expect(changesThatMatter('data-subject', everything)).toEqual([
      categories,
      change('consequences'),
      change('advice'),
    ]);
  });
  it('never to the register, which is added to and not told again', () => {
    expect(changesThatMatter('register', everything)).toEqual([]);
  });
});

describe('of a service that is cleared', () => {
  const about = 'hosting';
  const cleared = change('grade', { about, before: 'likely', after: 'excluded' });
  const assets = change('assets', { about });
  const other = change('assets', { about: 'mail' });
  it('nothing else is said than that it is, and other services are told of as before', () => {
    expect(changesThatMatter('controller', [cleared, assets, other])).toEqual([cleared, other]);
  });
  it('is only one whose grade is excluded now: not one that was raised, nor a word in another statement', () => {
    const raised = change('grade', { about, before: 'likely', after: 'confirmed' });
    expect(changesThatMatter('controller', [raised, assets])).toEqual([raised, assets]);
    const word = change('measures', { about, after: 'excluded' });
    expect(changesThatMatter('controller', [word, assets])).toEqual([word, assets]);
  });
});

describe('a supplement', () => {
  it('is owed to authorities and customers for any change they are told of', () => {
    expect(supplementFor('authority', [count])).toBe('owed');
    expect(supplementFor('controller', [count])).toBe('owed');
    expect(supplementFor('authority', [])).toBe('none');
  });
  it('to people is for a person to decide where advice is among what is new, else there is none', () => {
    expect(supplementFor('data-subject', [change('consequences'), change('advice')])).toBe('ask');
    expect(supplementFor('data-subject', [change('consequences'), categories])).toBe('none');
    expect(supplementFor('data-subject', [count])).toBe('none');
  });
});

describe('a notice to a customer', () => {
  const graded = (value: string, about = 'hosting'): Item => ({
    ...{ item: 'grade', name: '', about, value },
  });
  const named: Item = { item: 'fact', name: 'exfiltration', about: 'hosting', value: 'confirmed' };

  it.each(['confirmed', 'likely'])('that called a service %s falls once it is excluded', (told) => {
    expect(noLongerStands([graded(told), named], [graded('excluded'), named])).toBe(true);
  });
  it('stands while another service is open, even one that is only not excluded', () => {
    const known = [graded('excluded'), graded('not-excluded', 'mail')];
    expect(noLongerStands([graded('confirmed')], known)).toBe(false);
  });
  it('stands where it called no service affected, whatever a fact in it was', () => {
    expect(noLongerStands([graded('not-excluded'), named], [graded('excluded')])).toBe(false);
  });
});
