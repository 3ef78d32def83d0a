import { Stack, Token } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { checked, invalid, requireInteger, requireMatch, requireNumber } from '../../src/support/checks';

test.each([
  [12, '12'],
  [NaN, 'NaN'],
  ['text "quoted"', '"text \\"quoted\\""'],
  [undefined, 'undefined'],
  [['a'], '["a"]'],
])('says what was received: %p', (received, written) => {
  expect(invalid('processing.size', 'small', received).message).toBe(`processing.size must be small, received ${written}`);
});

test('says what to change where that is not plain', () => {
  expect(invalid('a', 'b', 1, 'use another').message).toBe('a must be b, received 1: use another');
});

test('what is left out, or known only at deployment, is not checked', () => {
  for (const value of [undefined, Token.asNumber({ Ref: 'Number' })]) {
    expect(() => requireInteger('a', value, 1, 2)).not.toThrow();
    expect(() => requireNumber('a', value, 1, 2)).not.toThrow();
  }
  for (const value of [undefined, Token.asString({ Ref: 'Text' })]) expect(() => requireMatch('a', value, /^b$/, 'b')).not.toThrow();
});

describe('checked', () => {
  const stack = new Stack(undefined, 'Shop');
  const construct = new Construct(stack, 'Images');

  test('lets errors begin with the path of the construct, also where they are printed', () => {
    const error = thrownBy(() => checked(construct, () => requireInteger('memorySize', 0, 1, 2)));
    expect(error.message).toBe('[Shop/Images] memorySize must be a whole number from 1 to 2, received 0');
    expect(error.stack).toContain(`Error: ${error.message}\n`);
  });

  test('prints nothing beside the message and the stack', () => {
    const error = thrownBy(() => checked(construct, () => requireInteger('memorySize', 0, 1, 2)));
    expect(Object.keys(error)).toEqual([]);
  });

  test('names the inmost construct alone', () => {
    const error = thrownBy(() => checked(stack, () => checked(construct, () => { throw invalid('a', 'b', 1); })));
    expect(error.message).toBe('[Shop/Images] a must be b, received 1');
  });

  test('leaves errors of others as they are', () => {
    const error = new Error('of a trigger of your own');
    expect(thrownBy(() => checked(construct, () => { throw error; }))).toBe(error);
    expect(error.message).toBe('of a trigger of your own');
  });
});

function thrownBy(act: () => void): Error {
  try {
    act();
  } catch (error) {
    return error as Error;
  }
  throw new Error('expected an error');
}
