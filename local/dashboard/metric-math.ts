/** The part of CloudWatch's metric math that our dashboards use: arithmetic, comparison, FILL with a number, and IF. */

/** A point's value, or undefined where there is none: anything computed from none is none. */
export type Value = number | undefined;
export type Compute = (lookup: (id: string) => Value) => Value;

const TOKEN = /\s*(?:(\d+(?:\.\d+)?)|([A-Za-z]\w*)|(<=|>=|==|!=|[-+*/(),<>]))/y;

const tokensOf = (expression: string): string[] => {
  const tokens: string[] = [];
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < expression.trimEnd().length) {
    const token = TOKEN.exec(expression);
    if (token === null) throw new Error(`the local dashboard cannot read the expression ${expression}`);
    tokens.push(token[0].trim());
  }
  return tokens;
};

/** A division by zero has no value. */
const finite = (value: number): Value => (Number.isFinite(value) ? value : undefined);

const OPERATIONS: Readonly<Record<string, (a: number, b: number) => Value>> = {
  '+': (a, b) => a + b,
  '-': (a, b) => a - b,
  '*': (a, b) => a * b,
  '/': (a, b) => finite(a / b),
  '<': (a, b) => Number(a < b),
  '>': (a, b) => Number(a > b),
  '<=': (a, b) => Number(a <= b),
  '>=': (a, b) => Number(a >= b),
  '==': (a, b) => Number(a === b),
  '!=': (a, b) => Number(a !== b),
};

/** Loosest first. */
const LEVELS: readonly (readonly string[])[] = [
  ['<', '>', '<=', '>=', '==', '!='],
  ['+', '-'],
  ['*', '/'],
];

const FUNCTIONS: Readonly<Record<string, (...values: readonly Compute[]) => Compute>> = {
  FILL: (value, filling) => lookup => value?.(lookup) ?? filling?.(lookup),
  IF: (condition, then, otherwise) => lookup => {
    const holds = condition?.(lookup);
    return holds === undefined ? undefined : (holds === 0 ? otherwise : then)?.(lookup);
  },
};

/** Reads an expression once; what it does not know it refuses by name. */
export const readExpression = (expression: string): Compute => {
  const tokens = tokensOf(expression);
  const refuse = (): Error => new Error(`the local dashboard cannot read the expression ${expression}`);
  const next = (): string | undefined => tokens[0];
  const take = (expected: string): void => {
    if (tokens.shift() !== expected) throw refuse();
  };

  const operand = (): Compute => {
    const token = tokens.shift() ?? '';
    if (token === '(') {
      const inner = level(0);
      take(')');
      return inner;
    }
    if (/^\d/.test(token)) return () => Number(token);
    if (!/^[A-Za-z]/.test(token)) throw refuse();
    if (next() !== '(') return lookup => lookup(token);
    const apply = FUNCTIONS[token];
    if (apply === undefined) throw refuse();
    tokens.shift();
    const given = [level(0)];
    while (next() === ',') {
      tokens.shift();
      given.push(level(0));
    }
    take(')');
    return apply(...given);
  };

  const level = (index: number): Compute => {
    const operators = LEVELS[index];
    if (operators === undefined) return operand();
    let left = level(index + 1);
    for (let operator = next(); operator !== undefined && operators.includes(operator); operator = next()) {
      tokens.shift();
      const [before, after, apply] = [left, level(index + 1), OPERATIONS[operator]];
      left = lookup => {
        const [a, b] = [before(lookup), after(lookup)];
        return a === undefined || b === undefined ? undefined : apply?.(a, b);
      };
    }
    return left;
  };

  const whole = level(0);
  if (tokens.length > 0) throw refuse();
  return whole;
};
