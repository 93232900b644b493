/** The product's decisions in thousands of simulated nights, and proof that a planted defect is found. */
import { describe, expect, it } from 'vitest';
import { defects, isDefect } from './defects.ts';
import { simulate } from './simulate.ts';

const cleanSeeds = 600;
const seedsForADefect = 2_000;

describe('simulated nights', () => {
  it(`keeps every promise in seeds 1 to ${String(cleanSeeds)}`, async () => {
    const broken: string[] = [];
    let arrivals = 0;
    let rings = 0;
    for (let seed = 1; seed <= cleanSeeds; seed++) {
      const night = await simulate(seed);
      arrivals += night.arrivals;
      rings += night.rings;
      if (night.broken.length > 0) broken.push(`seed ${String(seed)}: ${night.broken.join('; ')}`);
    }
    expect(broken).toEqual([]);
    // A simulation in which nothing happens keeps every promise too.
    expect(arrivals).toBeGreaterThan(cleanSeeds);
    expect(rings).toBeGreaterThan(cleanSeeds);
  });

  it('plays the same seed the same way', async () => {
    const once = await simulate(7, { isTraced: true });
    const again = await simulate(7, { isTraced: true });
    expect(once.trace.length).toBeGreaterThan(50);
    expect(again).toEqual(once);
  });

  it.each(Object.keys(defects).filter(isDefect))('finds the planted defect %s', async (defect) => {
    let foundBy: string | null = null;
    for (let seed = 1; seed <= seedsForADefect && foundBy === null; seed++) {
      const { broken } = await simulate(seed, { defect });
      foundBy = broken[0] ?? null;
    }
    expect(foundBy).toMatch(/\bI\d/);
  });
});
