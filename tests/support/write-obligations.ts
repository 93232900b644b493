/** Writes docs/obligations.md anew: `npm run docs:obligations`. */
import { writeFileSync } from 'node:fs';
import { obligationsPage } from './obligations-page.ts';

writeFileSync(new URL('../../docs/obligations.md', import.meta.url), obligationsPage());
