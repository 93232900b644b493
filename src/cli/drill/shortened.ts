/** What a terminal shows of thousands: the first lines, and how many more there are. */

/** At most so many lines; where there are more, the last one says how many and where every one stands. */
export function shortened(lines: readonly string[], most: number): string[] {
  if (lines.length <= most) return [...lines];
  return [
    ...lines.slice(0, most),
    `… and ${String(lines.length - most)} more (--json has every one)`,
  ];
}
