import { Stack } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { ConfigurationError } from '../core/errors.ts';

/** Lambda's limit for names and values together, in bytes. */
const LIMIT = 4096;
/** Of an ARN or URL: partition, service, region, account, separators and what CloudFormation appends to a name. */
const AROUND_NAME = 80;

/**
 * Refuses an environment that Lambda would refuse at deployment. Values that only CloudFormation knows are estimated from above.
 * @throws {ConfigurationError} naming the function, the size and the largest variable.
 */
export function checkEnvironment(scope: Construct, environment: Readonly<Record<string, string>>): void {
  const stack = Stack.of(scope);
  const sizes = Object.entries(environment).map(([name, value]) => ({
    name,
    bytes: Buffer.byteLength(name) + sizeOf(stack.resolve(value), stack.stackName.length),
  }));
  const total = sizes.reduce((sum, { bytes }) => sum + bytes, 0);
  if (total <= LIMIT) return;
  const [largest] = sizes.sort((a, b) => b.bytes - a.bytes);
  throw new ConfigurationError(
    `The environment of ${scope.node.path} would take about ${total} bytes, Lambda allows ${LIMIT}. ` +
      `The largest variable is ${largest?.name} (${largest?.bytes} bytes). Split the sources over several receivers.`,
  );
}

function sizeOf(resolved: unknown, stackName: number): number {
  if (typeof resolved === 'string') return Buffer.byteLength(resolved);
  if (Array.isArray(resolved)) return resolved.reduce((sum, part) => sum + sizeOf(part, stackName), 0);
  if (typeof resolved !== 'object' || resolved === null) return String(resolved).length;
  if ('Fn::Join' in resolved) {
    const [separator, parts] = resolved['Fn::Join'] as [string, unknown[]];
    return sizeOf(parts, stackName) + separator.length * Math.max(0, parts.length - 1);
  }
  if ('Ref' in resolved && String(resolved.Ref).startsWith('AWS::')) return 'us-gov-west-1'.length;
  return AROUND_NAME + stackName + JSON.stringify(resolved).length;
}
