import { type Delivery, requestOf } from './deliveries.ts';
import type { Post } from './gateway.ts';
import type { Kind } from './kinds.ts';
import type { Stage } from './stage.ts';

export interface Sender {
  /** For the first time; then it follows the provider's own schedule. */
  send(delivery: Delivery): void;
  /** Once more, since somebody asked for it. */
  resend(delivery: Delivery): void;
}

/** Sends at least once: late, in any order, again after anything but a 2xx in time, and three times in ten again for nothing. */
export function openSender(
  stage: Stage,
  { post, secretOf }: { readonly post: Post; readonly secretOf: (kind: Kind) => string },
): Sender {
  const { time, dice, course, faults, temper } = stage;

  const attempt = (delivery: Delivery, number: number, failed: () => void): void => {
    const { kind, name } = delivery;
    const call = stage.nth(`${name}~${number}`);
    const request = requestOf(delivery, { secret: secretOf(kind), at: time.now(), attempt: number });
    let open = true;
    const end = (then: () => void): void => {
      if (open) then();
      open = false;
    };
    time.after(kind.timeoutMs, () => end(failed));
    const fate = faults.oneOf(`request ${call}`, [
      ['is lost', temper.doubles / 2],
      ['is answered, which nobody hears', temper.doubles / 2],
      ['comes twice', temper.doubles / 2],
    ]);
    const arrive = (as: string): void =>
      post({
        name: as,
        request,
        from: { kind: 'provider', delivery },
        answered: (status) => {
          if (fate === 'is answered, which nobody hears') return;
          time.after(dice.between(3, 60, `answer to ${as}`), () =>
            end(status >= 200 && status < 300 ? () => {} : failed),
          );
        },
      });
    const travelMs = dice.between(5, 120, `way of ${call}`);
    if (fate !== 'is lost') time.after(travelMs, () => arrive(call));
    if (fate === 'comes twice')
      time.after(travelMs + dice.between(0, 3_000, `second ${call}`), () => arrive(`${call}, again`));
  };

  const follow = (delivery: Delivery, number: number): void => {
    attempt(delivery, number, () => {
      const pause = delivery.kind.retries[number - 1];
      if (pause === undefined) return;
      const jitter = dice.between(0.8, 1.2, `pause of ${delivery.name}~${number}`);
      time.after(pause * 1000 * jitter, () => follow(delivery, number + 1));
    });
  };

  return {
    send(delivery) {
      const { name } = delivery;
      const late = course.happens(`${name} is sent late`, 0.3);
      const lateMs = late ? 1_000 * 2 ** dice.between(0, 9, `how late ${name} is sent`) : 0;
      time.after(lateMs + dice.between(10, 150, `begin of ${name}`), () => follow(delivery, 1));
      if (course.happens(`${name} is sent again for nothing`, 0.3))
        time.after(lateMs + 3_600_000 * dice.roll(`when ${name} is sent again`) ** 3, () =>
          attempt(delivery, 1, () => {}),
        );
    },
    resend: (delivery) => attempt(delivery, 1, () => {}),
  };
}
