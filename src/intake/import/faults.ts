/** Gathers what is wrong with a file while it is read: the first faults are kept, all are counted. */
import type { ImportFault, ImportFaults } from '../../domain/catalogue.ts';

/** How many faults an answer names; a file with one wrong column would otherwise name every line. */
export const faultsShown = 100;

export interface FaultList {
  add(line: number, field: string, detail: string): void;
  found(): ImportFaults;
}

export function faultList(): FaultList {
  const faults: ImportFault[] = [];
  let total = 0;
  return {
    add(line, field, detail) {
      total += 1;
      if (faults.length < faultsShown) faults.push({ line, field, detail });
    },
    found: () => ({ faults, total }),
  };
}

/** Reading cannot go on after this line; everything before it still counts. */
export class Unreadable extends Error {
  readonly line: number;
  constructor(line: number, detail: string) {
    super(detail);
    this.line = line;
  }
}
