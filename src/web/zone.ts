/** What a time zone's clock is ahead of UTC at an instant. */
import type { Instant } from '../domain/instant.ts';

/** Minutes ahead of UTC, negative to the west; `zone` must be one that Intl knows. */
export function zoneOffsetMinutes(zone: string, at: Instant): number {
  const parts = new Intl.DateTimeFormat('en', { timeZone: zone, timeZoneName: 'longOffset' });
  const name = parts.formatToParts(new Date(at)).find((part) => part.type === 'timeZoneName');
  const match = /^GMT([+-])(\d{2}):(\d{2})/.exec(name?.value ?? '');
  if (match === null) return 0;
  return (match[1] === '-' ? -1 : 1) * (Number(match[2]) * 60 + Number(match[3]));
}
