/** Power that goes out: what a process leaves behind when it ends between any two of its calls. */

/** Counts the boundaries of calls, and is out once so many were passed. */
export type Power = { left: number; readonly isOut: () => boolean };

/** Power for so many boundaries: every call has one before its effect, and one after. */
export const powerFor = (boundaries: number): Power => {
  const power = { left: boundaries, isOut: () => power.left < 0 };
  return power;
};

const pass = (power: Power): void => {
  power.left--;
  if (power.isOut()) throw new Error("the power is out");
};

/**
 * The port as a process has it that runs on this power: then no call has an effect, or an answer.
 */
export const onPower = <Port extends object>(port: Port, power: Power): Port =>
  new Proxy(port, {
    get: (target, name) => {
      const value: unknown = Reflect.get(target, name);
      if (typeof value !== "function") return value;
      return async (...given: readonly unknown[]) => {
        pass(power);
        const answer: unknown = await Reflect.apply(value, target, given);
        pass(power);
        return answer;
      };
    },
  });
