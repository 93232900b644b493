/** What `tocsin drill` may be asked for, and which scenario at which size that makes. */
import { InvalidArgumentError } from 'commander';
import { CliError, exitCodes } from '../exit.ts';
import type { CommonOptions } from '../session.ts';
import { hasReach, hostingIntrusionAt, usualReach, type Reach } from './hosting-intrusion.ts';
import type { Scenario } from './scenario.ts';
import { scenarios } from './scenarios.ts';

/** As many as a private stack on a laptop still carries. */
export const mostControllers = 5_000;
export const mostPeople = 100_000;

export interface DrillOptions extends CommonOptions {
  readonly stack: 'private' | 'running';
  readonly list?: boolean;
  readonly scenario: string;
  readonly speed?: number;
  readonly seed: number;
  readonly keep?: string;
  readonly patience: number;
  readonly people?: number;
  readonly controllers?: number;
}

/** How many the drill is to reach. */
export function reachOf({ people, controllers }: DrillOptions): Reach {
  return { customers: controllers ?? usualReach.customers, people: people ?? usualReach.people };
}

/** The scenario by its name, at the size asked for. A size that would not be had is refused. */
export function scenarioAt(options: DrillOptions, reach: Reach): Scenario {
  const scenario = scenarioNamed(options.scenario);
  if (options.people === undefined && options.controllers === undefined) return scenario;
  if (hasReach(scenario) && options.stack === 'private') return hostingIntrusionAt(reach);
  const [why, wayOut] = hasReach(scenario)
    ? ['the running stack has its organisation already', 'leave out --stack running']
    : [`${scenario.name} has one size only`, 'leave out --people and --controllers'];
  throw new CliError(exitCodes.usage, why, wayOut);
}

function scenarioNamed(name: string): Scenario {
  const found = scenarios.find((scenario) => scenario.name === name);
  if (found !== undefined) return found;
  throw new CliError(exitCodes.usage, `no scenario "${name}"`, 'see "tocsin drill --list"');
}

/** Reads an option that is a number above 0. */
export function positive(text: string): number {
  const value = Number(text);
  if (Number.isFinite(value) && value > 0) return value;
  throw new InvalidArgumentError('It must be a number above 0.');
}

/** Reads an option that is a whole number from 1 to `most`. */
export function upTo(most: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (Number.isSafeInteger(value) && value >= 1 && value <= most) return value;
    throw new InvalidArgumentError(`It must be a whole number from 1 to ${String(most)}.`);
  };
}

/** Reads an option that is a whole number. */
export function whole(text: string): number {
  const value = Number(text);
  if (Number.isSafeInteger(value) && value >= 0) return value;
  throw new InvalidArgumentError('It must be a whole number of 0 or more.');
}
