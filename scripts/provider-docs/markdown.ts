/** Code in a line. What is shown never holds a backtick. */
export function code(text: string): string {
  return `\`${text}\``;
}

/** A text of somebody's, with nothing in it that Markdown or HTML would take for its own; code in backticks stays. */
export function prose(text: string): string {
  return text
    .split(/(`[^`]*`)/)
    .map((part) => (part.startsWith('`') ? part : part.replace(/[<*\\]|(?<!\w)_/g, '\\$&')))
    .join('');
}

/** The same, with templates as code. */
export function proseWithTemplates(text: string): string {
  return prose(text.replace(/(?:[\w.:|]*\{\w+\})+/g, code));
}

/** @example capital('a b') // 'A b' */
export function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** @example either(['a', 'b', 'c']) // 'a, b or c' */
export function either(texts: readonly string[]): string {
  return joined(texts, 'or');
}

/** @example all(['a', 'b', 'c']) // 'a, b and c' */
export function all(texts: readonly string[]): string {
  return joined(texts, 'and');
}

function joined(texts: readonly string[], last: string): string {
  return texts.length < 2
    ? (texts[0] ?? '')
    : `${texts.slice(0, -1).join(', ')} ${last} ${texts[texts.length - 1]}`;
}

export function bullets(items: readonly string[]): string {
  return items.map((item) => `- ${item}`).join('\n');
}

export function numbered(items: readonly string[]): string {
  return items.map((item, index) => `${index + 1}. ${item}`).join('\n');
}

/** A table; an empty cell stays empty. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(head), `|${head.map(() => '---').join('|')}|`, ...rows.map(line)].join('\n');
}

/** Blocks with a blank line between them; those that are not there are left out. */
export function blocks(...parts: readonly (string | undefined)[]): string {
  return parts.filter((part) => part !== undefined && part !== '').join('\n\n');
}

/** A chapter; undefined when there is nothing in it. */
export function chapter(title: string, ...parts: readonly (string | undefined)[]): string | undefined {
  const text = blocks(...parts);
  return text === '' ? undefined : `## ${title}\n\n${text}`;
}
