import type { Document, Unreadable } from './document.ts';
import { parsePath, scalarAt } from './json-span.ts';
import { queryParameter } from './query-parameter.ts';
import { type Headers, header } from './request.ts';
import type { ReadHole } from './template.ts';

/** What templates are filled from. Document and digest are made when a hole first asks for them. */
export interface HoleSource {
  readonly headers: Headers;
  /** Undecoded, without `?`. */
  readonly query: string;
  document(): Document | Unreadable;
  digest?(): string;
}

/** @example fill('{header:x-github-event}.{body:action}', holeReader(of)) // 'issues.opened' */
export function holeReader(of: HoleSource): ReadHole {
  let document: Document | Unreadable | undefined;
  let digest: string | undefined;
  return ({ from, name }) => {
    switch (from) {
      case 'header':
        return header(of.headers, name);
      case 'query':
        return queryParameter(of.query, name);
      case 'body': {
        document ??= of.document();
        return document.kind === 'json' ? scalarAt(document.text, parsePath(name)) : undefined;
      }
      case 'digest':
        digest ??= of.digest?.();
        return digest;
      default:
        return undefined;
    }
  };
}
