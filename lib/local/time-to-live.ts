import type { Input, Level, Refusal } from './dynalite-parts.ts';

interface Specification {
  readonly AttributeName: string;
  readonly Enabled: boolean;
}

export interface TimeToLive {
  update(input: Input): Promise<unknown>;
  describe(input: Input): Promise<unknown>;
}

/**
 * `UpdateTimeToLive` and `DescribeTimeToLive`: which attribute expires a table's items. Nothing is ever deleted for it:
 * AWS itself may take days, so that nobody may rely on it.
 */
export function timeToLive(level: Level): TimeToLive {
  const kept = async (input: Input): Promise<Specification | undefined> => {
    const table = String(input.TableName);
    if ((await level.get(`table~${table}`)) === undefined) {
      throw refusal('ResourceNotFoundException', `Requested resource not found: Table: ${table} not found`);
    }
    return (await level.get(`ttl~${table}`)) as Specification | undefined;
  };
  return {
    update: async (input) => {
      const before = await kept(input);
      const wanted = input.TimeToLiveSpecification as Specification;
      if ((before?.Enabled ?? false) === wanted.Enabled) {
        throw refusal(
          'ValidationException',
          `TimeToLive is already ${wanted.Enabled ? 'enabled' : 'disabled'}`,
        );
      }
      await level.put(`ttl~${String(input.TableName)}`, wanted);
      return { TimeToLiveSpecification: wanted };
    },
    describe: async (input) => {
      const specification = await kept(input);
      return {
        TimeToLiveDescription: specification?.Enabled
          ? { TimeToLiveStatus: 'ENABLED', AttributeName: specification.AttributeName }
          : { TimeToLiveStatus: 'DISABLED' },
      };
    },
  };
}

function refusal(code: string, message: string): Refusal {
  const body = { __type: `com.amazonaws.dynamodb.v20120810#${code}`, message };
  return Object.assign(new Error(message), { statusCode: 400, body });
}
