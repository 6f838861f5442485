/**
 * A value of a template as one readable text: references as `<LogicalId.Attribute>`, hashes of logical ids left out.
 * @example flat({ 'Fn::GetAtt': ['ReceiverLedgerTable29147905', 'Arn'] }) // <ReceiverLedgerTable.Arn>
 */
export function flat(value: unknown): string {
  if (typeof value !== 'object' || value === null) return String(value);
  if ('Ref' in value) return `<${plainId(String(value.Ref))}>`;
  if ('Fn::GetAtt' in value) {
    const [id = '', attribute] = value['Fn::GetAtt'] as string[];
    return `<${plainId(id)}.${attribute}>`;
  }
  if ('Fn::Join' in value) {
    const [separator, parts] = value['Fn::Join'] as [string, unknown[]];
    return parts.map(flat).join(separator);
  }
  return JSON.stringify(value);
}

function plainId(id: string): string {
  return id.replace(/[0-9A-F]{8}$/, '');
}
