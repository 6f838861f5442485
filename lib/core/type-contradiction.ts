import type { Document, Unreadable } from './document.ts';
import { holeReader } from './hole-reader.ts';
import { findSpan, parsePath } from './json-span.ts';
import type { Provider, TypeRule } from './provider.ts';
import { type Rejection, rejected } from './rejection.ts';
import type { Verified } from './scheme.ts';
import type { Source } from './source.ts';
import { fill, type ReadHole, type Template } from './template.ts';

/**
 * A captured body can come again under another type where the type is not signed. Refuses, without parsing, what certainly lacks
 * the key that its type must have; the exact check is `contradiction`, after the queue.
 */
export function contradictsType(source: Source, verified: Verified): Rejection | undefined {
  const { request } = verified;
  const typeOf = typeReader(holeReader({ ...request, document: () => NOT_PARSED }));
  const broken = source.provider.typeRequires?.find(
    (rule) =>
      'equals' in rule &&
      'body' in rule &&
      typeOf(rule) === rule.equals &&
      certainlyLacks(request.body, rule.body),
  );
  return broken && rejected('contradicted-type', explain(broken));
}

const NOT_PARSED: Unreadable = { kind: 'unreadable', explanation: 'not parsed at intake' };

/** A provider has dozens of rules, over one or two templates. */
function typeReader(read: ReadHole): (rule: TypeRule) => string {
  const types = new Map<Template, string>();
  return (rule) => {
    const known = types.get(rule.type);
    if (known !== undefined) return known;
    const type = fill(rule.type, read) ?? '';
    types.set(rule.type, type);
    return type;
  };
}

/** The rule that the event's document breaks, in words; undefined when type and body agree. */
export function contradiction(provider: Provider, document: Document, read: ReadHole): string | undefined {
  const typeOf = typeReader(read);
  const broken = provider.typeRequires?.find((rule) => breaks(rule, typeOf(rule), document, read));
  return broken && explain(broken);
}

function breaks(rule: TypeRule, type: string, document: Document, read: ReadHole): boolean {
  if ('begins' in rule) {
    if (!type.startsWith(rule.begins)) return false;
    const value = read({ from: 'body', name: rule.body });
    return value !== undefined && !value.startsWith(rule.valueBegins);
  }
  if (type !== rule.equals) return false;
  return 'lacks' in rule ? has(document, rule.lacks) : !has(document, rule.body);
}

function has(document: Document, path: string): boolean {
  return document.kind === 'json' && findSpan(document.text, parsePath(path)) !== undefined;
}

/** Letters that JSON or a form would have to escape for no reason; where somebody did, nothing is certain. */
const ESCAPED_LETTERS = ['\\u00', '%5Cu00', '%5cu00'];

function certainlyLacks(body: Buffer, path: string): boolean {
  const pieces = tracesOf(path);
  return pieces.length > 0 && !pieces.some((piece) => body.includes(piece));
}

/** Paths come from the configuration, so they are few, and each is looked for in every body. */
const traces = new Map<string, readonly Buffer[]>();

/** What a body that has the path's first key holds at least one of; none where the key can be written in too many ways. */
function tracesOf(path: string): readonly Buffer[] {
  const known = traces.get(path);
  if (known !== undefined) return known;
  const key = parsePath(path)[0] ?? '';
  const written = /^[\w-]+$/.test(key) ? [`"${key}"`, `%22${key}%22`, ...ESCAPED_LETTERS] : [];
  const pieces = written.map((piece) => Buffer.from(piece));
  traces.set(path, pieces);
  return pieces;
}

function explain(rule: TypeRule): string {
  if ('begins' in rule) {
    return `the ${rule.body} of an event of type ${rule.begins}… begins with ${rule.valueBegins}, this one's does not`;
  }
  return 'lacks' in rule
    ? `an event of type ${rule.equals} has no ${rule.lacks} in its body, this one has`
    : `an event of type ${rule.equals} has ${rule.body} in its body, this one has not`;
}
