import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readXml, type XmlElement } from '../../../lib/core/steps/xml-element.ts';

/** What is compared: names, attributes, children, text. */
type Tree = readonly [
  name: string,
  attributes: Readonly<Record<string, string>>,
  content: string | readonly Tree[],
];

function treeOf({ name, attributes, children, text }: XmlElement): Tree {
  return [name, Object.fromEntries(attributes), children.length > 0 ? children.map(treeOf) : text];
}

function read(text: string): Tree | string {
  const answer = readXml(text);
  return answer.kind === 'fault' ? answer.explanation : treeOf(answer);
}

describe('an XML document', () => {
  test.each<[string, string, Tree]>([
    [
      'its names are without prefixes',
      '<s:a xmlns:s="u" s:x="1"><s:b/></s:a>',
      ['a', { x: '1' }, [['b', {}, '']]],
    ],
    ['text keeps its white space', '<a> x\ty </a>', ['a', {}, ' x\ty ']],
    [
      'white space between elements is none of it',
      '<a>\n  <b>1</b>\t<b>2</b> </a>',
      [
        'a',
        {},
        [
          ['b', {}, '1'],
          ['b', {}, '2'],
        ],
      ],
    ],
    ['line ends are one character', '<a>1\r\n2\r3</a>', ['a', {}, '1\n2\n3']],
    ['predefined entities', '<a x="&lt;&#9;&quot;">&amp;lt;&gt;&apos;</a>', ['a', { x: '<\t"' }, "&lt;>'"]],
    ['characters by number', '<a>&#228;&#xE4;&#x1F680;&#13;</a>', ['a', {}, 'ää🚀\r']],
    ['CDATA', '<a>1 <![CDATA[<b>&amp;]]] ]]> 2</a>', ['a', {}, '1 <b>&amp;]]]  2']],
    ['comments are left out', '<!-- 1 --><a>x<!-- <b> -->y</a><!-- 2 -->', ['a', {}, 'xy']],
    ['a declaration', '<?xml version="1.0" encoding="utf-8" standalone=\'yes\' ?>\n<a/>\n', ['a', {}, '']],
    ['both kinds of quotes', `<a x='"' y="'" />`, ['a', { x: '"', y: "'" }, '']],
    ['attributes have spaces for line ends', '<a x="1\n2"/>', ['a', { x: '1 2' }, '']],
  ])('is read: %s', (_, text, expected) => {
    expect(read(text)).toEqual(expected);
  });

  test.each([
    ['a document type', '<!DOCTYPE a><a/>'],
    ['entities of its own', '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>'],
    ['entities that grow', '<!DOCTYPE a [<!ENTITY x "ha"><!ENTITY y "&x;&x;">]><a>&y;</a>'],
    ['a processing instruction', '<a><?php echo 1 ?></a>'],
    ['a second declaration', '<a/><?xml version="1.0"?>'],
    ['a declaration after a space', ' <?xml version="1.0"?><a/>'],
  ])('is refused with %s', (_, text) => {
    expect(read(text)).toBe('has a document type or a processing instruction');
  });

  test.each([
    '&x;',
    '&nbsp;',
    '&',
    '&amp',
    '& amp;',
    '&#0;',
    '&#8;',
    '&#xD800;',
    '&#xFFFE;',
    '&#x110000;',
    '&#-1;',
    '&#x;',
    ']]>',
  ])('is refused with %s in its text, or as a value', (text) => {
    const unknown = 'names a character in a way that only a document type could explain';
    expect(read(`<a>${text}</a>`)).toBe(unknown);
    if (text.startsWith('&')) expect(read(`<a x="${text}"/>`)).toBe(unknown);
  });

  test.each([
    ['', 'is no whole element of XML'],
    ['<a>', 'is no whole element of XML'],
    ['<a><b></b>', 'is no whole element of XML'],
    ['<!-- only a comment -->', 'is no whole element of XML'],
    ['<a></b>', 'ends an element that is not open'],
    ['<x:a></y:a>', 'ends an element that is not open'],
    ['<a/></a>', 'ends an element that is not open'],
    ['<a/><a/>', 'goes on after its element'],
    ['<a/>x', 'has text outside its elements'],
    ['{"a":1}', 'has text outside its elements'],
    ['<a>x<b/></a>', 'mixes text with elements'],
    ['<a>\u00a0<b/></a>', 'mixes text with elements'],
    ['<a x="1" x="2"/>', 'has an attribute twice, or too many of them'],
    ['<a x="1" s:x="2"/>', 'has an attribute twice, or too many of them'],
    ['<a x=1/>', 'is not well-formed XML'],
    ['<a x="<"/>', 'is not well-formed XML'],
    ['<a x="1"y="2"/>', 'is not well-formed XML'],
    ['<a\u00a0x="1"/>', 'is not well-formed XML'],
    ['< a/>', 'is not well-formed XML'],
    ['<1/>', 'is not well-formed XML'],
    ['<a:b:c/>', 'is not well-formed XML'],
    ['<a', 'is not well-formed XML'],
    ['<a><!-- x </a>', 'is not well-formed XML'],
    ['<a><![CDATA[ x </a>', 'is not well-formed XML'],
    ['<a>\u0000</a>', 'holds a character that XML does not allow'],
    ['<a>\ufffe</a>', 'holds a character that XML does not allow'],
    ['<?xml version="1.0" encoding="utf-16"?><a/>', 'is said to be of another encoding than UTF-8'],
    ['<?xml version="1.0" encoding="ISO-8859-1"?><a/>', 'is said to be of another encoding than UTF-8'],
  ])('is refused, and told why: %j', (text, explanation) => {
    expect(read(text)).toBe(explanation);
  });

  test('is bounded in depth, elements and attributes, however large it is', () => {
    expect(read(`${'<a>'.repeat(16)}${'</a>'.repeat(16)}`)).not.toBeTypeOf('string');
    expect(read('<a>'.repeat(1_000_000))).toBe('is nested deeper than 16');
    expect(read(`<a>${'<b/>'.repeat(200_000)}</a>`)).toBe('has more than 100000 elements');
    const attributes = Array.from({ length: 100_000 }, (_, index) => ` x${index}=""`);
    expect(read(`<a${attributes.slice(0, 32).join('')}/>`)).not.toBeTypeOf('string');
    expect(read(`<a${attributes.join('')}/>`)).toBe('has an attribute twice, or too many of them');
  });

  test('of megabytes that only begin something is refused, not searched again and again', () => {
    const long = 3_000_000;
    for (const text of [
      `<a${' '.repeat(long)}`,
      `<${'a'.repeat(long)}`,
      `<a x="${'y'.repeat(long)}`,
      `<a>${'&'.repeat(long)}</a>`,
      `<a>${'&amp'.repeat(long / 4)}</a>`,
      `<a>${'<!--'.repeat(long / 4)}`,
      '<'.repeat(long),
    ])
      expect(read(text)).toBeTypeOf('string');
  });

  test('is read as it was written, whatever its texts are', () => {
    const name = fc.stringMatching(/^[A-Za-z_][\w.-]{0,8}$/).filter((one) => one !== 'xmlns');
    const text = fc.string({ unit: 'binary', maxLength: 12 }).map((one) => one.replace(ILLEGAL, '-'));
    const { tree } = fc.letrec<{ tree: Tree }>((tie) => ({
      tree: fc.tuple(
        name,
        fc.dictionary(name, text, { maxKeys: 3 }),
        fc.oneof(
          { maxDepth: 4, withCrossShrink: true },
          text,
          fc.array(tie('tree'), { minLength: 1, maxLength: 3 }),
        ),
      ),
    }));
    fc.assert(
      fc.property(tree, (one) => {
        expect(read(written(one))).toEqual(one);
      }),
    );
  });

  test('is never read in part: cut off anywhere it is refused', () => {
    const whole = '<?xml version="1.0"?><a x="1"><b>R&amp;D</b><!-- c --><b><![CDATA[x]]></b></a>';
    for (let end = 0; end < whole.length; end += 1)
      expect(read(whole.slice(0, end)), String(end)).toBeTypeOf('string');
    expect(read(whole)).not.toBeTypeOf('string');
  });
});

const ILLEGAL = /[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu;

/** Every character that means something to XML by its number. */
function written([name, attributes, content]: Tree): string {
  const escaped = (text: string) =>
    text.replace(/[&<>"'\r\n\t]/g, (character) => `&#x${character.charCodeAt(0).toString(16)};`);
  const pairs = Object.entries(attributes).map(([key, value]) => ` ${key}="${escaped(value)}"`);
  const inside = typeof content === 'string' ? escaped(content) : content.map(written).join('\n');
  return `<${name}${pairs.join('')}>${inside}</${name}>`;
}
