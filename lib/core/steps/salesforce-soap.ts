import type { Document, Unreadable } from '../document.ts';
import type { DocumentStepCode } from '../step.ts';
import { utf8Text } from '../utf8-text.ts';
import { readXml, type XmlElement } from './xml-element.ts';

/**
 * The JSON of a Salesforce outbound message: what `notifications` holds, with a list of each `Notification`, and a record as Salesforce's
 * REST API writes one, its type in `attributes.type`. Values stay texts; `xsi:nil` is null. The session id is left out: it is a
 * credential.
 * Source: https://developer.salesforce.com/docs/atlas.en-us.api.meta/api/sforce_api_om_outboundmessaging_wsdl.htm
 */
export const step: DocumentStepCode = { read };

function read({ body }: { readonly body: Buffer }): Document | Unreadable {
  const text = utf8Text(body);
  if (text === undefined) return unreadable('is not valid UTF-8');
  const root = readXml(text.startsWith('\ufeff') ? text.slice(1) : text);
  if (root.kind === 'fault') return unreadable(root.explanation);
  const message = root.name === 'Envelope' ? only(only(root, 'Body'), 'notifications') : undefined;
  const notifications = message?.children.filter(({ name }) => name === 'Notification') ?? [];
  if (message === undefined || notifications.length === 0)
    return unreadable('is no SOAP envelope with notifications of Salesforce');
  const head = message.children.filter(({ name }) => name !== 'Notification' && name !== 'SessionId');
  const document = { ...fieldsOf(head), Notification: notifications.map(notificationOf) };
  return { kind: 'json', text: JSON.stringify(document) };
}

/** The one child of this name. */
function only(element: XmlElement | undefined, child: string): XmlElement | undefined {
  const [found, ...more] = element?.children.filter(({ name }) => name === child) ?? [];
  return more.length === 0 ? found : undefined;
}

type Value = string | null | readonly Value[] | { readonly [name: string]: Value };
type Fields = Readonly<Record<string, Value>>;

/** A record without any field is a record: one that was deleted before it could be sent. */
function notificationOf({ children }: XmlElement): Fields {
  const records = children.filter(({ name }) => name === 'sObject');
  const others = fieldsOf(children.filter(({ name }) => name !== 'sObject'));
  const [record, ...more] = records.map((one) => (isNil(one) ? null : recordOf(one)));
  if (record === undefined) return others;
  return { ...others, sObject: more.length === 0 ? record : [record, ...more] };
}

function recordOf({ attributes, children }: XmlElement): Fields {
  const type = attributes.get('type');
  const fields = fieldsOf(children);
  return type === undefined ? fields : { attributes: { type: type.slice(type.indexOf(':') + 1) }, ...fields };
}

function fieldsOf(elements: readonly XmlElement[]): Fields {
  const values = Map.groupBy(elements, ({ name }) => name);
  const fields = [...values].map(([name, all]): readonly [string, Value] => {
    const [first = null, ...more] = all.map(valueFrom);
    return [name, more.length === 0 ? first : [first, ...more]];
  });
  return Object.fromEntries(fields);
}

function valueFrom(element: XmlElement): Value {
  if (isNil(element)) return null;
  return element.children.length > 0 ? recordOf(element) : element.text;
}

function isNil({ attributes }: XmlElement): boolean {
  return ['true', '1'].includes(attributes.get('nil') ?? '');
}

function unreadable(explanation: string): Unreadable {
  return { kind: 'unreadable', explanation: `the body ${explanation}` };
}
