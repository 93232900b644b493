/** Quoted-printable (RFC 2045, 6.7) and encoded words (RFC 2047): text as ASCII lines of 76 characters at most. */

const lineLength = 76;
const softBreak = '=\r\n';

/**
 * Encodes text whose line ends become CRLF. The result starts at the beginning of a line; it does not end in a line
 * break unless the text does. Lines have 76 characters at most, the soft break's `=` counted.
 */
export function quotedPrintable(text: string): string {
  return text
    .split(/\r\n|\r|\n/)
    .map(encodeLine)
    .join('\r\n');
}

/** A piece that stands between two others of one line: it begins and ends in a soft break, so neither side shifts. */
export function quotedPrintablePiece(text: string): string {
  return `${softBreak}${quotedPrintable(text)}${softBreak}`;
}

function encodeLine(line: string): string {
  const tokens = Array.from(line, encodeCharacter);
  const last = tokens.length - 1;
  // A space or tab at the end of a line may be stripped on the way.
  if (tokens[last] === ' ' || tokens[last] === '\t')
    tokens[last] = hex(line.charCodeAt(line.length - 1));
  let out = '';
  let width = 0;
  for (const token of tokens) {
    // Room for the `=` of a soft break, also of one that a following slot begins with.
    if (width + token.length > lineLength - 1) {
      out += softBreak;
      width = 0;
    }
    out += token;
    width += token.length;
  }
  return out;
}

function encodeCharacter(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  if (character === ' ' || character === '\t') return character;
  if (code > 32 && code < 127 && character !== '=') return character;
  return [...Buffer.from(character, 'utf8')].map(hex).join('');
}

function hex(byte: number): string {
  return `=${byte.toString(16).toUpperCase().padStart(2, '0')}`;
}

const wordBytes = 45;

/** Header text, folded: as it is when plain ASCII, else as encoded words of 75 characters at most. */
export function headerText(text: string, firstColumn: number): string {
  if (/^[\x20-\x7e]*$/.test(text) && !text.includes('=?')) return fold(text, firstColumn);
  return encodedWords(text).join('\r\n ');
}

// A fold goes before a single space that is followed by a word, so unfolding gives the same text back.
function fold(text: string, firstColumn: number): string {
  let column = firstColumn;
  return text
    .split(/(?= [^ ])/)
    .map((piece) => {
      const breaks = column + piece.length > lineLength && piece.startsWith(' ');
      column = breaks ? piece.length : column + piece.length;
      return breaks ? `\r\n${piece}` : piece;
    })
    .join('');
}

/** A quoted or encoded display name for an address header. */
export function phrase(name: string): string {
  if (/^[\x20-\x7e]*$/.test(name) && !name.includes('=?')) {
    return `"${name.replace(/["\\]/g, (character) => `\\${character}`)}"`;
  }
  return encodedWords(name).join('\r\n ');
}

function encodedWords(text: string): string[] {
  const words: string[] = [];
  let chunk = '';
  for (const character of text) {
    if (Buffer.byteLength(chunk + character, 'utf8') > wordBytes) {
      words.push(chunk);
      chunk = '';
    }
    chunk += character;
  }
  words.push(chunk);
  return words.map((word) => `=?utf-8?B?${Buffer.from(word, 'utf8').toString('base64')}?=`);
}
