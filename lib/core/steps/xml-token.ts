/** Why a text is not read. The explanation goes on after "the body", and quotes nothing of it. */
export interface XmlFault {
  readonly kind: 'fault';
  readonly explanation: string;
}

export type Token =
  | { readonly kind: 'text'; readonly text: string; readonly end: number }
  | {
      readonly kind: 'start' | 'empty';
      readonly name: string;
      readonly attributes: ReadonlyMap<string, string>;
      readonly end: number;
    }
  | { readonly kind: 'end'; readonly name: string; readonly end: number };

/** No message has more on one element. */
const MOST_ATTRIBUTES = 32;

const NAME = '[A-Za-z_][\\w.-]*(?::[A-Za-z_][\\w.-]*)?';
/** A character that XML 1.0 does not allow, nor as a number. */
export const ILLEGAL: RegExp = /[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/u;
/** XML's white space is less than JavaScript's. */
const SPACE = '[ \\t\\n]';
const START = new RegExp(`<(${NAME})`, 'y');
const ATTRIBUTE = new RegExp(`${SPACE}+(${NAME})${SPACE}*=${SPACE}*(?:"([^"<]*)"|'([^'<]*)')`, 'y');
const START_END = new RegExp(`${SPACE}*(/?)>`, 'y');
const END = new RegExp(`</(${NAME})${SPACE}*>`, 'y');

/**
 * The next piece of an XML text, read as strictly as `readXml` says. Comments are empty text.
 * @param at a border between two pieces.
 */
export function tokenAt(text: string, at: number): Token | XmlFault {
  if (!text.startsWith('<', at)) return textToken(text, at);
  if (text.startsWith('</', at)) {
    const [whole, name] = matchAt(END, text, at) ?? [];
    return whole === undefined || name === undefined
      ? fault(MALFORMED)
      : { kind: 'end', name, end: at + whole.length };
  }
  if (text.startsWith('<![CDATA[', at)) return enclosed(text, at + 9, ']]>', (inside) => inside);
  if (text.startsWith('<!--', at)) return enclosed(text, at + 4, '-->', () => '');
  if (text.startsWith('<!', at) || text.startsWith('<?', at))
    return fault('has a document type or a processing instruction');
  return startToken(text, at);
}

const MALFORMED = 'is not well-formed XML';

function textToken(text: string, at: number): Token | XmlFault {
  const next = text.indexOf('<', at);
  const end = next < 0 ? text.length : next;
  const raw = text.slice(at, end);
  const decoded = raw.includes(']]>') ? undefined : decode(raw);
  return decoded === undefined ? fault(UNKNOWN_ENTITY) : { kind: 'text', text: decoded, end };
}

function enclosed(
  text: string,
  from: number,
  mark: string,
  content: (inside: string) => string,
): Token | XmlFault {
  const end = text.indexOf(mark, from);
  if (end < 0) return fault(MALFORMED);
  return { kind: 'text', text: content(text.slice(from, end)), end: end + mark.length };
}

function startToken(text: string, from: number): Token | XmlFault {
  const [whole, name] = matchAt(START, text, from) ?? [];
  if (whole === undefined || name === undefined) return fault(MALFORMED);
  const attributes = new Map<string, string>();
  let at = from + whole.length;
  for (let match = matchAt(ATTRIBUTE, text, at); match !== null; match = matchAt(ATTRIBUTE, text, at)) {
    const [written, attribute = '', double, single = ''] = match;
    at += written.length;
    if (attribute === 'xmlns' || attribute.startsWith('xmlns:')) continue;
    const value = decode((double ?? single).replace(/[\t\n]/g, ' '));
    if (value === undefined) return fault(UNKNOWN_ENTITY);
    if (attributes.has(localName(attribute)) || attributes.size === MOST_ATTRIBUTES)
      return fault('has an attribute twice, or too many of them');
    attributes.set(localName(attribute), value);
  }
  const end = matchAt(START_END, text, at);
  if (end === null) return fault(MALFORMED);
  return { kind: end[1] === '/' ? 'empty' : 'start', name, attributes, end: at + end[0].length };
}

function matchAt(pattern: RegExp, text: string, at: number): RegExpExecArray | null {
  pattern.lastIndex = at;
  return pattern.exec(text);
}

export function localName(name: string): string {
  return name.slice(name.indexOf(':') + 1);
}

const UNKNOWN_ENTITY = 'names a character in a way that only a document type could explain';

/** Undefined when an entity is none of those that need no document type. */
function decode(raw: string): string | undefined {
  let decoded = '';
  let from = 0;
  for (let at = raw.indexOf('&'); at >= 0; at = raw.indexOf('&', from)) {
    const end = raw.indexOf(';', at);
    if (end < 0 || end - at > LONGEST_ENTITY) return undefined;
    const character = characterOf(raw.slice(at + 1, end));
    if (character === undefined) return undefined;
    decoded += raw.slice(from, at) + character;
    from = end + 1;
  }
  return decoded + raw.slice(from);
}

/** `&#x10FFFF;`, its end left out. */
const LONGEST_ENTITY = 9;

const ENTITIES: ReadonlyMap<string, string> = new Map([
  ['amp', '&'],
  ['lt', '<'],
  ['gt', '>'],
  ['quot', '"'],
  ['apos', "'"],
]);

function characterOf(name: string): string | undefined {
  const [, decimal, hex] = /^#(?:(\d{1,7})|x([0-9A-Fa-f]{1,6}))$/.exec(name) ?? [];
  if (decimal === undefined && hex === undefined) return ENTITIES.get(name);
  const code = decimal === undefined ? Number.parseInt(hex ?? '', 16) : Number(decimal);
  const character = code > 0x10_ff_ff ? '\0' : String.fromCodePoint(code);
  return ILLEGAL.test(character) ? undefined : character;
}

export function fault(explanation: string): XmlFault {
  return { kind: 'fault', explanation };
}
