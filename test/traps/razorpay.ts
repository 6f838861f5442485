import type { Trap } from '../traps.ts';

const FILE = 'providers/razorpay.test.ts';

export const traps: readonly Trap[] = [
  {
    trap: 'the event id is in a header, which is not signed',
    file: FILE,
    test: 'is the same under another x-razorpay-event-id: nothing protects that header',
  },
  {
    trap: 'an order’s payment is taken for what the event is about',
    file: FILE,
    test: 'is about the last thing that it was made for: %s',
  },
  {
    trap: 'retries are signed with the secret of a day ago',
    file: 'contracts/provider-contract.ts',
    test: 'is accepted with the new and with the old secret while they change',
  },
  {
    trap: 'a webhook without a secret is let in',
    file: FILE,
    test: 'without a signature, as where no secret was entered, is refused',
  },
];
