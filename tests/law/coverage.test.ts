/** What was not assessed is said by the countries a case touches. */
import { expect, it } from 'vitest';
import { coverageOf } from '../../src/law/coverage.ts';

it('names the laws of each country that was assessed, and those of countries that are not carried', () => {
  const { assessed, notAssessed } = coverageOf(['CH', 'US', 'DE', 'GB', 'DE']);
  expect(assessed).toEqual(['Swiss FADP', 'GDPR', 'UK GDPR']);
  expect(notAssessed).toContain('data protection law of US');
  expect(notAssessed.join('; ')).toMatch(/DORA.*NIS Regulations 2018.*ISG.*criminal law/);
});
it('leaves out laws of the Union where nobody sits or lives there', () => {
  expect(coverageOf(['GB']).notAssessed.join('; ')).not.toContain('DORA');
});
