import { Addresses } from '../../../local-runner/http/addresses';

const addresses = new Addresses();
addresses.set('abc.execute-api.eu-west-1.amazonaws.com', 'http://127.0.0.1:1001');
addresses.set('203.0.113.7', 'http://127.0.0.1:1002');

test.each<[string, string]>([
  ['https://abc.execute-api.eu-west-1.amazonaws.com', 'http://127.0.0.1:1001'],
  ['https://abc.execute-api.eu-west-1.amazonaws.com/prod/', 'http://127.0.0.1:1001/prod/'],
  ['https://abc.execute-api.eu-west-1.amazonaws.com:443/', 'http://127.0.0.1:1001/'],
  ['see http://203.0.113.7, and https://abc.execute-api.eu-west-1.amazonaws.com?', 'see http://127.0.0.1:1002, and http://127.0.0.1:1001?'],
  ['https://abc.execute-api.eu-west-1.amazonaws.com.evil.example', 'https://abc.execute-api.eu-west-1.amazonaws.com.evil.example'],
  ['https://abcxexecute-api.eu-west-1.amazonaws.com', 'https://abcxexecute-api.eu-west-1.amazonaws.com'],
  ['http://203.0.113.77', 'http://203.0.113.77'],
  ['abc.execute-api.eu-west-1.amazonaws.com', 'abc.execute-api.eu-west-1.amazonaws.com'],
])('%s becomes %s', (text, expected) => {
  expect(addresses.localize(text)).toBe(expected);
});

test('a full stop after an address ends it', () => {
  expect(addresses.localize('See https://203.0.113.7. It is up.')).toBe('See http://127.0.0.1:1002. It is up.');
});

test('values of all kinds are searched', () => {
  expect(addresses.localize({ origins: ['http://203.0.113.7', 7], none: null, on: true })).toEqual({ origins: ['http://127.0.0.1:1002', 7], none: null, on: true });
});

test('a host is known by its name', () => {
  expect(addresses.originOf('203.0.113.7')).toBe('http://127.0.0.1:1002');
  expect(addresses.originOf('other.example')).toBeUndefined();
});
