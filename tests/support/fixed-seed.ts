/**
 * One seed and few runs for every property, and no search for the smallest counterexample, so that two mutation runs over
 * the same law give the same figure, and soon.
 */
import fc from 'fast-check';

fc.configureGlobal({ seed: 20_260_612, numRuns: 100, endOnFailure: true });
