import { fieldOf, itemOf, type Place, quote, wrong } from '../place.ts';
import type { HeaderFamily, KeyFormat, SignatureScheme, SignatureVersion } from '../provider.ts';
import { signatureHeaders } from '../scheme/proof-places.ts';
import { holesOf } from './template-shape.ts';

/** What must fit between the parts of a signature scheme, or it would refuse every request, or accept one that it must not. */
export function checkSignature(scheme: SignatureScheme, place: Place): void {
  const holes = holesOf(scheme.signed).map((hole) => hole.from);
  const signed = new Set(holes);
  if (holes.filter((hole) => hole === 'body').length !== 1) {
    wrong(
      fieldOf(place, 'signed'),
      quote(scheme.signed),
      'a template with {body} once: a signature that leaves it out would let any body pass',
    );
  }
  checkTime(scheme, signed, place);
  const versions = fieldOf(place, 'versions');
  for (const [index, version] of scheme.versions.entries()) {
    checkVersion(version, scheme, itemOf(versions, index));
    const twin = scheme.versions.findIndex((other) => other.label === version.label);
    if (twin < index) {
      const label = version.label === undefined ? 'no label' : `the label ${quote(version.label)}`;
      wrong(itemOf(versions, index), `${label}, as in versions[${twin}]`, 'a label of its own');
    }
  }
  const families = fieldOf(place, 'families');
  for (const [index, family] of scheme.families.entries()) {
    checkFamily(family, scheme, signed, itemOf(families, index));
    const twin = scheme.families.findIndex((other) => other.signature.header === family.signature.header);
    if (twin < index) {
      const header = fieldOf(fieldOf(itemOf(families, index), 'signature'), 'header');
      wrong(header, `${quote(family.signature.header)}, as in families[${twin}]`, 'a header of its own');
    }
  }
}

function checkTime(scheme: SignatureScheme, signed: ReadonlySet<string>, place: Place): void {
  const at = fieldOf(place, 'timestamp');
  const inBody = scheme.families.some(hasTimeInBody);
  if (scheme.timestamp === undefined && signed.has('timestamp'))
    wrong(at, 'nothing', 'unit and toleranceSeconds, since {timestamp} is signed');
  if (scheme.timestamp === undefined && inBody)
    wrong(at, 'nothing', 'unit and toleranceSeconds, since the body holds a signed time');
  if (scheme.timestamp !== undefined && !signed.has('timestamp') && !inBody) {
    wrong(at, 'a rule', 'nothing, since {timestamp} is not signed and an unsigned time proves nothing');
  }
  if (inBody && !scheme.families.every(hasTimeInBody))
    wrong(fieldOf(place, 'families'), 'a signed time in the body of some', 'the same for all families');
}

function hasTimeInBody({ timestamp }: HeaderFamily): boolean {
  return timestamp !== undefined && 'body' in timestamp;
}

function checkVersion(version: SignatureVersion, scheme: SignatureScheme, place: Place): void {
  const publicKey = !isHmac(version);
  if (publicKey && version.key.encoding === 'utf8') {
    wrong(
      fieldOf(fieldOf(place, 'key'), 'encoding'),
      '"utf8"',
      `"hex" or "base64" for a key of ${version.algorithm}`,
    );
  }
  if (publicKey) checkNoHmacKey(version, scheme, place);
  const assigned = scheme.families.some((family) => family.signature.assign !== undefined);
  const bare = scheme.families.some((family) => family.signature.assign === undefined);
  if (version.label === undefined && assigned) {
    wrong(fieldOf(place, 'label'), 'nothing', 'a label, since the signature header has assign');
  }
  if (version.label !== undefined && bare) {
    wrong(fieldOf(place, 'label'), quote(version.label), 'nothing, since a signature header has no assign');
  }
}

function isHmac(version: SignatureVersion): boolean {
  return version.algorithm.startsWith('hmac-');
}

/** A public key is known to everybody: were it taken for an HMAC secret too, everybody could sign. */
function checkNoHmacKey(version: SignatureVersion, scheme: SignatureScheme, place: Place): void {
  const { prefix } = version.key;
  const mark = prefix?.presence === 'required' ? prefix.text : '';
  if (scheme.versions.every((other) => !isHmac(other) || !takes(other.key, mark))) return;
  wrong(
    fieldOf(fieldOf(place, 'key'), 'prefix'),
    prefix === undefined ? 'nothing' : quote(prefix.text),
    'a required prefix that no key of the HMAC versions can begin with, so that a public key is never an HMAC secret',
  );
}

/** Whether a text that begins with `mark` can be a key of this format. */
function takes(key: KeyFormat, mark: string): boolean {
  const begin = key.prefix?.text ?? '';
  const begins = begin !== '' && (begin.startsWith(mark) || mark.startsWith(begin));
  if (begins || key.prefix?.presence === 'required') return begins;
  return key.encoding === 'utf8' || ALPHABET[key.encoding].test(mark);
}

const ALPHABET = { hex: /^[0-9a-f]*$/i, base64: /^[A-Za-z0-9+/=]*$/ } as const;

function checkFamily(
  family: HeaderFamily,
  scheme: SignatureScheme,
  signed: ReadonlySet<string>,
  place: Place,
): void {
  const { separator, assign } = family.signature;
  if (assign !== undefined && separator?.startsWith(assign) === true) {
    wrong(fieldOf(fieldOf(place, 'signature'), 'assign'), quote(assign), 'another character than separator');
  }
  checkPart('id', family.id, signed, place);
  checkPart('timestamp', family.timestamp, signed, place);
  if (family.timestamp !== undefined && 'label' in family.timestamp) {
    checkTimestampLabel(
      family.timestamp.label,
      family,
      scheme,
      fieldOf(fieldOf(place, 'timestamp'), 'label'),
    );
  }
  checkHeadersDiffer(family, place);
}

function checkPart(
  name: 'id' | 'timestamp',
  from: HeaderFamily['id'] | HeaderFamily['timestamp'],
  signed: ReadonlySet<string>,
  place: Place,
): void {
  const isSigned = signed.has(name);
  if (isSigned && from === undefined) {
    wrong(fieldOf(place, name), 'nothing', `where it comes from, since {${name}} is signed`);
  }
  if (typeof from === 'object' && 'body' in from) {
    if (isSigned)
      wrong(fieldOf(place, name), 'a path in the body', `a header or a label, since {${name}} is in signed`);
  } else if (!isSigned && from !== undefined) {
    wrong(fieldOf(place, name), 'a location', `nothing, since {${name}} is not in signed`);
  }
}

function checkTimestampLabel(
  label: string,
  family: HeaderFamily,
  scheme: SignatureScheme,
  place: Place,
): void {
  if (family.signature.separator === undefined || family.signature.assign === undefined) {
    wrong(
      place,
      quote(label),
      'a header, or separator and assign in the signature header, so that it has labels',
    );
  }
  if (scheme.versions.some((version) => version.label === label)) {
    wrong(place, quote(label), 'another label than the signatures have');
  }
}

/** One header for two parts would let whoever sends it choose which of them it is. */
function checkHeadersDiffer(family: HeaderFamily, place: Place): void {
  const time =
    family.timestamp !== undefined && 'header' in family.timestamp ? family.timestamp.header : undefined;
  const signatures = signatureHeaders(family);
  if (family.id !== undefined && [...signatures, time].includes(family.id)) {
    wrong(fieldOf(place, 'id'), quote(family.id), 'another header than the signature and the timestamp have');
  }
  if (time !== undefined && signatures.includes(time))
    wrong(fieldOf(place, 'timestamp'), quote(time), 'another header than the signature has');
  if (new Set(signatures).size < signatures.length)
    wrong(fieldOf(fieldOf(place, 'signature'), 'also'), 'a header twice', 'each header once');
}
