import { fault, ILLEGAL, localName, type Token, tokenAt, type XmlFault } from './xml-token.ts';

/** An element of a document. Names are without their prefixes; declarations of namespaces are no attributes. */
export interface XmlElement {
  readonly kind: 'element';
  readonly name: string;
  readonly attributes: ReadonlyMap<string, string>;
  /** An element has children, or text, never both. */
  readonly children: readonly XmlElement[];
  readonly text: string;
}

/** No message is half as deep. */
const DEEPEST = 16;

/** A hundred records of the five hundred fields that a record may have, and as many again. */
const MOST_ELEMENTS = 100_000;

/**
 * Reads XML 1.0 (https://www.w3.org/TR/xml/) as far as messages need it: elements, attributes, text, CDATA, comments, the five
 * predefined entities and characters by number. What could load, repeat or hide something is refused: document types and so entities
 * of one's own, processing instructions, another encoding than UTF-8. Linear in time, and without recursion.
 *
 * @example readXml('<a x="1"><b>R&amp;D</b></a>')
 *   // { kind: 'element', name: 'a', attributes: Map { 'x' => '1' }, children: [{ name: 'b', text: 'R&D', … }], text: '' }
 */
export function readXml(written: string): XmlElement | XmlFault {
  if (ILLEGAL.test(written)) return fault('holds a character that XML does not allow');
  const text = written.replace(/\r\n?/g, '\n');
  const declaration = DECLARATION.exec(text);
  if (declaration !== null && (declaration[3] ?? 'utf-8').toLowerCase() !== 'utf-8')
    return fault('is said to be of another encoding than UTF-8');
  const tree: Tree = { open: [], root: undefined, elements: 0 };
  let at = declaration?.[0].length ?? 0;
  while (at < text.length) {
    const token = tokenAt(text, at);
    const wrong = token.kind === 'fault' ? token : grow(tree, token);
    if (wrong !== undefined) return wrong;
    at = token.kind === 'fault' ? at : token.end;
  }
  return tree.open.length > 0 || tree.root === undefined ? fault('is no whole element of XML') : tree.root;
}

const DECLARATION =
  /^<\?xml\s+version\s*=\s*(["'])1\.\d+\1(?:\s+encoding\s*=\s*(["'])([A-Za-z][\w.-]*)\2)?(?:\s+standalone\s*=\s*(["'])(?:yes|no)\4)?\s*\?>/;

interface Growing extends XmlElement {
  /** As it was written: what its end has to repeat. */
  readonly written: string;
  readonly children: XmlElement[];
  text: string;
}

interface Tree {
  readonly open: Growing[];
  root: XmlElement | undefined;
  elements: number;
}

function grow(tree: Tree, token: Token): XmlFault | undefined {
  const parent = tree.open.at(-1);
  switch (token.kind) {
    case 'text':
      if (parent !== undefined) parent.text += token.text;
      else if (!isBlank(token.text)) return fault('has text outside its elements');
      return undefined;
    case 'end':
      return parent?.written === token.name ? close(tree, parent) : fault('ends an element that is not open');
    case 'start':
    case 'empty': {
      tree.elements += 1;
      if (tree.elements > MOST_ELEMENTS) return fault(`has more than ${MOST_ELEMENTS} elements`);
      if (tree.open.length === DEEPEST) return fault(`is nested deeper than ${DEEPEST}`);
      if (tree.root !== undefined) return fault('goes on after its element');
      const { name: written, attributes } = token;
      const element: Growing = {
        kind: 'element',
        written,
        name: localName(written),
        attributes,
        children: [],
        text: '',
      };
      tree.open.push(element);
      return token.kind === 'empty' ? close(tree, element) : undefined;
    }
  }
}

function close(tree: Tree, element: Growing): XmlFault | undefined {
  tree.open.pop();
  if (element.children.length > 0) {
    if (!isBlank(element.text)) return fault('mixes text with elements');
    element.text = '';
  }
  const parent = tree.open.at(-1);
  if (parent === undefined) tree.root = element;
  else parent.children.push(element);
  return undefined;
}

function isBlank(text: string): boolean {
  return /^[ \t\n]*$/.test(text);
}
