/** Where this installation of Tocsin stands. */
import { fileURLToPath } from 'node:url';

/** The folder of package.json, with a closing slash. */
export const installation = fileURLToPath(new URL('../../', import.meta.url));
