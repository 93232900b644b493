/** What any page must have to be read by anyone. */
import { expect } from 'vitest';

/** What every page must have to be read by anyone, whatever it shows. */
export function expectReadable(html: string): void {
  expect(html).toMatch(/^<!doctype html>/i);
  expect(html).toContain('<html lang="en">');
  expect(html.match(/<h1[ >]/g)).toHaveLength(1);
  expect(html).not.toMatch(/ on[a-z]+="|style="|javascript:(?!alert)/);
  const ids = [...html.matchAll(/ id="([^"]*)"/g)].map(([, id]) => id);
  expect(new Set(ids).size).toBe(ids.length);
  for (const [, target] of html.matchAll(/ (?:for|aria-labelledby)="([^"]*)"/g)) {
    expect(ids).toContain(target);
  }
  for (const [tag] of html.matchAll(/<(?:input|select|textarea)\b[^>]*>/g)) {
    if (tag.includes('type="hidden"')) continue;
    expect(html).toContain(`for="${/ id="([^"]*)"/.exec(tag)?.[1] ?? 'no id'}"`);
  }
}
