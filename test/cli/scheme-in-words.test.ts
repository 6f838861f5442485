import { expect, test } from 'vitest';
import { schemeInWords } from '../../lib/cli/scheme-in-words.ts';
import { box, docusign } from '../../lib/providers/index.ts';

test('two headers of one scheme are both named, and a row of them by its ends', () => {
  expect(schemeInWords(box.scheme)).toContain('in box-signature-primary or box-signature-secondary;');
  expect(schemeInWords(docusign.scheme)).toContain('in x-docusign-signature-1 … x-docusign-signature-16;');
});
