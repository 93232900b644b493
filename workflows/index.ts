/** What the worker's bundle offers to Temporal. */
export { breachCase } from './breach-case.ts';
export { notice } from './notice.ts';
