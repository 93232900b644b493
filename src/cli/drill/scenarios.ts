/** Every scenario a drill can play, by name. */
import { hostingIntrusion } from './hosting-intrusion.ts';
import type { Scenario } from './scenario.ts';

export const scenarios: readonly Scenario[] = [hostingIntrusion];
export const defaultScenario = hostingIntrusion.name;
