/**
 * A text from outside, fit for one line of a terminal: what would steer the terminal, or hide in it, is shown as its code.
 * @param longest how many characters are shown at most.
 * @example printableText('a\u001b[2J') // 'a\\u{1b}[2J'
 */
export function printableText(text: string, longest = 400): string {
  const short = text.length > longest ? `${text.slice(0, longest)}…` : text;
  return short.replace(
    /[\p{C}\p{Zl}\p{Zp}]/gu,
    (character) => `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`,
  );
}
